package dev.parley.media.rtcp;

/** Whether bytes are a compound RTCP packet, or else the first thing wrong with them. */
public enum RtcpParseResult {
  VALID,
  /** No whole header, or a packet that runs over the end. */
  TOO_SHORT,
  /** Not version 2. */
  BAD_VERSION,
  /** A packet's length does not hold what its count promises. */
  BAD_LENGTH,
  /** Padding on a packet that is not the last, or more of it than the packet has room for. */
  BAD_PADDING,
  /** More packets than {@link dev.parley.media.packet.Limits#RTCP_PACKETS_PER_COMPOUND_MAX}. */
  TOO_MANY_PACKETS
}
