package dev.parley.media.rtcp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import dev.parley.media.packet.Limits;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Flyweight over a decrypted compound RTCP packet (RFC 3550 section 6.1); one of reduced size (RFC
 * 5506) is read too. Wrapping checks every packet in it; then {@link #next} steps from one to the
 * next and the accessors speak of that one. Unknown types are stepped over. One thread.
 */
public final class RtcpCompound {
  static final int HEADER_LENGTH = 4;
  static final int SENDER_INFO_LENGTH = 20;
  static final int REPORT_BLOCK_LENGTH = 24;
  static final int SSRC_LENGTH = 4;
  static final int CNAME_ITEM = 1;

  /** What {@link #cnameOffset} says when there is none. */
  public static final int ABSENT = -1;

  private static final int FEEDBACK_HEADER_LENGTH = 12;
  private static final int NACK_ENTRY_LENGTH = 4;

  private DirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int end;
  private int position;
  private int nextPosition;
  private int packetEnd;
  private int cnameLength;

  /** Checks the bytes. Nothing else may be asked unless the answer is VALID. */
  public RtcpParseResult wrap(DirectBuffer buffer, int offset, int length) {
    this.buffer = buffer;
    end = offset + length;
    position = offset;
    nextPosition = offset;
    packetEnd = offset;
    RtcpParseResult result = length == 0 ? RtcpParseResult.TOO_SHORT : RtcpParseResult.VALID;
    int count = 0;
    for (int at = offset; at < end && result == RtcpParseResult.VALID; count++) {
      result =
          count == Limits.RTCP_PACKETS_PER_COMPOUND_MAX
              ? RtcpParseResult.TOO_MANY_PACKETS
              : check(at);
      if (result == RtcpParseResult.VALID) {
        at += wireLength(at);
      }
    }
    if (result != RtcpParseResult.VALID) {
      end = offset;
    }
    return result;
  }

  private RtcpParseResult check(int at) {
    if (end - at < HEADER_LENGTH || end - at < wireLength(at)) {
      return RtcpParseResult.TOO_SHORT;
    }
    if (((buffer.getByte(at) >>> 6) & 3) != 2) {
      return RtcpParseResult.BAD_VERSION;
    }
    int wireLength = wireLength(at);
    int paddingLength = paddingLength(at, wireLength);
    if (paddingLength < 0) {
      return RtcpParseResult.BAD_PADDING;
    }
    int count = buffer.getByte(at) & 0x1F;
    int least =
        switch (buffer.getByte(at + 1) & 0xFF) {
          case RtcpType.SENDER_REPORT ->
              HEADER_LENGTH + SSRC_LENGTH + SENDER_INFO_LENGTH + REPORT_BLOCK_LENGTH * count;
          case RtcpType.RECEIVER_REPORT ->
              HEADER_LENGTH + SSRC_LENGTH + REPORT_BLOCK_LENGTH * count;
          case RtcpType.BYE -> HEADER_LENGTH + SSRC_LENGTH * count;
          case RtcpType.TRANSPORT_FEEDBACK, RtcpType.PAYLOAD_FEEDBACK -> FEEDBACK_HEADER_LENGTH;
          default -> HEADER_LENGTH;
        };
    return wireLength - paddingLength < least ? RtcpParseResult.BAD_LENGTH : RtcpParseResult.VALID;
  }

  /** Padding of the packet, or -1 if there cannot be so much, or any, here. */
  private int paddingLength(int at, int wireLength) {
    if ((buffer.getByte(at) & 0x20) == 0) {
      return 0;
    }
    int paddingLength = buffer.getByte(at + wireLength - 1) & 0xFF;
    boolean possible =
        at + wireLength == end
            && paddingLength > 0
            && (paddingLength & 3) == 0
            && paddingLength <= wireLength - HEADER_LENGTH;
    return possible ? paddingLength : -1;
  }

  private int wireLength(int at) {
    return 4 * (unsignedShort(at + 2) + 1);
  }

  /** Steps to the next packet; false when there is none. */
  public boolean next() {
    if (nextPosition >= end) {
      return false;
    }
    position = nextPosition;
    int wireLength = wireLength(position);
    nextPosition = position + wireLength;
    packetEnd = nextPosition - paddingLength(position, wireLength);
    return true;
  }

  /** Packet type: see {@link RtcpType}. */
  public int type() {
    return buffer.getByte(position + 1) & 0xFF;
  }

  /** Reports, sources, chunks or, of a feedback message, its type: 0..31. */
  public int count() {
    return buffer.getByte(position) & 0x1F;
  }

  /** Who sent this packet; of a report or a feedback message. */
  public int senderSsrc() {
    return buffer.getInt(position + HEADER_LENGTH, BIG_ENDIAN);
  }

  /** Wall clock of a sender report as NTP fixed point, 32.32 seconds. */
  public long ntpTimestamp() {
    assert type() == RtcpType.SENDER_REPORT : type();
    return buffer.getLong(position + 8, BIG_ENDIAN);
  }

  /** The same instant on the media clock. */
  public int timestampTicks() {
    assert type() == RtcpType.SENDER_REPORT : type();
    return buffer.getInt(position + 16, BIG_ENDIAN);
  }

  /** Packets the sender sent, unsigned. */
  public int packetCount() {
    assert type() == RtcpType.SENDER_REPORT : type();
    return buffer.getInt(position + 20, BIG_ENDIAN);
  }

  /** Payload bytes the sender sent, unsigned. */
  public int octetCount() {
    assert type() == RtcpType.SENDER_REPORT : type();
    return buffer.getInt(position + 24, BIG_ENDIAN);
  }

  /** Stream that the report block speaks of. */
  public int reportSsrc(int index) {
    return buffer.getInt(reportBlock(index), BIG_ENDIAN);
  }

  /** Loss since the report before, in 256ths, 0..255. */
  public int fractionLost(int index) {
    return buffer.getByte(reportBlock(index) + 4) & 0xFF;
  }

  /** Loss since the start, 24 bits signed: duplicates make it negative. */
  public int cumulativeLost(int index) {
    return buffer.getInt(reportBlock(index) + 4, BIG_ENDIAN) << 8 >> 8;
  }

  /** Cycles in the high 16 bits, highest sequence number in the low ones. */
  public int extendedHighestSequenceNumber(int index) {
    return buffer.getInt(reportBlock(index) + 8, BIG_ENDIAN);
  }

  /** Interarrival jitter in ticks of the media clock, unsigned. */
  public int jitterTicks(int index) {
    return buffer.getInt(reportBlock(index) + 12, BIG_ENDIAN);
  }

  /** LSR: middle 32 bits of the last sender report's NTP timestamp; 0 if there was none. */
  public int lastSenderReport(int index) {
    return buffer.getInt(reportBlock(index) + 16, BIG_ENDIAN);
  }

  /** DLSR: time since then in 1/65536 s. */
  public int delaySinceLastSenderReport(int index) {
    return buffer.getInt(reportBlock(index) + 20, BIG_ENDIAN);
  }

  /** Source that leaves. */
  public int byeSsrc(int index) {
    assert type() == RtcpType.BYE && index >= 0 && index < count() : index;
    return buffer.getInt(position + HEADER_LENGTH + SSRC_LENGTH * index, BIG_ENDIAN);
  }

  /** Stream that a feedback message speaks of. */
  public int mediaSsrc() {
    assert type() == RtcpType.TRANSPORT_FEEDBACK || type() == RtcpType.PAYLOAD_FEEDBACK : type();
    return buffer.getInt(position + 8, BIG_ENDIAN);
  }

  /** Entries of a generic NACK; 0 for any other packet. */
  public int nackCount() {
    boolean nack = type() == RtcpType.TRANSPORT_FEEDBACK && count() == RtcpType.GENERIC_NACK;
    return nack ? (packetEnd - position - FEEDBACK_HEADER_LENGTH) / NACK_ENTRY_LENGTH : 0;
  }

  /** PID: sequence number that was lost, 0..65535. */
  public int nackSequenceNumber(int index) {
    return unsignedShort(nack(index));
  }

  /** BLP: bit i says that the packet i + 1 after it was lost too. */
  public int nackBitmask(int index) {
    return unsignedShort(nack(index) + 2);
  }

  /**
   * Where the first chunk's CNAME starts, or {@link #ABSENT}. {@link #cnameLength} tells the rest.
   */
  public int cnameOffset() {
    if (type() != RtcpType.SOURCE_DESCRIPTION || count() == 0) {
      return ABSENT;
    }
    int at = position + HEADER_LENGTH + SSRC_LENGTH;
    while (at + 2 <= packetEnd && buffer.getByte(at) != 0) {
      int itemLength = buffer.getByte(at + 1) & 0xFF;
      if (at + 2 + itemLength > packetEnd) {
        return ABSENT;
      }
      if (buffer.getByte(at) == CNAME_ITEM) {
        cnameLength = itemLength;
        return at + 2;
      }
      at += 2 + itemLength;
    }
    return ABSENT;
  }

  /** Bytes of the CNAME found last, 0..255. */
  public int cnameLength() {
    return cnameLength;
  }

  private int reportBlock(int index) {
    assert type() == RtcpType.SENDER_REPORT || type() == RtcpType.RECEIVER_REPORT : type();
    assert index >= 0 && index < count() : index;
    int senderInfoLength = type() == RtcpType.SENDER_REPORT ? SENDER_INFO_LENGTH : 0;
    return position + HEADER_LENGTH + SSRC_LENGTH + senderInfoLength + REPORT_BLOCK_LENGTH * index;
  }

  private int nack(int index) {
    assert index >= 0 && index < nackCount() : index;
    return position + FEEDBACK_HEADER_LENGTH + NACK_ENTRY_LENGTH * index;
  }

  private int unsignedShort(int at) {
    return buffer.getShort(at, BIG_ENDIAN) & 0xFFFF;
  }
}
