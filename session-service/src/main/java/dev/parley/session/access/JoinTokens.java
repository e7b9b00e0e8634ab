package dev.parley.session.access;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.token.Grants;
import dev.parley.common.token.JoinClaims;
import dev.parley.common.token.JoinTokenSigner;
import dev.parley.common.token.JoinTokenVerdict;
import dev.parley.common.token.JoinTokenVerifier;
import dev.parley.common.token.Role;
import dev.parley.common.token.VerificationKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Mints join tokens for server keys, and checks those that are presented, whoever signed them. The
 * secret that a key's tokens are signed with is derived, so none is stored. Thread-safe.
 */
public final class JoinTokens {
  /** How long a token is good for unless asked otherwise. */
  public static final Duration LIFETIME = Duration.ofMinutes(15);

  private final ApiKeyStore keys;
  private final TokenIssuers issuers;
  private final ServiceSecret secret;
  private final Clock clock;
  private final JoinTokenVerifier verifier;

  public JoinTokens(ApiKeyStore keys, TokenIssuers issuers, ServiceSecret secret, Clock clock) {
    this.keys = keys;
    this.issuers = issuers;
    this.secret = secret;
    this.clock = clock;
    this.verifier = new JoinTokenVerifier(this::verificationKey);
  }

  /** Who is to get a token, and as what. */
  public record Bearer(String identity, @Nullable String name, Role role, Grants grants) {}

  /** A token and when it ends. */
  public record Minted(String token, Instant expiresAt) {}

  /**
   * What tells one token from the next for the same bearer.
   *
   * @param issuedAt in whole milliseconds
   */
  public record Stamp(String tokenId, Instant issuedAt) {}

  /** Returns the stamp of a new token. */
  public Stamp stamp() {
    return new Stamp("tk_" + RandomText.base64(12), clock.instant().truncatedTo(ChronoUnit.MILLIS));
  }

  /** Signs a new token for one identity in one conference. */
  public Minted mint(ApiKey key, ConferenceId conference, Bearer bearer, Duration lifetime) {
    return mint(key, conference, bearer, lifetime, stamp());
  }

  /** Signs the token with that stamp: the same each time. */
  public Minted mint(
      ApiKey key, ConferenceId conference, Bearer bearer, Duration lifetime, Stamp stamp) {
    Instant expiresAt = stamp.issuedAt().truncatedTo(ChronoUnit.SECONDS).plus(lifetime);
    JoinClaims claims =
        new JoinClaims(
            key.keyId(),
            stamp.tokenId(),
            conference.value(),
            bearer.identity(),
            bearer.name(),
            bearer.role(),
            bearer.grants(),
            stamp.issuedAt(),
            expiresAt);
    byte[] signing = signingSecret(key.keyId());
    return new Minted(new JoinTokenSigner(key.keyId(), signing).sign(claims), expiresAt);
  }

  /** Judges a token now. */
  public JoinTokenVerdict verify(String token) {
    return verifier.verify(token, clock.instant());
  }

  /**
   * Returns the tenant of the one who signed the token with these claims, or null if it is gone.
   */
  public @Nullable String tenantOf(JoinClaims claims) {
    String issuer = TokenIssuer.tenantOf(claims.issuer());
    if (issuer != null) {
      return issuer;
    }
    ApiKey key = keys.apiKey(claims.issuer());
    return key == null ? null : key.tenant();
  }

  private VerificationKey verificationKey(String issuer, @Nullable String keyId) {
    if (TokenIssuer.tenantOf(issuer) != null) {
      return issuers.key(issuer, keyId);
    }
    ApiKey key = keys.apiKey(issuer);
    return key == null || key.revokedAt() != null
        ? new VerificationKey.None("the server key that made it is unknown or revoked")
        : new VerificationKey.Secret(signingSecret(issuer));
  }

  private byte[] signingSecret(String keyId) {
    return secret.derive("join-token " + keyId);
  }
}
