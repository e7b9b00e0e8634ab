package dev.parley.media.rtp;

/** Arithmetic modulo 2^16 (sequence numbers) and 2^32 (timestamps), after RFC 1982. Stateless. */
public final class SequenceNumbers {
  private SequenceNumbers() {}

  /** How far the first is ahead of the second: -32768..32767, negative if it is older. */
  public static int difference(int sequenceNumber, int other) {
    return (short) (sequenceNumber - other);
  }

  /** True if the first was sent after the second, supposing they are less than 2^15 apart. */
  public static boolean isNewer(int sequenceNumber, int other) {
    return difference(sequenceNumber, other) > 0;
  }

  /** The number so many packets later (or, if negative, earlier), 0..65535. */
  public static int plus(int sequenceNumber, int count) {
    return (sequenceNumber + count) & 0xFFFF;
  }

  /** True if the first timestamp is later than the second, supposing less than 2^31 between. */
  public static boolean isLater(int timestampTicks, int otherTicks) {
    return timestampTicks - otherTicks > 0;
  }
}
