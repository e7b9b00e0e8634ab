package dev.parley.media.forward;

/**
 * Which source each of a receiving line's latest sequence numbers came from, to find again what the
 * receiver has lost. A source's stay on the line is a run of numbers that are the source's own plus
 * a constant. Owned by one mix agent.
 */
public final class SourceStays {
  /** Stays remembered: speakers do not change oftener within the time of a retransmission. */
  public static final int COUNT = 4;

  private final long[] epochs = new long[COUNT];
  private final long[] firstSequences = new long[COUNT];
  private final long[] sequenceOffsets = new long[COUNT];
  private final long[] timestampOffsets = new long[COUNT];
  private final boolean[] firstIsMarked = new boolean[COUNT];
  private int begunCount;
  private int found;
  private long sequence;

  /**
   * Begins a stay, which ends the one before.
   *
   * @param epoch names the source and its counting, and no other
   * @param firstSequence on the line, counted without wrap-around
   * @param sequenceOffset what the line's numbers are ahead of the source's
   * @param timestampOffset likewise, in ticks of 48 kHz
   * @param isMarked whether the stay's first packet has the marker, whatever its source said
   */
  public void begin(
      long epoch, long firstSequence, long sequenceOffset, long timestampOffset, boolean isMarked) {
    int stay = begunCount & COUNT - 1;
    epochs[stay] = epoch;
    firstSequences[stay] = firstSequence;
    sequenceOffsets[stay] = sequenceOffset;
    timestampOffsets[stay] = timestampOffset;
    firstIsMarked[stay] = isMarked;
    begunCount++;
  }

  /**
   * Finds the packet with a sequence number on the line, 0..65535, given the line's next one. False
   * if none was sent under it of late.
   */
  public boolean find(int sequenceNumber, long nextSequence) {
    long newest = nextSequence - 1;
    sequence = newest + (short) (sequenceNumber - (int) newest);
    if (sequence > newest) {
      return false;
    }
    for (int i = 1; i <= Math.min(begunCount, COUNT); i++) {
      found = begunCount - i & COUNT - 1;
      if (firstSequences[found] <= sequence) {
        return true;
      }
    }
    return false;
  }

  /**
   * The latest packet of a source that was sent on the line, by its source's own number; -1 if none
   * was of late. The line's next number is given.
   */
  long latestOf(long epoch, long nextSequence) {
    long end = nextSequence;
    for (int i = 1; i <= Math.min(begunCount, COUNT); i++) {
      int stay = begunCount - i & COUNT - 1;
      if (epochs[stay] == epoch) {
        return end - 1 - sequenceOffsets[stay];
      }
      end = firstSequences[stay];
    }
    return -1;
  }

  /** The source of the packet found. */
  public long epoch() {
    return epochs[found];
  }

  /** Its source's own number for the packet found. */
  public long sourceSequence() {
    return sequence - sequenceOffsets[found];
  }

  /** The line's timestamp for a timestamp of the source found; both in ticks of 48 kHz. */
  public int timestampTicks(int sourceTimestampTicks) {
    return sourceTimestampTicks + (int) timestampOffsets[found];
  }

  /** True if the packet found has the marker whatever its source said. */
  public boolean isMarked() {
    return firstIsMarked[found] && firstSequences[found] == sequence;
  }
}
