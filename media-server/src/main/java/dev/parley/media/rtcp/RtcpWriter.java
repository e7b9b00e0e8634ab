package dev.parley.media.rtcp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes a compound RTCP packet: begin, a report with its blocks, a CNAME, finish. The caller's
 * buffer must be long enough. Owned by one thread.
 */
public final class RtcpWriter {
  /** Report blocks one report has room for (RFC 3550 section 6.4.1). */
  public static final int REPORT_BLOCKS_MAX = 31;

  private MutableDirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int offset;
  private int packetOffset;
  private int position;

  /** Starts a compound packet at the offset. */
  public RtcpWriter begin(MutableDirectBuffer buffer, int offset) {
    this.buffer = buffer;
    this.offset = offset;
    position = offset;
    return this;
  }

  /** Opens a sender report; {@link #senderInfo} must follow. */
  public RtcpWriter senderReport(int ssrc) {
    return packet(RtcpType.SENDER_REPORT, 0, ssrc);
  }

  /**
   * What was sent so far, and the same instant on the wall clock (NTP 32.32) and the media clock.
   */
  public RtcpWriter senderInfo(
      long ntpTimestamp, int timestampTicks, int packetCount, int octetCount) {
    buffer.putLong(position, ntpTimestamp, BIG_ENDIAN);
    buffer.putInt(position + 8, timestampTicks, BIG_ENDIAN);
    buffer.putInt(position + 12, packetCount, BIG_ENDIAN);
    buffer.putInt(position + 16, octetCount, BIG_ENDIAN);
    return advance(RtcpCompound.SENDER_INFO_LENGTH);
  }

  public RtcpWriter receiverReport(int ssrc) {
    return packet(RtcpType.RECEIVER_REPORT, 0, ssrc);
  }

  /**
   * Appends a block to the report just opened, with what the statistics say of the interval since
   * their last block, which this closes.
   */
  public RtcpWriter reportBlock(ReceptionStatistics statistics, long nowNs) {
    int count = buffer.getByte(packetOffset) & 0x1F;
    assert count < REPORT_BLOCKS_MAX : count;
    buffer.putByte(packetOffset, (byte) (0x80 | (count + 1)));
    buffer.putInt(position, statistics.ssrc(), BIG_ENDIAN);
    int loss = (statistics.takeFractionLost() << 24) | (statistics.cumulativeLost() & 0xFFFFFF);
    buffer.putInt(position + 4, loss, BIG_ENDIAN);
    buffer.putInt(position + 8, statistics.extendedHighestSequenceNumber(), BIG_ENDIAN);
    buffer.putInt(position + 12, statistics.jitterTicks(), BIG_ENDIAN);
    buffer.putInt(position + 16, statistics.lastSenderReport(), BIG_ENDIAN);
    buffer.putInt(position + 20, statistics.delaySinceLastSenderReport(nowNs), BIG_ENDIAN);
    return advance(RtcpCompound.REPORT_BLOCK_LENGTH);
  }

  /** Appends a source description with the CNAME (RFC 3550 section 6.5.1), 255 bytes at most. */
  public RtcpWriter cname(int ssrc, byte[] cname) {
    assert cname.length <= 255 : cname.length;
    packet(RtcpType.SOURCE_DESCRIPTION, 1, ssrc);
    buffer.putByte(position, (byte) RtcpCompound.CNAME_ITEM);
    buffer.putByte(position + 1, (byte) cname.length);
    buffer.putBytes(position + 2, cname);
    int itemLength = 2 + cname.length;
    // One to four zeros end the chunk on a word.
    int paddedLength = (itemLength + 4) & ~3;
    buffer.setMemory(position + itemLength, paddedLength - itemLength, (byte) 0);
    return advance(paddedLength);
  }

  public RtcpWriter bye(int ssrc) {
    return packet(RtcpType.BYE, 1, ssrc);
  }

  /** Appends a generic NACK of one entry (RFC 4585 section 6.2.1). */
  public RtcpWriter nack(int senderSsrc, int mediaSsrc, int sequenceNumber, int bitmask) {
    packet(RtcpType.TRANSPORT_FEEDBACK, RtcpType.GENERIC_NACK, senderSsrc);
    buffer.putInt(position, mediaSsrc, BIG_ENDIAN);
    buffer.putShort(position + 4, (short) sequenceNumber, BIG_ENDIAN);
    buffer.putShort(position + 6, (short) bitmask, BIG_ENDIAN);
    return advance(8);
  }

  /** The compound packet's length so far. */
  public int length() {
    return position - offset;
  }

  private RtcpWriter packet(int type, int count, int ssrc) {
    packetOffset = position;
    buffer.putByte(position, (byte) (0x80 | count));
    buffer.putByte(position + 1, (byte) type);
    buffer.putInt(position + RtcpCompound.HEADER_LENGTH, ssrc, BIG_ENDIAN);
    return advance(RtcpCompound.HEADER_LENGTH + RtcpCompound.SSRC_LENGTH);
  }

  private RtcpWriter advance(int length) {
    position += length;
    buffer.putShort(packetOffset + 2, (short) ((position - packetOffset) / 4 - 1), BIG_ENDIAN);
    return this;
  }
}
