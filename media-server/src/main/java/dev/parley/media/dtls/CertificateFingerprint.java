package dev.parley.media.dtls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Digest of a certificate as SDP carries it (RFC 8122 §5): {@code a=fingerprint:sha-256 4A:AD:...}.
 * Immutable.
 */
public final class CertificateFingerprint {
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

  private final String algorithm;
  private final byte[] digest;

  private CertificateFingerprint(String algorithm, byte[] digest) {
    this.algorithm = algorithm;
    this.digest = digest;
  }

  /**
   * A fingerprint from an offer.
   *
   * @param algorithm SDP's name, case ignored: sha-256, sha-384 or sha-512; weaker ones are refused
   *     (RFC 8122 §5)
   * @throws IllegalArgumentException if the algorithm is another or the digest has not its length
   */
  public static CertificateFingerprint of(String algorithm, byte[] digest) {
    String lowerCase = algorithm.toLowerCase(Locale.ROOT);
    int length = digestLength(lowerCase);
    if (length != digest.length) {
      throw new IllegalArgumentException(
          lowerCase + " has " + length + " bytes, not " + digest.length);
    }
    return new CertificateFingerprint(lowerCase, digest.clone());
  }

  static CertificateFingerprint sha256Of(byte[] encodedCertificate) {
    return new CertificateFingerprint("sha-256", digest("SHA-256", encodedCertificate));
  }

  private static int digestLength(String algorithm) {
    return switch (algorithm) {
      case "sha-256" -> 32;
      case "sha-384" -> 48;
      case "sha-512" -> 64;
      default ->
          throw new IllegalArgumentException("fingerprint algorithm not accepted: " + algorithm);
    };
  }

  /** SDP's name of the hash, lower case. */
  public String algorithm() {
    return algorithm;
  }

  /** A copy of the digest. */
  public byte[] digest() {
    return digest.clone();
  }

  /** Upper-case hexadecimal with colons, as SDP wants it. */
  public String digestText() {
    return COLONS.formatHex(digest);
  }

  /** True if this is the fingerprint of the certificate; compared in constant time. */
  boolean matches(byte[] encodedCertificate) {
    // The JDK's name has no hyphen after SHA only for SHA-1, which is not accepted.
    return MessageDigest.isEqual(
        digest, digest(algorithm.toUpperCase(Locale.ROOT), encodedCertificate));
  }

  private static byte[] digest(String javaAlgorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(javaAlgorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + javaAlgorithm, e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CertificateFingerprint that
        && algorithm.equals(that.algorithm)
        && Arrays.equals(digest, that.digest);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digest);
  }

  @Override
  public String toString() {
    return algorithm + " " + digestText();
  }
}
