package dev.parley.media.sdp;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The hash of a DTLS certificate (RFC 8122 §5). */
public final class Fingerprint {
  /** Hashes strong enough to tell who is at the other end; SHA-1 and MD5 are not. */
  public enum Algorithm {
    SHA_256("sha-256", "SHA-256", 32),
    SHA_384("sha-384", "SHA-384", 48),
    SHA_512("sha-512", "SHA-512", 64);

    private final String token;
    private final String javaName;
    private final int length;

    Algorithm(String token, String javaName, int length) {
      this.token = token;
      this.javaName = javaName;
      this.length = length;
    }

    /** Its name in SDP. */
    public String token() {
      return token;
    }

    /** Its name to {@code java.security.MessageDigest}. */
    public String javaName() {
      return javaName;
    }

    /** The hash's length in bytes. */
    public int length() {
      return length;
    }

    static @Nullable Algorithm ofToken(String token) {
      for (Algorithm algorithm : values()) {
        if (algorithm.token.equals(token.toLowerCase(Locale.ROOT))) {
          return algorithm;
        }
      }
      return null;
    }
  }

  private static final HexFormat HEX = HexFormat.ofDelimiter(":").withUpperCase();

  private final Algorithm algorithm;
  private final byte[] hash;

  /** The hash is copied. */
  public Fingerprint(Algorithm algorithm, byte[] hash) {
    if (hash.length != algorithm.length()) {
      throw new IllegalArgumentException(
          algorithm.token() + " is " + algorithm.length() + " bytes long: " + hash.length);
    }
    this.algorithm = algorithm;
    this.hash = hash.clone();
  }

  /** Reads colon-separated pairs of hexadecimal digits; returns null if they are not that. */
  static @Nullable Fingerprint parse(Algorithm algorithm, String text) {
    if (text.length() != algorithm.length() * 3 - 1) {
      return null;
    }
    try {
      return new Fingerprint(algorithm, HEX.parseHex(text));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  public Algorithm algorithm() {
    return algorithm;
  }

  /** A copy of the hash. */
  public byte[] hash() {
    return hash.clone();
  }

  /** As an attribute's value: {@code sha-256 12:34:…}. */
  @Override
  public String toString() {
    return algorithm.token() + ' ' + HEX.formatHex(hash);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Fingerprint that
        && algorithm == that.algorithm
        && Arrays.equals(hash, that.hash);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hash);
  }
}
