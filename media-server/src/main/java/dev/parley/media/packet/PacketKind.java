package dev.parley.media.packet;

/**
 * What a datagram carries, told from its first two bytes (RFC 7983 section 7, RFC 5761 section 4).
 */
public enum PacketKind {
  /** Connectivity check or other STUN message: first byte 0 to 3. */
  STUN,
  /** DTLS record: first byte 20 to 63. */
  DTLS,
  /** RTP, as it came: still encrypted. First byte 128 to 191. */
  RTP,
  /** RTCP, as it came: still encrypted. As RTP, with a packet type of 192 to 223. */
  RTCP,
  /** Anything else, ZRTP and TURN channels included: nobody here speaks them. */
  UNKNOWN;

  /** RTP is tested first because it is nearly all of the traffic. Both bytes unsigned, 0..255. */
  public static PacketKind of(int firstByte, int secondByte) {
    if (firstByte >= 128 && firstByte <= 191) {
      return secondByte >= 192 && secondByte <= 223 ? RTCP : RTP;
    }
    if (firstByte <= 3) {
      return STUN;
    }
    return firstByte >= 20 && firstByte <= 63 ? DTLS : UNKNOWN;
  }
}
