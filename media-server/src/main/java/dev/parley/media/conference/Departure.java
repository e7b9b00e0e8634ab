package dev.parley.media.conference;

import org.agrona.collections.IntArrayList;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A conference that leaves its mix agent: first every event loop is to turn its peers to the other
 * agent, then what the loops had written before is to be read. Owned by the agent it leaves.
 */
final class Departure {
  private final ConferenceMove move;
  private final @Nullable Conference conference;
  private final IntArrayList[] peersOfLoop;
  private final boolean[] isAsked;

  /**
   * Begins to leave.
   *
   * @param conference null if it has ended
   */
  Departure(ConferenceMove move, @Nullable Conference conference, int loopCount) {
    this.move = move;
    this.conference = conference;
    peersOfLoop = new IntArrayList[loopCount];
    isAsked = new boolean[loopCount];
    for (int loop = 0; loop < loopCount; loop++) {
      peersOfLoop[loop] = new IntArrayList();
    }
    if (conference != null) {
      conference.forEachParticipant(participant ->
          participant.forEachLeg(leg -> peersOfLoop[leg.loopIndex()].addInt(leg.peerId())));
    }
  }

  /** The conference as it was called for: null if it had ended. */
  @Nullable Conference conference() {
    return conference;
  }

  /** Asks the loops that have not been asked yet; true once nothing can come here any more. */
  boolean isDrained(RingBuffer[] inbound) {
    boolean isDrained = true;
    for (int loop = 0; loop < peersOfLoop.length; loop++) {
      if (!peersOfLoop[loop].isEmpty()) {
        isAsked[loop] = isAsked[loop] || move.turn(loop, peersOfLoop[loop].toIntArray());
        isDrained &= move.isDrained(loop, inbound[loop]);
      }
    }
    return isDrained;
  }

  void leave(@Nullable Conference leaving, RingBuffer[] outbound, long nowNs) {
    move.leave(leaving, outbound, nowNs);
  }
}
