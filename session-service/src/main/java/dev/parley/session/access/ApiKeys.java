package dev.parley.session.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes and checks server keys, {@code sk_<key id>_<secret>}. Thread-safe. */
public final class ApiKeys {
  /** How every server key begins. */
  public static final String PREFIX = "sk_";

  private static final Pattern SHAPE = Pattern.compile("sk_([a-z0-9]{1,32})_([A-Za-z0-9_-]{43})");
  private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final int SECRET_LENGTH = 32;
  private static final int ID_LENGTH = 24;

  private final ApiKeyStore store;
  private final Clock clock;

  public ApiKeys(ApiKeyStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * A key that was just made, with the only copy of its text.
   *
   * @param text null if it was made by an earlier request, and nobody has it but who got that
   *     answer
   */
  public record NewKey(ApiKey key, @Nullable String text) {}

  /**
   * Makes a key once however often it is asked for; null if another was made for the same request.
   *
   * @param request names the request
   */
  public @Nullable NewKey createOnce(
      String request, String tenant, @Nullable String name, Set<Scope> scopes) {
    String keyId = hash(request).substring(0, ID_LENGTH);
    NewKey made = make(keyId, tenant, name, scopes);
    if (made != null) {
      return made;
    }
    ApiKey before = store.apiKey(keyId);
    return before != null
            && before.tenant().equals(tenant)
            && Objects.equals(before.name(), name)
            && before.scopes().equals(scopes)
        ? new NewKey(before, null)
        : null;
  }

  /**
   * Makes a key for a tenant. The caller shows the text once and forgets it.
   *
   * @param tenant matches {@link #isTenant}
   * @param name what it is for, or null
   */
  public NewKey create(String tenant, @Nullable String name, Set<Scope> scopes) {
    NewKey made = make(HexFormat.of().formatHex(RandomText.bytes(6)), tenant, name, scopes);
    if (made == null) {
      throw new IllegalStateException("two keys drew the same 48-bit id");
    }
    return made;
  }

  /** Returns null if the id is taken. */
  private @Nullable NewKey make(
      String keyId, String tenant, @Nullable String name, Set<Scope> scopes) {
    if (!isTenant(tenant)) {
      throw new IllegalArgumentException("no name of a tenant: " + tenant);
    }
    String secret = RandomText.base64(SECRET_LENGTH);
    Instant now = Instant.ofEpochMilli(clock.millis());
    ApiKey key = new ApiKey(keyId, tenant, name, scopes, hash(secret), now, null);
    return store.addApiKey(key) ? new NewKey(key, PREFIX + keyId + "_" + secret) : null;
  }

  /** Returns true if a tenant may be called so. */
  public static boolean isTenant(String text) {
    return TENANT.matcher(text).matches();
  }

  /** Revokes a key and the join tokens made with it; returns null if there is no such key. */
  public @Nullable ApiKey revoke(String keyId) {
    return store.revokeApiKey(keyId, Instant.ofEpochMilli(clock.millis()));
  }

  /** Returns some keys; see {@link ApiKeyStore#apiKeys}. */
  public ApiKeyStore.Page list(int limit, @Nullable String cursor) {
    return store.apiKeys(limit, cursor);
  }

  /** Returns a key of the tenant that has not been revoked, or null if it has none. */
  public @Nullable ApiKey anyOf(String tenant) {
    return store.anyApiKey(tenant);
  }

  /** Returns the key if the text is one and has not been revoked, otherwise null. */
  public @Nullable ApiKey authenticate(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    ApiKey key = store.apiKey(matcher.group(1));
    byte[] presented = hash(matcher.group(2)).getBytes(StandardCharsets.US_ASCII);
    if (key == null
        || key.revokedAt() != null
        || !MessageDigest.isEqual(
            presented, key.secretHash().getBytes(StandardCharsets.US_ASCII))) {
      return null;
    }
    return key;
  }

  private static String hash(String secret) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(secret.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }
}
