package dev.parley.session.library;

import dev.parley.common.id.MetadataRegion;
import dev.parley.session.conference.MetadataRegions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Makes ids of objects that nobody can guess. Thread-safe. */
public final class ObjectIds {
  private static final int BYTES = 18;

  private final SecureRandom random = new SecureRandom();
  private final byte[] key;
  private final MetadataRegions regions;

  /**
   * Takes the key that turns idempotency keys into ids.
   *
   * @param key the same on every node
   * @param regions in whose libraries what is made may be
   */
  public ObjectIds(byte[] key, MetadataRegions regions) {
    this.key = key.clone();
    this.regions = regions;
  }

  /** Where there is one library for all. */
  public ObjectIds(byte[] key) {
    this(key, MetadataRegions.NONE);
  }

  /**
   * Returns a new id, or for an idempotency key always the same, so that a repetition finds it.
   *
   * @param region in whose library it is to be; null for the primary's
   */
  String next(String tenant, @Nullable String idempotencyKey, @Nullable String region) {
    byte[] bytes = new byte[BYTES];
    if (idempotencyKey == null) {
      random.nextBytes(bytes);
    } else {
      System.arraycopy(hmac(tenant + '\0' + idempotencyKey), 0, bytes, 0, BYTES);
    }
    String id = "ob_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return MetadataRegion.mark(id, region);
  }

  /** Returns what the id would be if policies had said something else when it was made. */
  List<String> elsewhere(String tenant, String id) {
    return regions.elsewhere(tenant, id);
  }

  private byte[] hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no HmacSHA256", e);
    }
  }
}
