package dev.parley.media.conference;

import dev.parley.media.rtp.RedPacket;
import org.jspecify.annotations.Nullable;

/** A participant as one who is heard. Owned by one mix agent. */
final class Talker {
  private final int number;
  private final int csrc;
  private final int payloadType;
  private final int redPayloadType;
  private boolean mustMeasureLevel;
  private boolean isMixed;
  private boolean isHeard;
  private boolean isAwake;
  private @Nullable TalkerSound sound;
  private final PreRoll preRoll = new PreRoll();

  /** Of the first packet that may be heard, while {@link #isOpen}. */
  private int openedTicks;

  private boolean isOpen;

  Talker(int number, int csrc, int payloadType, int redPayloadType) {
    this.number = number;
    this.csrc = csrc;
    this.payloadType = payloadType;
    this.redPayloadType = redPayloadType;
  }

  /** The participant's number, by which levels, ranking and plan know the talker. */
  int number() {
    return number;
  }

  /** The number under which others hear the talker, on the wire. */
  int csrc() {
    return csrc;
  }

  int payloadType() {
    return payloadType;
  }

  /** The number under which the talker may send RED, or one that no packet has. */
  int redPayloadType() {
    return redPayloadType;
  }

  /** What was said until now, or will be from now on, is not to be heard. */
  void close() {
    isOpen = false;
    preRoll.clear();
  }

  /** True from the first packet on that may be heard. */
  boolean isOpen() {
    return isOpen;
  }

  /** What may yet be heard of what was said just now. */
  PreRoll preRoll() {
    return preRoll;
  }

  /** A packet may be heard: the first one opens the talker. */
  void open(int timestampTicks) {
    if (!isOpen) {
      isOpen = true;
      openedTicks = timestampTicks;
    }
  }

  /** True if sound that is so much older than a packet may be heard beside it. */
  boolean mayRepeat(int timestampTicks, int olderTicks) {
    int sinceOpenedTicks = timestampTicks - olderTicks - openedTicks;
    // Far before: the talker's clock has been set anew.
    return isOpen
        && (sinceOpenedTicks >= 0 || sinceOpenedTicks < -2 * RedPacket.TIMESTAMP_OFFSET_MAX);
  }

  /** True once a packet came without a level: it is then decoded, each tick, to be measured. */
  boolean mustMeasureLevel() {
    return mustMeasureLevel;
  }

  void measureLevel() {
    mustMeasureLevel = true;
  }

  /** True if this tick's mix has a place for the talker, so that he needs a mix of his own. */
  boolean isMixed() {
    return isMixed;
  }

  /** True if this tick's mix has sound of the talker. */
  boolean isHeard() {
    return isHeard;
  }

  void mixed(boolean mixed, boolean heard) {
    isMixed = mixed;
    isHeard = heard;
  }

  /** True while the talker's packets are kept for mixes, since there is sound in them. */
  boolean isAwake() {
    return isAwake;
  }

  void awake(boolean awake) {
    isAwake = awake;
  }

  /** Null while nobody needs the talker decoded. */
  @Nullable TalkerSound sound() {
    return sound;
  }

  void sound(@Nullable TalkerSound newSound) {
    sound = newSound;
  }
}
