package dev.parley.common.token;

import org.jspecify.annotations.Nullable;

/** Where the keys of those who sign tokens are found. Thread-safe; may block. */
@FunctionalInterface
public interface VerificationKeys {

  /**
   * Returns the key that a token should be signed with. Neither argument is to be trusted: both
   * come from a token that nobody has checked yet.
   *
   * @param issuer the token's [iss]
   * @param keyId the token's [kid], or null
   */
  VerificationKey find(String issuer, @Nullable String keyId);
}
