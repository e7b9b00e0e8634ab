package dev.parley.media.conference;

import dev.parley.media.packet.MediaRing;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * While a conference moves, a loop turns a peer after it has written its last packet to the old
 * agent; the old agent hands over what it made of that packet; and the new agent, if it sees that
 * it may take the conference up, sees all of it, and that the loop has read what the old agent had
 * written to it.
 */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "Not turned yet.")
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "The old agent has let go.")
@Outcome(id = "1, 2, 1", expect = Expect.ACCEPTABLE, desc = "The new agent has taken it up.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Something was left behind, or overtaken.")
@State
public class ConferenceMoveStress {
  /** Enough for the others to come in between, now and then. */
  private static final int ATTEMPTS = 30;

  private static final int CAPACITY = 1 << 10;
  private static final int MESSAGE_TYPE = 1;
  private static final int MESSAGE_LENGTH = 8;
  private static final ConferenceAgentProxy NOBODY = new ConferenceAgentProxy(() -> {});

  private final RingBuffer inbound = MediaRing.ofCapacity(CAPACITY);
  private final RingBuffer outbound = MediaRing.ofCapacity(CAPACITY);
  private final ConferenceMove move =
      new ConferenceMove(
          "room", NOBODY, (loop, peerIds, onTurned) -> true, 1, MediaRing.ofCapacity(CAPACITY));

  /** A conference's state, as plain as all of it. */
  private int packetsHandled;

  /** What a listener was sent. */
  private int packetsSent;

  private static void write(RingBuffer ring) {
    ring.commit(ring.tryClaim(MESSAGE_TYPE, MESSAGE_LENGTH));
  }

  /** The new agent's thread: its loop turns the peer, and the agent takes up what comes. */
  @Actor
  public void newAgent(III_Result result) {
    write(inbound);
    move.turned(0, inbound.producerPosition());
    boolean mayTakeUp = false;
    for (int i = 0; i < ATTEMPTS && !mayTakeUp; i++) {
      outbound.read((type, buffer, index, length) -> packetsSent++);
      mayTakeUp = move.mayTakeUp();
    }
    if (mayTakeUp) {
      result.r2 = packetsHandled;
      result.r3 = packetsSent;
    }
  }

  /** The old agent, some cycles. */
  @Actor
  public void oldAgent(III_Result result) {
    for (int i = 0; i < ATTEMPTS && !move.isDrained(0, inbound); i++) {
      inbound.read((type, buffer, index, length) -> packetsHandled++);
    }
    if (move.isDrained(0, inbound)) {
      packetsHandled++;
      write(outbound);
      result.r1 = 1;
      move.leave(null, new RingBuffer[] {outbound}, 1);
    }
  }
}
