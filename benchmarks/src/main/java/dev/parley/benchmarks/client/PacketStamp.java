package dev.parley.benchmarks.client;

import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A talker's number, a count and the intended time of sending, carried in the padding of an Opus
 * packet (RFC 6716 §3.2.5), which decoders skip and a forwarding server passes on. So the receiver
 * of a forwarded packet, in the same process, knows how late it is. Has no state.
 */
final class PacketStamp {
  /** Bytes of the stamp: a mark, the talker, the count and the time. */
  static final int LENGTH = 20;

  /**
   * Bytes that a one-frame packet grows by: the frame count byte, the padding length byte and the
   * stamp.
   */
  static final int OVERHEAD_LENGTH = 2 + LENGTH;

  private static final int MARK = 0x5041_524C;
  private static final int CODE_MASK = 0x03;
  private static final int ONE_PADDED_FRAME = 0x41;
  private static final int TALKER_OFFSET = 4;
  private static final int COUNT_OFFSET = 8;
  private static final int TIME_OFFSET = 12;

  private PacketStamp() {}

  /**
   * Makes room for a stamp: the same frame as a code 3 packet of one frame with padding. Returns
   * null if the packet holds more than one frame.
   */
  static byte @Nullable [] makeRoom(byte[] packet, int length) {
    if (length < 1 || (packet[0] & CODE_MASK) != 0) {
      return null;
    }
    byte[] padded = new byte[length + OVERHEAD_LENGTH];
    padded[0] = (byte) (packet[0] | CODE_MASK);
    padded[1] = ONE_PADDED_FRAME;
    padded[2] = LENGTH;
    System.arraycopy(packet, 1, padded, 3, length - 1);
    return padded;
  }

  /** Writes the stamp into the last bytes of a padded packet. */
  static void write(MutableDirectBuffer packet, int end, int talker, int count, long intendedNs) {
    int offset = end - LENGTH;
    packet.putInt(offset, MARK, ByteOrder.BIG_ENDIAN);
    packet.putInt(offset + TALKER_OFFSET, talker, ByteOrder.BIG_ENDIAN);
    packet.putInt(offset + COUNT_OFFSET, count, ByteOrder.BIG_ENDIAN);
    packet.putLong(offset + TIME_OFFSET, intendedNs, ByteOrder.BIG_ENDIAN);
  }

  /** True if the payload ends in a stamp. */
  static boolean isPresent(MutableDirectBuffer buffer, int offset, int length) {
    return length > LENGTH + 2
        && (buffer.getByte(offset) & CODE_MASK) == CODE_MASK
        && buffer.getByte(offset + 1) == ONE_PADDED_FRAME
        && buffer.getByte(offset + 2) == LENGTH
        && buffer.getInt(offset + length - LENGTH, ByteOrder.BIG_ENDIAN) == MARK;
  }

  static int talker(MutableDirectBuffer packet, int end) {
    return packet.getInt(end - LENGTH + TALKER_OFFSET, ByteOrder.BIG_ENDIAN);
  }

  /** Packets of the talker before it. */
  static int count(MutableDirectBuffer packet, int end) {
    return packet.getInt(end - LENGTH + COUNT_OFFSET, ByteOrder.BIG_ENDIAN);
  }

  /** Nanoseconds of the process's monotonic clock. */
  static long intendedNs(MutableDirectBuffer packet, int end) {
    return packet.getLong(end - LENGTH + TIME_OFFSET, ByteOrder.BIG_ENDIAN);
  }
}
