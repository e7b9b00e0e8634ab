package dev.parley.media.conference;

import dev.parley.media.packet.Limits;
import dev.parley.media.rtp.SequenceNumbers;

/**
 * A receiver of forwarded packets who takes RED: whether it loses so many that older sound is put
 * beside, and which of each line's latest packets it got as RED, to repeat them as they were. Owned
 * by one mix agent.
 */
final class RedReceiver {
  private static final int NONE = -1;
  private static final int MASK = Limits.RETRANSMITTABLE_PACKETS - 1;

  private final SmoothedLoss loss = new SmoothedLoss();

  /** Of each line: the newest sequence number, or -1. */
  private final int[] newest;

  /** Of each line: a bit for each of the newest packets, at its number's place. */
  private final long[] sentAsRed;

  RedReceiver(int lineCount) {
    newest = new int[lineCount];
    sentAsRed = new long[lineCount];
    for (int line = 0; line < lineCount; line++) {
      newest[line] = NONE;
    }
  }

  /** Takes in what the receiver's client reported of one stream, 0..255 in 256ths. */
  void onFractionLost(int fractionLost) {
    loss.onFractionLost(fractionLost);
  }

  /** True while older sound is worth its bytes to this receiver. */
  boolean isLossy() {
    return loss.percent() >= SmoothedLoss.STEP_PERCENT;
  }

  /** Remembers how a packet is sent. */
  void onSent(int line, int sequenceNumber, boolean asRed) {
    int ahead = newest[line] == NONE ? 1 : SequenceNumbers.difference(sequenceNumber, newest[line]);
    if (ahead > 0) {
      newest[line] = sequenceNumber;
    }
    // One so late has no place any more; nor is it kept to be sent again.
    if (ahead > -Limits.RETRANSMITTABLE_PACKETS) {
      long bit = 1L << (sequenceNumber & MASK);
      sentAsRed[line] = asRed ? sentAsRed[line] | bit : sentAsRed[line] & ~bit;
    }
  }

  /** True if the packet, one of the line's latest, was sent as RED. */
  boolean wasSentAsRed(int line, int sequenceNumber) {
    return line < sentAsRed.length && (sentAsRed[line] >>> (sequenceNumber & MASK) & 1) != 0;
  }
}
