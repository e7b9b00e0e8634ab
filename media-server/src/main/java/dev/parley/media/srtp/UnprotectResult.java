package dev.parley.media.srtp;

/** What became of a received SRTP or SRTCP packet. Only {@link #OK} leaves bytes worth reading. */
public enum UnprotectResult {
  /** Authentic, new and decrypted in place. */
  OK,
  /** Its index was received before, or is older than the window of 64 (RFC 3711 §3.3.2). */
  REPLAYED,
  /** Its tag is wrong: forged, damaged or protected with another key. */
  NOT_AUTHENTIC,
  /**
   * Too short, longer than a datagram, its header runs past its end, or SRTCP that claims not to be
   * encrypted.
   */
  MALFORMED,
  /** The peer already uses {@link SrtpReceiver#SSRCS_MAX} SSRCs. */
  TOO_MANY_SSRCS,
  /** The cipher library failed, which no packet should be able to cause. */
  CIPHER_FAILED,
  /** The receiver was closed. */
  CLOSED
}
