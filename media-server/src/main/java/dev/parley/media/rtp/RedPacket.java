package dev.parley.media.rtp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import dev.parley.media.packet.Limits;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Flyweight over the payload of a RED packet (RFC 2198 section 3): redundant blocks, then the
 * primary one, all of one payload type. Wrap it, read it, never keep it. One thread.
 */
public final class RedPacket {
  /** Bytes before the blocks for each redundant one. */
  public static final int REDUNDANT_HEADER_LENGTH = 4;

  /** Bytes before the blocks for the primary one. */
  public static final int PRIMARY_HEADER_LENGTH = 1;

  /** Longest redundant block: its length has ten bits. */
  public static final int REDUNDANT_LENGTH_MAX = (1 << 10) - 1;

  /** Oldest redundant block, in ticks: its timestamp offset has 14 bits. */
  public static final int TIMESTAMP_OFFSET_MAX = (1 << 14) - 1;

  private static final int FOLLOWED_FLAG = 0x80;
  private static final int PAYLOAD_TYPE_MASK = 0x7F;

  private final int[] timestampOffsets = new int[Limits.REDUNDANT_BLOCKS_MAX];
  private final int[] blockOffsets = new int[Limits.REDUNDANT_BLOCKS_MAX];
  private final int[] blockLengths = new int[Limits.REDUNDANT_BLOCKS_MAX];
  private DirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int redundantCount;
  private int primaryOffset;
  private int primaryLength;

  /**
   * Takes a payload. False if its headers or blocks go beyond it, there are more than {@link
   * Limits#REDUNDANT_BLOCKS_MAX} redundant blocks, the primary one is empty, or a block is of
   * another payload type than the one negotiated, 0..127; then nothing may be read.
   */
  public boolean wrap(DirectBuffer packet, int offset, int length, int payloadType) {
    buffer = packet;
    redundantCount = 0;
    int end = offset + length;
    int at = offset;
    int blocksLength = 0;
    while (true) {
      if (at >= end || (buffer.getByte(at) & PAYLOAD_TYPE_MASK) != payloadType) {
        return false;
      }
      if ((buffer.getByte(at) & FOLLOWED_FLAG) == 0) {
        break;
      }
      if (redundantCount == Limits.REDUNDANT_BLOCKS_MAX || end - at < REDUNDANT_HEADER_LENGTH) {
        return false;
      }
      int header = buffer.getInt(at, BIG_ENDIAN);
      timestampOffsets[redundantCount] = header >>> 10 & TIMESTAMP_OFFSET_MAX;
      blockLengths[redundantCount] = header & REDUNDANT_LENGTH_MAX;
      blockOffsets[redundantCount] = blocksLength;
      blocksLength += header & REDUNDANT_LENGTH_MAX;
      redundantCount++;
      at += REDUNDANT_HEADER_LENGTH;
    }
    int blocksOffset = at + PRIMARY_HEADER_LENGTH;
    for (int i = 0; i < redundantCount; i++) {
      blockOffsets[i] += blocksOffset;
    }
    primaryOffset = blocksOffset + blocksLength;
    primaryLength = end - primaryOffset;
    return primaryLength > 0;
  }

  /** How many redundant blocks, 0..{@link Limits#REDUNDANT_BLOCKS_MAX}; the oldest is the first. */
  public int redundantCount() {
    return redundantCount;
  }

  /** How much older than the packet a redundant block is, 0..16383 ticks. */
  public int timestampOffsetTicks(int index) {
    assert index >= 0 && index < redundantCount : index;
    return timestampOffsets[index];
  }

  /** Where a redundant block starts in the buffer. */
  public int redundantOffset(int index) {
    assert index >= 0 && index < redundantCount : index;
    return blockOffsets[index];
  }

  /** A redundant block's length, 0..1023. */
  public int redundantLength(int index) {
    assert index >= 0 && index < redundantCount : index;
    return blockLengths[index];
  }

  /** Where the primary block starts in the buffer. */
  public int primaryOffset() {
    return primaryOffset;
  }

  /** The primary block's length, at least 1. */
  public int primaryLength() {
    return primaryLength;
  }

  /**
   * Writes the headers of a packet with one redundant block; the block and the primary one follow.
   *
   * @param timestampOffsetTicks how much older the block is, 0..16383
   * @param redundantLength of the block, 0..1023
   */
  public static void writeHeaders(
      MutableDirectBuffer packet,
      int offset,
      int payloadType,
      int timestampOffsetTicks,
      int redundantLength) {
    assert timestampOffsetTicks >= 0 && timestampOffsetTicks <= TIMESTAMP_OFFSET_MAX;
    assert redundantLength >= 0 && redundantLength <= REDUNDANT_LENGTH_MAX : redundantLength;
    int first = FOLLOWED_FLAG | payloadType;
    packet.putInt(offset, first << 24 | timestampOffsetTicks << 10 | redundantLength, BIG_ENDIAN);
    packet.putByte(offset + REDUNDANT_HEADER_LENGTH, (byte) payloadType);
  }

  /** Gives all blocks of a well-formed packet another payload type, 0..127. */
  public static void renumber(MutableDirectBuffer packet, int offset, int payloadType) {
    int at = offset;
    while ((packet.getByte(at) & FOLLOWED_FLAG) != 0) {
      packet.putByte(at, (byte) (FOLLOWED_FLAG | payloadType));
      at += REDUNDANT_HEADER_LENGTH;
    }
    packet.putByte(at, (byte) payloadType);
  }
}
