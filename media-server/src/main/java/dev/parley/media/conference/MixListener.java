package dev.parley.media.conference;

import dev.parley.media.forward.SourceStays;
import dev.parley.media.packet.LostPackets;
import org.jspecify.annotations.Nullable;

/**
 * A participant who hears a mix: the class it listens with, the encoder of its own while it is
 * itself in the mix, and its RTP numbers. Owned by one mix agent.
 */
final class MixListener {
  /** Where counting starts, so that earlier numbers stay above zero. */
  private static final long SEQUENCE_START = 1L << 40;

  private final Participant participant;

  /** The participant's, who listens anew in each of its sessions. */
  private final long seat;

  private final MixClass mixClass;
  private final int timestampOffset;
  private final long firstSequence;
  private final SmoothedLoss loss = new SmoothedLoss();
  private final SourceStays stays = new SourceStays();

  /** Of the output of each stay, in the order of their beginnings. */
  private final @Nullable SentHistory[] histories = new SentHistory[SourceStays.COUNT];

  private int stayCount;
  private long nextSequence;
  private long outputEpoch;
  private @Nullable MixOutput ownOutput;
  private boolean isHeld;

  /** Its numbers start where the seed sets them (RFC 3550 section 5.1). */
  MixListener(Participant participant, MixClass mixClass, long seed) {
    this.participant = participant;
    seat = participant.seat();
    this.mixClass = mixClass;
    timestampOffset = (int) seed;
    // The top bit is left clear, so that a first loss is not taken for a wrap-around (RFC 3711
    // section 3.3.1).
    firstSequence = SEQUENCE_START + (seed >>> 49);
    nextSequence = firstSequence;
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

  /** Sends it nothing while it is on hold; its numbers go on afterwards. */
  void hold(boolean held) {
    isHeld = held;
    // What is sent next is not what follows the last: its numbers are to be found anew.
    outputEpoch = 0;
  }

  /** Names this listener as a target of the packet being fanned out, which the output produced. */
  void addTo(OutgoingFan fan, int expected, int mixTimestampTicks, MixOutput output) {
    if (isHeld) {
      return;
    }
    if (output.epoch() != outputEpoch) {
      beginStay(output);
    }
    int sequenceNumber = (int) nextSequence & 0xFFFF;
    int timestampTicks = timestampOffset + mixTimestampTicks;
    boolean isMarked = output.marker() || nextSequence == firstSequence;
    fan.addTarget(seat, expected, 0, sequenceNumber, timestampTicks, isMarked);
    nextSequence++;
  }

  private void beginStay(MixOutput output) {
    outputEpoch = output.epoch();
    long sequenceOffset = nextSequence - output.packetCount();
    boolean isMarked = nextSequence == firstSequence;
    stays.begin(outputEpoch, nextSequence, sequenceOffset, timestampOffset, isMarked);
    histories[stayCount++ & SourceStays.COUNT - 1] = output.history();
  }

  /** Sends again what the listener lost. */
  void onLostPackets(LostPackets lost, Retransmitter retransmitter) {
    for (int i = 0; i < LostPackets.COUNT_MAX; i++) {
      if (lost.isLost(i)) {
        int sequenceNumber = lost.sequenceNumber(i);
        boolean isKnown = lost.line() == 0 && stays.find(sequenceNumber, nextSequence);
        retransmitter.send(
            participant, lost.line(), sequenceNumber, isKnown ? stays : null, histories);
      }
    }
  }

  /** The outputs' histories from which it may yet be sent something again; an entry may be null. */
  @Nullable SentHistory[] histories() {
    return histories;
  }

  /** Takes in what the listener's client reported, 0..255 in 256ths. */
  void onFractionLost(int fractionLost) {
    loss.onFractionLost(fractionLost);
  }

  /** Packets in a hundred that get lost on the way to this listener. */
  int lossPercent() {
    return loss.percent();
  }
}
