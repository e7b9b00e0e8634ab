package dev.parley.media.conference;

import org.jspecify.annotations.Nullable;

/** A participant as one who is heard. Owned by one mix agent. */
final class Talker {
  private final int number;
  private final int csrc;
  private final int payloadType;
  private boolean mustMeasureLevel;
  private boolean isMixed;
  private boolean isHeard;
  private @Nullable TalkerSound sound;

  Talker(int number, int csrc, int payloadType) {
    this.number = number;
    this.csrc = csrc;
    this.payloadType = payloadType;
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

  /** Null while nobody needs the talker decoded. */
  @Nullable TalkerSound sound() {
    return sound;
  }

  void sound(@Nullable TalkerSound newSound) {
    sound = newSound;
  }
}
