package dev.parley.common.token;

import java.security.interfaces.RSAPublicKey;

/**
 * What a token's signature is checked with. The kind of key fixes the algorithm; what the token's
 * header says of it must agree. Immutable.
 */
public sealed interface VerificationKey {

  /** A secret that signer and verifier share: HS256. */
  final class Secret implements VerificationKey {
    private final byte[] secret;

    /** Takes at least 32 bytes (RFC 7518 §3.2). */
    public Secret(byte[] secret) {
      this.secret = secret.clone();
    }

    byte[] bytes() {
      return secret;
    }
  }

  /** A public key: RS256. */
  record Rsa(RSAPublicKey key) implements VerificationKey {}

  /**
   * There is none.
   *
   * @param detail why, as a phrase
   */
  record None(String detail) implements VerificationKey {}
}
