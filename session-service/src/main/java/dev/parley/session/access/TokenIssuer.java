package dev.parley.session.access;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One who signs join tokens for a tenant without asking us: its back end, or its identity provider.
 * Which algorithm its tokens have follows from the keys it was registered with.
 *
 * @param id the {@code iss} of its tokens; names the tenant, too
 * @param name what it is, in the tenant's words
 * @param jwksUrl where its public keys are (RS256), or null
 * @param jwks its public keys themselves (RS256), or null; with neither it has a shared secret,
 *     which is derived and not stored (HS256)
 * @param requestHash tells whether a repeated create asks for the same
 */
public record TokenIssuer(
    String id,
    String tenant,
    @Nullable String name,
    @Nullable URI jwksUrl,
    @Nullable String jwks,
    String requestHash,
    Instant createdAt) {
  /** How every issuer's id begins; no server key's id does. */
  public static final String PREFIX = "ti_";

  /** Returns true if its tokens are signed with a secret that we share. */
  public boolean hasSecret() {
    return jwksUrl == null && jwks == null;
  }

  /** Returns the tenant that an id names, which need not exist, or null if it is no issuer's id. */
  static @Nullable String tenantOf(String id) {
    int end = id.lastIndexOf('_');
    return id.startsWith(PREFIX) && end > PREFIX.length()
        ? id.substring(PREFIX.length(), end)
        : null;
  }
}
