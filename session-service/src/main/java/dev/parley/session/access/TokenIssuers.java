package dev.parley.session.access;

import dev.parley.common.token.RsaKeySet;
import dev.parley.common.token.VerificationKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Registers those who sign join tokens offline, and finds the keys of their tokens. Thread-safe.
 */
public final class TokenIssuers {
  /** Most issuers of a tenant. */
  public static final int ISSUERS_MAX = 20;

  private static final int ID_BYTES = 12;

  private final TokenIssuerStore store;
  private final KeySets keySets;
  private final ServiceSecret secret;
  private final Clock clock;

  public TokenIssuers(TokenIssuerStore store, KeySets keySets, ServiceSecret secret, Clock clock) {
    this.store = store;
    this.keySets = keySets;
    this.secret = secret;
    this.clock = clock;
  }

  /**
   * An issuer to be registered. At most one of the two is given; with neither it gets a secret.
   *
   * @param jwks has been parsed without complaint
   * @param idempotencyKey the same again answers the same issuer, or null
   * @param requestHash the same for requests that ask for the same
   */
  public record Wish(
      String tenant,
      @Nullable String name,
      @Nullable URI jwksUrl,
      @Nullable String jwks,
      @Nullable String idempotencyKey,
      String requestHash) {}

  /** What came of a wish. */
  public sealed interface Registered {
    /**
     * It is registered.
     *
     * @param isReplayed true if an earlier request with the same key did it
     */
    record Done(TokenIssuer issuer, boolean isReplayed) implements Registered {}

    /**
     * Its URL cannot be.
     *
     * @param fault what is wrong with it, as a phrase
     */
    record UrlRefused(String fault) implements Registered {}

    /** The tenant has all of its issuers. */
    record TooMany() implements Registered {}

    /** The idempotency key was used for something else. */
    record KeyReused() implements Registered {}
  }

  /** Registers an issuer. */
  public Registered register(Wish wish) {
    String id = id(wish);
    TokenIssuer earlier = store.tokenIssuer(wish.tenant(), id);
    if (earlier == null) {
      String fault = wish.jwksUrl() == null ? null : keySets.fault(wish.jwksUrl());
      if (fault != null) {
        return new Registered.UrlRefused(fault);
      }
      if (store.tokenIssuers(wish.tenant()).size() >= ISSUERS_MAX) {
        return new Registered.TooMany();
      }
      TokenIssuer issuer =
          new TokenIssuer(
              id,
              wish.tenant(),
              wish.name(),
              wish.jwksUrl(),
              wish.jwks(),
              wish.requestHash(),
              clock.instant());
      if (store.addTokenIssuer(issuer)) {
        return new Registered.Done(issuer, false);
      }
      earlier = store.tokenIssuer(wish.tenant(), id);
    }
    return earlier != null && earlier.requestHash().equals(wish.requestHash())
        ? new Registered.Done(earlier, true)
        : new Registered.KeyReused();
  }

  public List<TokenIssuer> list(String tenant) {
    return store.tokenIssuers(tenant);
  }

  public @Nullable TokenIssuer find(String tenant, String id) {
    return store.tokenIssuer(tenant, id);
  }

  /** Forgets an issuer, whose tokens are refused from then on; false if there is none. */
  public boolean remove(String tenant, String id) {
    return store.removeTokenIssuer(tenant, id);
  }

  /** Returns the secret of an issuer that has one; its ASCII bytes are the key for HS256. */
  public String secretOf(TokenIssuer issuer) {
    return "tis_" + base64(secret.derive("token-issuer " + issuer.id()));
  }

  /** Returns the key of a token that says it is from this issuer. */
  VerificationKey key(String id, @Nullable String keyId) {
    String tenant = TokenIssuer.tenantOf(id);
    TokenIssuer issuer = tenant == null ? null : store.tokenIssuer(tenant, id);
    if (issuer == null) {
      return new VerificationKey.None("its issuer is unknown or was deleted");
    }
    if (issuer.jwksUrl() != null) {
      return keySets.find(issuer.jwksUrl(), keyId);
    }
    if (issuer.jwks() != null) {
      RSAPublicKey key = RsaKeySet.parse(issuer.jwks()).key(keyId);
      return key == null
          ? new VerificationKey.None("the issuer's keys have none with the token's kid")
          : new VerificationKey.Rsa(key);
    }
    return new VerificationKey.Secret(secretOf(issuer).getBytes(StandardCharsets.US_ASCII));
  }

  private String id(Wish wish) {
    byte[] random =
        wish.idempotencyKey() == null
            ? RandomText.bytes(ID_BYTES)
            : Arrays.copyOf(
                ServiceSecret.hmac(
                    secret.derive("token-issuer-id"),
                    (wish.tenant() + '\0' + wish.idempotencyKey())
                        .getBytes(StandardCharsets.UTF_8)),
                ID_BYTES);
    // Hex has no underscore, so the id can be taken apart again.
    return TokenIssuer.PREFIX + wish.tenant() + "_" + HexFormat.of().formatHex(random);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
