package dev.parley.media.conference;

import org.jspecify.annotations.Nullable;

/** One participant of a conference and how far its media session is. Owned by one mix agent. */
final class Participant {
  /** How far the media session is. */
  enum State {
    /** Admitted; no path yet. */
    JOINING,
    /** Media may flow. */
    CONNECTED,
    /** Not heard of for a few seconds; media is still sent. */
    RECONNECTING,
    /** Out of the conference. */
    GONE
  }

  private final Conference conference;
  private final int number;
  private ParticipantDescription description;
  private State state = State.JOINING;
  private boolean isMuted;
  private boolean isHeld;
  private @Nullable Talker talker;
  private @Nullable MixListener mixListener;
  private @Nullable RedReceiver redReceiver;

  Participant(Conference conference, int number, ParticipantDescription description) {
    this.conference = conference;
    this.number = number;
    this.description = description;
    isMuted = description.muted();
  }

  Conference conference() {
    return conference;
  }

  /** Its number within the conference, from 0; used again after it left. */
  int number() {
    return number;
  }

  ParticipantDescription description() {
    return description;
  }

  /** Puts a new media session in the place of the old one. */
  void description(ParticipantDescription newDescription) {
    description = newDescription;
    state = State.JOINING;
  }

  int peerId() {
    return description.peerId();
  }

  int loopIndex() {
    return description.loopIndex();
  }

  /** Its event loop and peer, see {@link Seat}. */
  long seat() {
    return Seat.of(description.loopIndex(), description.peerId());
  }

  String participantId() {
    return description.participantId();
  }

  State state() {
    return state;
  }

  void state(State newState) {
    state = newState;
  }

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

  /** Null unless it is forwarded packets now, and takes RED. */
  @Nullable RedReceiver redReceiver() {
    return redReceiver;
  }

  void redReceiver(@Nullable RedReceiver newRedReceiver) {
    redReceiver = newRedReceiver;
  }
}
