package dev.parley.session.access;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.token.Grants;
import dev.parley.common.token.JoinClaims;
import dev.parley.common.token.JoinTokenSigner;
import dev.parley.common.token.JoinTokenVerdict;
import dev.parley.common.token.JoinTokenVerifier;
import dev.parley.common.token.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Mints join tokens for a key, and checks those that are presented. Thread-safe. */
public final class JoinTokens {
  /** How long a token is good for unless asked otherwise. */
  public static final Duration LIFETIME = Duration.ofMinutes(15);

  private final ApiKeyStore keys;
  private final Clock clock;
  private final JoinTokenVerifier verifier;

  public JoinTokens(ApiKeyStore keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
    this.verifier = new JoinTokenVerifier(this::signingSecret);
  }

  /** Who is to get a token, and as what. */
  public record Bearer(String identity, @Nullable String name, Role role, Grants grants) {}

  /** A token and when it ends. */
  public record Minted(String token, Instant expiresAt) {}

  /** Signs a token for one identity in one conference. */
  public Minted mint(ApiKey key, ConferenceId conference, Bearer bearer, Duration lifetime) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant expiresAt = now.plus(lifetime);
    JoinClaims claims =
        new JoinClaims(
            key.keyId(),
            "tk_" + RandomText.base64(12),
            conference,
            bearer.identity(),
            bearer.name(),
            bearer.role(),
            bearer.grants(),
            now,
            expiresAt);
    byte[] secret = Base64.getUrlDecoder().decode(key.signingSecret());
    return new Minted(new JoinTokenSigner(key.keyId(), secret).sign(claims), expiresAt);
  }

  /** Judges a token now. */
  public JoinTokenVerdict verify(String token) {
    return verifier.verify(token, clock.instant());
  }

  /** Returns the tenant whose key signed the token with these claims, or null if it is gone. */
  public @Nullable String tenantOf(JoinClaims claims) {
    ApiKey key = keys.apiKey(claims.keyId());
    return key == null ? null : key.tenant();
  }

  private byte @Nullable [] signingSecret(String keyId) {
    ApiKey key = keys.apiKey(keyId);
    if (key == null || key.revokedAt() != null) {
      return null;
    }
    return Base64.getUrlDecoder().decode(key.signingSecret());
  }
}
