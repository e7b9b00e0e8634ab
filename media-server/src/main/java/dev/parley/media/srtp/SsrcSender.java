package dev.parley.media.srtp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Encrypts and tags the packets of one SSRC of an {@link SrtpSender}, with whom it is closed, for
 * those who send many: nothing need be looked for. Owned with the sender.
 */
public final class SsrcSender {
  /** Passes of {@link #touch}. */
  public static final int TOUCH_STAGES = 2;

  private static final int SEQUENCE_NUMBER_OFFSET = 2;

  private final int ssrc;
  private final int rtpOverheadLength;
  private final int rtcpOverheadLength;
  private final SsrcContext context;
  private final SentTags sent = new SentTags();
  private boolean closed;

  SsrcSender(int ssrc, SrtpProfile profile, SsrcContext context) {
    this.ssrc = ssrc;
    this.context = context;
    rtpOverheadLength = profile.rtpOverheadLength();
    rtcpOverheadLength = profile.rtcpOverheadLength();
  }

  /**
   * Reads what the next packet will need, so that it is in the processor's cache by then: who is
   * about to send to many touches all of them, in {@link #TOUCH_STAGES} passes, for where a pass
   * must look is in what the one before has read.
   *
   * @param stage which pass, from 0
   * @return says nothing; to be kept somewhere lest the JIT leave the reading out
   */
  public long touch(int stage) {
    return sent.touch(stage) + context.touch(stage);
  }

  int ssrc() {
    return ssrc;
  }

  /** Bytes of an RTP packet after protecting it. */
  public int rtpLength(int packetLength) {
    return packetLength + rtpOverheadLength;
  }

  int rtcpLength(int packetLength) {
    return packetLength + rtcpOverheadLength;
  }

  /**
   * Protects one RTP packet of the SSRC in place. After {@link ProtectResult#OK} it is {@link
   * #rtpLength} bytes long; after anything else it must not be sent. In native memory AES-GCM
   * copies nothing.
   *
   * @param again whether it may have been protected before, as one of the SSRC's last {@value
   *     SentTags#COUNT} packets; then it is only OK if it comes out the same to the last byte
   */
  public ProtectResult protectRtp(
      UnsafeBuffer buffer, int offset, int packetLength, boolean again) {
    if (closed) {
      return ProtectResult.CLOSED;
    }
    // A header that runs past the packet would make the length given to the native cipher negative.
    int headerLength = RtpHeaderLength.of(buffer, offset, packetLength);
    if (headerLength == RtpHeaderLength.TOO_LONG) {
      return ProtectResult.MALFORMED;
    }
    int protectedLength = rtpLength(packetLength);
    if (protectedLength > buffer.capacity() - offset) {
      return ProtectResult.BUFFER_TOO_SMALL;
    }
    long index =
        sent.indexOf(buffer.getShort(offset + SEQUENCE_NUMBER_OFFSET, BIG_ENDIAN) & 0xFFFF);
    boolean wasSent = sent.wasSent(index);
    if (sent.isTooOld(index) || (wasSent && !again)) {
      return ProtectResult.REPLAYED;
    }
    ProtectResult result = context.protectRtp(buffer, offset, headerLength, packetLength, index);
    if (result != ProtectResult.OK) {
      return result;
    }
    // Both tags are longer than that. Two packets that share it are the same: that is its purpose.
    long tag = buffer.getLong(offset + protectedLength - Long.BYTES, BIG_ENDIAN);
    if (!wasSent) {
      sent.onSent(index, tag);
    } else if (sent.tagOf(index) != tag) {
      return ProtectResult.ALTERED;
    }
    return ProtectResult.OK;
  }

  ProtectResult protectRtcp(UnsafeBuffer buffer, int offset, int packetLength) {
    if (closed) {
      return ProtectResult.CLOSED;
    }
    return rtcpLength(packetLength) > buffer.capacity() - offset
        ? ProtectResult.BUFFER_TOO_SMALL
        : context.protectRtcp(buffer, offset, packetLength);
  }

  void close() {
    if (!closed) {
      closed = true;
      context.close();
    }
  }
}
