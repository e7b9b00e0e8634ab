package dev.parley.media.conference;

import dev.parley.media.conference.ParticipantDescription.Reception;
import dev.parley.media.conference.ParticipantDescription.Side;
import dev.parley.media.packet.ReceptionReport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One participant of a conference: its media sessions, one that carries both ways or one for each,
 * and what it is to the others whatever they are. Owned by one mix agent.
 */
final class Participant {
  /** More is a client's nonsense. */
  private static final long ROUND_TRIP_MAX_NS = 60_000_000_000L;

  private final Conference conference;
  private final int number;
  private final String participantId;
  private final int csrc;
  private @Nullable Leg sending;
  private @Nullable Leg receiving;
  private int lastPeerId;
  private Leg.State told = Leg.State.JOINING;
  private boolean isMuted;
  private boolean isHeld;
  private @Nullable Talker talker;
  private @Nullable MixListener mixListener;
  private @Nullable RedReceiver redReceiver;
  private final ReceptionFigures sent = new ReceptionFigures();
  private final ReceptionFigures received = new ReceptionFigures();
  private long roundTripNs = ReceptionReport.ROUND_TRIP_UNKNOWN;

  Participant(Conference conference, int number, ParticipantDescription admitted) {
    this.conference = conference;
    this.number = number;
    participantId = admitted.participantId();
    csrc = admitted.csrc();
    isMuted = admitted.muted();
  }

  Conference conference() {
    return conference;
  }

  /** Its number within the conference, from 0; used again after it left. */
  int number() {
    return number;
  }

  String participantId() {
    return participantId;
  }

  /** The number under which others hear it. */
  int csrc() {
    return csrc;
  }

  // Its sessions.

  /** Begins a session that carries nothing that another does. */
  Leg begin(ParticipantDescription admitted) {
    Leg leg = new Leg(admitted);
    lastPeerId = admitted.peerId();
    if (admitted.side() != Side.RECEIVING) {
      assert sending == null : participantId;
      sending = leg;
    }
    if (admitted.side() != Side.SENDING) {
      assert receiving == null : participantId;
      receiving = leg;
    }
    return leg;
  }

  void end(Leg leg) {
    sending = sending == leg ? null : sending;
    receiving = receiving == leg ? null : receiving;
  }

  /** By which its voice comes. */
  @Nullable Leg sending() {
    return sending;
  }

  /** By which it hears the others. */
  @Nullable Leg receiving() {
    return receiving;
  }

  /** The session with this peer, or null. */
  @Nullable Leg leg(int peerId) {
    if (sending != null && sending.peerId() == peerId) {
      return sending;
    }
    return receiving != null && receiving.peerId() == peerId ? receiving : null;
  }

  /** Shows each session; the action may end it. */
  void forEachLeg(Consumer<Leg> action) {
    Leg first = sending;
    Leg second = receiving;
    if (first != null) {
      action.accept(first);
    }
    if (second != null && second != first) {
      action.accept(second);
    }
  }

  /** True unless there is a session beside this one. */
  boolean isOnly(Leg leg) {
    return (sending == null || sending == leg) && (receiving == null || receiving == leg);
  }

  /** The peer of the session that was begun last. */
  int lastPeerId() {
    return lastPeerId;
  }

  /** How far it is: as far as the session that is farthest. */
  Leg.State state() {
    Leg.State ofSending = sending == null ? Leg.State.JOINING : sending.state();
    Leg.State ofReceiving = receiving == null ? Leg.State.JOINING : receiving.state();
    if (ofSending == Leg.State.CONNECTED || ofReceiving == Leg.State.CONNECTED) {
      return Leg.State.CONNECTED;
    }
    return ofSending == Leg.State.RECONNECTING ? ofSending : ofReceiving;
  }

  /** How far it was when that was told last. */
  Leg.State told() {
    return told;
  }

  void told(Leg.State state) {
    told = state;
  }

  // Of one who hears the others.

  Reception reception() {
    return listening().description().reception();
  }

  int loopIndex() {
    return listening().loopIndex();
  }

  /** The event loop and peer by which it hears the others, see {@link Seat}. */
  long seat() {
    return Seat.of(listening().loopIndex(), listening().peerId());
  }

  private Leg listening() {
    Leg leg = receiving;
    assert leg != null : "not a listener: " + participantId;
    return leg;
  }

  // The rest.

  boolean isMuted() {
    return isMuted;
  }

  void muted(boolean muted) {
    isMuted = muted;
  }

  /** True while it neither hears the others nor is heard. */
  boolean isHeld() {
    return isHeld;
  }

  void held(boolean held) {
    isHeld = held;
  }

  /** True while it is not heard, for whatever reason. */
  boolean isSilent() {
    return isMuted || isHeld;
  }

  /** Null for one who may only listen. */
  @Nullable Talker talker() {
    return talker;
  }

  void talker(@Nullable Talker newTalker) {
    talker = newTalker;
  }

  /** Null unless it hears a mix now. */
  @Nullable MixListener mixListener() {
    return mixListener;
  }

  void mixListener(@Nullable MixListener newMixListener) {
    mixListener = newMixListener;
  }

  /** How what its client sends comes here. */
  ReceptionFigures sent() {
    return sent;
  }

  /** How what its client is sent comes there. */
  ReceptionFigures received() {
    return received;
  }

  /** From us to its client and back, or {@link ReceptionReport#ROUND_TRIP_UNKNOWN}. */
  long roundTripNs() {
    return roundTripNs;
  }

  /** Takes in what its client reported. */
  void onReceptionReport(ReceptionReport report) {
    received.onReport(report.fractionLost(), report.jitterTicks());
    if (report.roundTripNs() != ReceptionReport.ROUND_TRIP_UNKNOWN) {
      roundTripNs = Math.min(report.roundTripNs(), ROUND_TRIP_MAX_NS);
    }
  }

  /** Null unless it is forwarded packets now, and takes RED. */
  @Nullable RedReceiver redReceiver() {
    return redReceiver;
  }

  void redReceiver(@Nullable RedReceiver newRedReceiver) {
    redReceiver = newRedReceiver;
  }
}
