package dev.parley.media.conference;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the receivers of forwarded packets are, by their numbers: side by side, so that a packet to
 * hundreds need not wait for the memory of each one's {@link Participant}. A participant stays in
 * its seat for as long as it listens. Owned by one mix agent.
 */
final class ForwardSeats {
  private static final int INITIAL_CAPACITY = 8;

  private long[] seats = new long[INITIAL_CAPACITY];
  private @Nullable RedReceiver[] redReceivers = new RedReceiver[INITIAL_CAPACITY];

  /** Notes where one who begins to listen is, in the place of whoever had its number. */
  void put(Participant participant) {
    int number = participant.number();
    if (number >= seats.length) {
      int capacity = Math.max(number + 1, 2 * seats.length);
      seats = Arrays.copyOf(seats, capacity);
      redReceivers = Arrays.copyOf(redReceivers, capacity);
    }
    seats[number] = participant.seat();
    redReceivers[number] = participant.redReceiver();
  }

  /** Its event loop and peer, see {@link Seat}. */
  long seatOf(int number) {
    return seats[number];
  }

  /** Null if it takes no RED. */
  @Nullable RedReceiver redReceiverOf(int number) {
    return redReceivers[number];
  }
}
