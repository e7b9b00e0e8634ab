package dev.parley.media.srtp;

import org.jitsi.srtp.SrtpPolicy;

/**
 * Protection profiles Parley accepts, in the order it prefers them (RFC 5764 §4.1.2, RFC 7714
 * §14.2). Immutable.
 */
public enum SrtpProfile {
  /**
   * AES-128 in Galois/Counter mode, 16-byte tag. Preferred: one pass, about half the time of the
   * other.
   */
  AEAD_AES_128_GCM(0x0007, 12, 16),
  /**
   * AES-128 in counter mode with an 80-bit HMAC-SHA1 tag: the one every WebRTC client must know
   * (RFC 8827 §6.5).
   */
  SRTP_AES128_CM_HMAC_SHA1_80(0x0001, 14, 10);

  /** Bytes of an AES-128 master key. */
  public static final int MASTER_KEY_LENGTH = 16;

  /** Bytes of the index and E flag that end an SRTCP packet (RFC 3711 §3.4). */
  static final int SRTCP_INDEX_LENGTH = 4;

  private static final int HMAC_SHA1_KEY_LENGTH = 20;

  private final int identifier;
  private final int masterSaltLength;
  private final int tagLength;

  SrtpProfile(int identifier, int masterSaltLength, int tagLength) {
    this.identifier = identifier;
    this.masterSaltLength = masterSaltLength;
    this.tagLength = tagLength;
  }

  /** The profile with this number of the DTLS-SRTP registry, or null. */
  public static @org.jspecify.annotations.Nullable SrtpProfile ofIdentifier(int identifier) {
    for (SrtpProfile profile : values()) {
      if (profile.identifier == identifier) {
        return profile;
      }
    }
    return null;
  }

  /** Number in the DTLS-SRTP protection profile registry, as {@code use_srtp} carries it. */
  public int identifier() {
    return identifier;
  }

  /** Bytes of the master salt. */
  public int masterSaltLength() {
    return masterSaltLength;
  }

  /** Bytes of the authentication tag. */
  public int tagLength() {
    return tagLength;
  }

  /** Bytes by which protection lengthens an RTP packet. */
  public int rtpOverheadLength() {
    return tagLength;
  }

  /** Bytes by which protection lengthens an RTCP packet. */
  public int rtcpOverheadLength() {
    return tagLength + SRTCP_INDEX_LENGTH;
  }

  /** A fresh policy, since jitsi-srtp's is mutable. */
  SrtpPolicy policy() {
    return switch (this) {
      case AEAD_AES_128_GCM ->
          new SrtpPolicy(
              SrtpPolicy.AESGCM_ENCRYPTION,
              MASTER_KEY_LENGTH,
              SrtpPolicy.NULL_AUTHENTICATION,
              0,
              tagLength,
              masterSaltLength);
      case SRTP_AES128_CM_HMAC_SHA1_80 ->
          new SrtpPolicy(
              SrtpPolicy.AESCM_ENCRYPTION,
              MASTER_KEY_LENGTH,
              SrtpPolicy.HMACSHA1_AUTHENTICATION,
              HMAC_SHA1_KEY_LENGTH,
              tagLength,
              masterSaltLength);
    };
  }
}
