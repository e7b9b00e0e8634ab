package dev.parley.session.access;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a tenant's server key. The key itself is shown once, when it is made.
 *
 * @param keyId the part of the key that is no secret; also the {@code iss} of its join tokens
 * @param name what it is for, in the operator's words
 * @param scopes what it may be used for
 * @param secretHash SHA-256 of the secret part, in hex. A plain hash suffices, for the secret is
 *     random and as long as the hash.
 */
public record ApiKey(
    String keyId,
    String tenant,
    @Nullable String name,
    Set<Scope> scopes,
    String secretHash,
    Instant createdAt,
    @Nullable Instant revokedAt) {

  public ApiKey {
    // Keys that are older than scopes were stored without.
    scopes = scopes == null ? Scope.ALL : Set.copyOf(scopes);
  }

  /** The same key, of no use from then on. */
  public ApiKey revoked(Instant at) {
    return new ApiKey(keyId, tenant, name, scopes, secretHash, createdAt, at);
  }

  /** Never shows the hash. */
  @Override
  public String toString() {
    return "ApiKey[" + keyId + " of " + tenant + "]";
  }
}
