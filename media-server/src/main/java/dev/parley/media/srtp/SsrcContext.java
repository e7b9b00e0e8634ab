package dev.parley.media.srtp;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The cryptographic context of one SSRC in one direction, RTP and RTCP (RFC 3711 section 3.2.3). A
 * sender's is only asked to protect, a receiver's only to unprotect; both work in place. Each takes
 * the SSRC from the packet, so a context can wait for the SSRC it will serve. Owned with its sender
 * or receiver.
 */
sealed interface SsrcContext permits GcmSsrcContext, JitsiSsrcContext {
  /**
   * Makes a packet longer by {@link SrtpProfile#rtpOverheadLength}, for which there is room.
   *
   * @param headerLength bytes at its start that stay clear
   * @param index that {@link SentTags} gave
   */
  ProtectResult protectRtp(
      UnsafeBuffer buffer, int offset, int headerLength, int packetLength, long index);

  /** Makes a packet longer by {@link SrtpProfile#rtcpOverheadLength}, for which there is room. */
  ProtectResult protectRtcp(UnsafeBuffer buffer, int offset, int packetLength);

  /**
   * Makes an authentic packet shorter by {@link SrtpProfile#rtpOverheadLength}; any other changes
   * nothing but the packet. It has a fixed header and a tag.
   */
  UnprotectResult unprotectRtp(byte[] buffer, int offset, int packetLength);

  /** As {@link #unprotectRtp}, by {@link SrtpProfile#rtcpOverheadLength}. It claims encryption. */
  UnprotectResult unprotectRtcp(byte[] buffer, int offset, int packetLength);

  /** See {@link SsrcSender#touch}. */
  long touch(int stage);

  /** Frees the native memory that is its own. */
  void close();
}
