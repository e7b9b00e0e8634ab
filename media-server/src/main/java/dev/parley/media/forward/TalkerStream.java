package dev.parley.media.forward;

/**
 * One talker's RTP stream with its 16-bit sequence numbers and 32-bit timestamps counted on without
 * wrap-around. A new SSRC, or a jump that two packets in a row confirm, begins a new stream (RFC
 * 3550 appendix A.1). Owned by one mix agent.
 */
final class TalkerStream {
  /** A jump ahead further than this is a restart, not a loss (RFC 3550 appendix A.1). */
  static final int DROPOUT_MAX = 3000;

  /** A packet later than this is not worth passing on (RFC 3550 appendix A.1). */
  static final int MISORDER_MAX = 100;

  /** Where counting starts, so that earlier packets and negative steps stay above zero. */
  private static final long START = 1L << 40;

  private static final int NONE = -1;

  private boolean hasBegun;
  private int ssrc;
  private long epoch;
  private int suspectSequenceNumber = NONE;
  private long highestSequence;
  private long sequence;
  private long timestamp;

  /** Starts with an epoch below those of the stream's own packets and above all others'. */
  TalkerStream(long epoch) {
    this.epoch = epoch;
  }

  /** Counts one packet in. False if it is to be dropped: far too late, or an unconfirmed jump. */
  boolean accept(int ssrc, int sequenceNumber, int timestampTicks) {
    if (!hasBegun || ssrc != this.ssrc) {
      restart(ssrc, sequenceNumber, timestampTicks);
      return true;
    }
    int step = (short) (sequenceNumber - (int) highestSequence);
    if (step > DROPOUT_MAX || step < -MISORDER_MAX) {
      if (sequenceNumber != suspectSequenceNumber) {
        suspectSequenceNumber = (sequenceNumber + 1) & 0xFFFF;
        return false;
      }
      restart(ssrc, sequenceNumber, timestampTicks);
      return true;
    }
    suspectSequenceNumber = NONE;
    sequence = highestSequence + step;
    highestSequence = Math.max(highestSequence, sequence);
    timestamp += timestampTicks - (int) timestamp;
    return true;
  }

  private void restart(int ssrc, int sequenceNumber, int timestampTicks) {
    hasBegun = true;
    this.ssrc = ssrc;
    epoch++;
    suspectSequenceNumber = NONE;
    sequence = START + sequenceNumber;
    highestSequence = sequence;
    timestamp = START + (timestampTicks & 0xFFFF_FFFFL);
  }

  /** Goes back to a packet that was accepted before, by its numbers without wrap-around. */
  void revisit(long acceptedSequence, long acceptedTimestamp) {
    assert acceptedSequence <= highestSequence : acceptedSequence;
    sequence = acceptedSequence;
    timestamp = acceptedTimestamp;
  }

  /** Changes whenever sequence and timestamp start anew; no other stream has the same. */
  long epoch() {
    return epoch;
  }

  /** The accepted packet's sequence number, counted without wrap-around. */
  long sequence() {
    return sequence;
  }

  /** The accepted packet's timestamp in ticks of 48 kHz, counted without wrap-around. */
  long timestamp() {
    return timestamp;
  }
}
