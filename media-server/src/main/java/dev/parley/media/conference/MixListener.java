package dev.parley.media.conference;

import org.jspecify.annotations.Nullable;

/**
 * A participant who hears a mix: the class it listens with, the encoder of its own while it is
 * itself in the mix, and its RTP numbers. Owned by one mix agent.
 */
final class MixListener {
  private static final int LOSS_SMOOTHING = 4;

  private final Participant participant;
  private final MixClass mixClass;
  private final int timestampOffset;
  private int sequenceNumber;
  private boolean hasBegun;
  private int lossPercent;
  private @Nullable MixOutput ownOutput;

  /** Its numbers start where the seed sets them (RFC 3550 section 5.1). */
  MixListener(Participant participant, MixClass mixClass, long seed) {
    this.participant = participant;
    this.mixClass = mixClass;
    timestampOffset = (int) seed;
    // The top bit is left clear, so that a first loss is not taken for a wrap-around (RFC 3711
    // section 3.3.1).
    sequenceNumber = (int) (seed >>> 49);
  }

  Participant participant() {
    return participant;
  }

  MixClass mixClass() {
    return mixClass;
  }

  /** Null while it hears what all of its class hear. */
  @Nullable MixOutput ownOutput() {
    return ownOutput;
  }

  void ownOutput(@Nullable MixOutput output) {
    ownOutput = output;
  }

  /** Names this listener as a target of the packet being fanned out. */
  void addTo(OutgoingFan fan, int expected, int mixTimestampTicks, boolean marker) {
    boolean isMarked = marker || !hasBegun;
    hasBegun = true;
    fan.addTarget(
        participant, expected, 0, sequenceNumber, timestampOffset + mixTimestampTicks, isMarked);
    sequenceNumber = (sequenceNumber + 1) & 0xFFFF;
  }

  /** Takes in what the listener's client reported, 0..255 in 256ths. */
  void onFractionLost(int fractionLost) {
    int percent = (fractionLost * 100) >> 8;
    lossPercent += (percent - lossPercent) / LOSS_SMOOTHING;
    lossPercent = percent > lossPercent ? lossPercent + 1 : lossPercent;
  }

  /** Packets in a hundred that get lost on the way to this listener. */
  int lossPercent() {
    return lossPercent;
  }
}
