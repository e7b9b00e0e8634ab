package dev.parley.media.conference;

import dev.parley.media.packet.Limits;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The latest packets of one source, as they were sent to all its receivers, for those who lose one.
 * At most {@link Limits#RETRANSMITTABLE_PACKETS}, and no more than fit {@link
 * Limits#RETRANSMITTABLE_LENGTH}. Owned by one mix agent.
 */
final class SentHistory {
  private static final int MASK = Limits.RETRANSMITTABLE_PACKETS - 1;
  private static final int CAPACITY = Limits.RETRANSMITTABLE_LENGTH;

  private final UnsafeBuffer contents = new UnsafeBuffer(new byte[CAPACITY]);
  private final long[] epochs = new long[Limits.RETRANSMITTABLE_PACKETS];
  private final long[] sequences = new long[Limits.RETRANSMITTABLE_PACKETS];
  private final long[] positions = new long[Limits.RETRANSMITTABLE_PACKETS];
  private final int[] timestampsTicks = new int[Limits.RETRANSMITTABLE_PACKETS];
  private final boolean[] markers = new boolean[Limits.RETRANSMITTABLE_PACKETS];

  /** Where the next content starts, counted on through all turns of the buffer. */
  private long position = CAPACITY;

  private int found;

  SentHistory() {
    Arrays.fill(sequences, -1);
  }

  /** The history in a slot, made if there was none. */
  static SentHistory in(@Nullable SentHistory[] histories, int slot) {
    SentHistory history = histories[slot];
    if (history == null) {
      history = new SentHistory();
      histories[slot] = history;
    }
    return history;
  }

  /**
   * Keeps the packet that the fan holds; older ones give way.
   *
   * @param epoch names the source's counting; sources that share a history have different ones
   * @param sequence within the epoch, without wrap-around, at least 0
   * @param timestampTicks the source's own, in ticks of 48 kHz
   * @param marker the source's own
   */
  void put(long epoch, long sequence, int timestampTicks, boolean marker, OutgoingFan fan) {
    int length = fan.contentLength();
    int offset = (int) (position % CAPACITY);
    if (offset + length > CAPACITY) {
      position += CAPACITY - offset;
      offset = 0;
    }
    fan.copyContent(contents, offset);
    int place = (int) sequence & MASK;
    epochs[place] = epoch;
    sequences[place] = sequence;
    positions[place] = position;
    timestampsTicks[place] = timestampTicks;
    markers[place] = marker;
    position += length;
  }

  /** Finds a packet; false if it was never kept, or has given way. */
  boolean find(long epoch, long sequence) {
    found = (int) sequence & MASK;
    return sequences[found] == sequence
        && epochs[found] == epoch
        && position - positions[found] <= CAPACITY;
  }

  int timestampTicks() {
    return timestampsTicks[found];
  }

  boolean marker() {
    return markers[found];
  }

  /** Shows the packet found to the fan as older sound beside a newer packet's. */
  boolean addTo(OutgoingFan fan, int timestampOffsetTicks, int lengthMax) {
    int offset = (int) (positions[found] % CAPACITY);
    int length = OutgoingFan.payloadLength(contents, offset);
    if (length > lengthMax) {
      return false;
    }
    int payloadOffset = OutgoingFan.payloadOffset(contents, offset);
    fan.redundancy(contents, payloadOffset, length, timestampOffsetTicks);
    return true;
  }

  /** Starts to send the packet found once more; nothing may be put here until the fan's end. */
  void begin(OutgoingFan fan) {
    fan.beginAgain(contents, (int) (positions[found] % CAPACITY));
  }
}
