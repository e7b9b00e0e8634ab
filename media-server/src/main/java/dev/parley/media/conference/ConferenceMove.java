package dev.parley.media.conference;

import dev.parley.media.packet.MediaRing;
import java.nio.ByteBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One conference's way from a mix agent to another. It goes through {@link Stage}s, each of which
 * has one writer; whoever sees the next stage sees all that was written before it.
 *
 * <ol>
 *   <li>The new agent holds whatever comes for the conference, and calls for it.
 *   <li>The old agent lets the event loops turn the conference's peers to the new one, and runs it
 *       on until it has read all that they had written to itself.
 *   <li>It lets go of the conference between two ticks.
 *   <li>The new agent waits until the loops have sent what the old one had for them, takes the
 *       conference up, and does what it held, in order.
 * </ol>
 *
 * <p>One at a time for each agent. Any thread may ask how far it is.
 */
public final class ConferenceMove {
  /** How far it is. */
  public enum Stage {
    /** The old agent runs the conference; the new one holds what comes for it. */
    UNDER_WAY,
    /** The old agent has let go of it, or found that it had ended. */
    LEFT,
    /** The new agent runs it, or nobody does, since it had ended. */
    SETTLED
  }

  private static final long NOT_TURNED = -1;

  private final String conferenceId;
  private final ConferenceAgentProxy from;
  private final PeerRouting routing;

  /** Messages of event loops; the new agent's. */
  private final RingBuffer held;

  /** For each loop, how far it had written to the old agent. Written by the loop. */
  private final AtomicBuffer turnedPositions;

  private volatile Stage stage = Stage.UNDER_WAY;

  // Written by the old agent before it says that the conference has left.

  private @Nullable Conference conference;
  private RingBuffer[] outbound = {};
  private long[] sentPositions = {};
  private long leftNs;

  // Written by the new agent before it says that the conference has settled.

  private long settledNs;

  /**
   * A move that has not begun.
   *
   * @param from the agent that runs the conference now
   * @param routing turns peers to the agent that shall run it
   */
  public ConferenceMove(
      String conferenceId, ConferenceAgentProxy from, PeerRouting routing, int loopCount) {
    this(conferenceId, from, routing, loopCount, MediaRing.create());
  }

  ConferenceMove(
      String conferenceId,
      ConferenceAgentProxy from,
      PeerRouting routing,
      int loopCount,
      RingBuffer held) {
    this.held = held;
    this.conferenceId = conferenceId;
    this.from = from;
    this.routing = routing;
    turnedPositions = new UnsafeBuffer(ByteBuffer.allocateDirect(loopCount * Long.BYTES));
    for (int loop = 0; loop < loopCount; loop++) {
      turnedPositions.putLong(loop * Long.BYTES, NOT_TURNED);
    }
  }

  /** Which conference moves. */
  public String conferenceId() {
    return conferenceId;
  }

  /** How far it is. */
  public Stage stage() {
    return stage;
  }

  /** Once settled: true if there was a conference to move. */
  public boolean hasMoved() {
    return conference != null;
  }

  /** Once settled: for how long nobody ran the conference, in nanoseconds. */
  public long pauseNs() {
    return settledNs - leftNs;
  }

  // The event loops'.

  void turned(int loop, long position) {
    turnedPositions.putLongRelease(loop * Long.BYTES, position);
  }

  // The old agent's.

  /** False if the loop is too far behind. */
  boolean turn(int loop, int[] peerIds) {
    return routing.turn(loop, peerIds, position -> turned(loop, position));
  }

  /** True once the old agent has read all that a loop wrote to it before it turned the peers. */
  boolean isDrained(int loop, RingBuffer inbound) {
    long position = turnedPositions.getLongAcquire(loop * Long.BYTES);
    return position != NOT_TURNED && inbound.consumerPosition() >= position;
  }

  /** Hands the conference over; the old agent must not touch it any more. */
  void leave(@Nullable Conference leaving, RingBuffer[] outboundRings, long nowNs) {
    conference = leaving;
    outbound = outboundRings;
    sentPositions = new long[outbound.length];
    for (int loop = 0; loop < outbound.length; loop++) {
      sentPositions[loop] = outbound[loop].producerPosition();
    }
    leftNs = nowNs;
    stage = Stage.LEFT;
  }

  // The new agent's.

  ConferenceAgentProxy from() {
    return from;
  }

  RingBuffer held() {
    return held;
  }

  /**
   * True once the old agent has let go, and all that it had for the conference's listeners is sent:
   * what the new agent has for them goes by another ring, which must not be read before.
   */
  boolean mayTakeUp() {
    if (stage != Stage.LEFT) {
      return false;
    }
    for (int loop = 0; loop < outbound.length; loop++) {
      if (outbound[loop].consumerPosition() < sentPositions[loop]) {
        return false;
      }
    }
    return true;
  }

  /** Once it has left: null if it had ended. */
  @Nullable Conference conference() {
    return conference;
  }

  void settle(long nowNs) {
    settledNs = nowNs;
    stage = Stage.SETTLED;
  }
}
