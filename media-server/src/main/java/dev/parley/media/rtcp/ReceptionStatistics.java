package dev.parley.media.rtcp;

/**
 * Counts what arrived of one received stream, for its report blocks: loss (RFC 3550 appendices A.1
 * and A.3), interarrival jitter (A.8) and the last sender report. Fed with authenticated packets
 * only. Owned by one event loop.
 */
public final class ReceptionStatistics {
  /** A forward jump of more than this is a restarted sender, not loss (appendix A.1). */
  static final int DROPOUT_MAX = 3000;

  /** A packet this late or less is only reordered (appendix A.1). */
  static final int MISORDER_MAX = 100;

  private static final int NO_SEQUENCE_NUMBER = -1;
  private static final int CUMULATIVE_LOST_MAX = 0x7FFFFF;
  private static final int CUMULATIVE_LOST_MIN = -0x800000;
  private static final long NS_PER_3_TICKS_AT_48_KHZ = 62_500;

  private int ssrc;
  private boolean started;
  private long firstExtended;
  private long highestExtended;
  private long receivedCount;
  private long expectedBefore;
  private long receivedBefore;
  private long receivedInInterval;
  private int reportedFractionLost;
  private int restartCandidate;
  private int transitTicks;
  private int scaledJitter;
  private int lastSenderReport;
  private long lastSenderReportNs;

  /** Forgets everything and starts with a new stream. */
  public void reset(int ssrc) {
    this.ssrc = ssrc;
    started = false;
    lastSenderReport = 0;
    scaledJitter = 0;
    receivedInInterval = 0;
    reportedFractionLost = 0;
  }

  /** Counts a packet. Its arrival is on the process's monotonic clock; the clock rate is 48 kHz. */
  public void onPacket(int sequenceNumber, int timestampTicks, long arrivalNs) {
    int arrivalTicks = (int) ticksOfNs(arrivalNs);
    if (!started) {
      start(sequenceNumber, arrivalTicks - timestampTicks);
      return;
    }
    int ahead = (short) (sequenceNumber - (int) highestExtended);
    if (ahead > DROPOUT_MAX || ahead < -MISORDER_MAX) {
      // Two in a row show that the sender has jumped; one alone is a stray.
      if (sequenceNumber == restartCandidate) {
        start(sequenceNumber, arrivalTicks - timestampTicks);
      } else {
        restartCandidate = (sequenceNumber + 1) & 0xFFFF;
      }
      return;
    }
    restartCandidate = NO_SEQUENCE_NUMBER;
    if (ahead > 0) {
      highestExtended += ahead;
    }
    receivedCount++;
    countJitter(arrivalTicks - timestampTicks);
  }

  private void start(int sequenceNumber, int transitTicks) {
    started = true;
    firstExtended = sequenceNumber;
    highestExtended = sequenceNumber;
    receivedCount = 1;
    expectedBefore = 0;
    receivedBefore = 0;
    restartCandidate = NO_SEQUENCE_NUMBER;
    this.transitTicks = transitTicks;
    scaledJitter = 0;
  }

  private void countJitter(int transitTicks) {
    // At most a second a packet: a sender that jumps its timestamps must not overflow the estimate.
    int difference = Math.min(Math.abs(transitTicks - this.transitTicks) & 0x7FFFFFFF, 48_000);
    this.transitTicks = transitTicks;
    scaledJitter += difference - ((scaledJitter + 8) >> 4);
  }

  private static long ticksOfNs(long ns) {
    return ns / NS_PER_3_TICKS_AT_48_KHZ * 3
        + ns % NS_PER_3_TICKS_AT_48_KHZ * 3 / NS_PER_3_TICKS_AT_48_KHZ;
  }

  /** Remembers the sender report that just came, for LSR and DLSR. */
  public void onSenderReport(long ntpTimestamp, long arrivalNs) {
    lastSenderReport = NtpTime.middle(ntpTimestamp);
    lastSenderReportNs = arrivalNs;
  }

  public int ssrc() {
    return ssrc;
  }

  /** True once a packet was counted: before that there is nothing to report. */
  public boolean hasStarted() {
    return started;
  }

  /**
   * Loss since this was asked last, in 256ths of what was expected, 0..255; starts a new interval.
   */
  public int takeFractionLost() {
    long expected = expectedCount();
    long expectedInterval = expected - expectedBefore;
    long lostInterval = expectedInterval - (receivedCount - receivedBefore);
    receivedInInterval = receivedCount - receivedBefore;
    expectedBefore = expected;
    receivedBefore = receivedCount;
    reportedFractionLost =
        expectedInterval <= 0 || lostInterval <= 0
            ? 0
            : (int) Math.min(255, (lostInterval << 8) / expectedInterval);
    return reportedFractionLost;
  }

  /** What {@link #takeFractionLost} answered last, 0..255. */
  public int reportedFractionLost() {
    return reportedFractionLost;
  }

  /** True if packets came in the interval that {@link #takeFractionLost} closed last. */
  public boolean hasReportedReception() {
    return receivedInInterval > 0;
  }

  /** True if packets are missing since {@link #takeFractionLost} was asked last. */
  public boolean hasLost() {
    return expectedCount() - expectedBefore > receivedCount - receivedBefore;
  }

  /** Loss since the start, held within 24 bits; negative with duplicates. */
  public int cumulativeLost() {
    return Math.clamp(expectedCount() - receivedCount, CUMULATIVE_LOST_MIN, CUMULATIVE_LOST_MAX);
  }

  /** Cycles in the high 16 bits, highest sequence number in the low ones. */
  public int extendedHighestSequenceNumber() {
    return (int) highestExtended;
  }

  /** Interarrival jitter in ticks of 48 kHz. */
  public int jitterTicks() {
    return scaledJitter >> 4;
  }

  public long receivedCount() {
    return receivedCount;
  }

  /** LSR, 0 if no sender report came. */
  public int lastSenderReport() {
    return lastSenderReport;
  }

  /** DLSR in 1/65536 s, 0 if no sender report came. */
  public int delaySinceLastSenderReport(long nowNs) {
    return lastSenderReport == 0
        ? 0
        : NtpTime.durationOfNs(Math.max(0, nowNs - lastSenderReportNs));
  }

  private long expectedCount() {
    return started ? highestExtended - firstExtended + 1 : 0;
  }
}
