package dev.parley.media.rtcp;

/** NTP timestamps as RTCP uses them (RFC 3550 section 4). Stateless. */
public final class NtpTime {
  /** What {@link #roundTripNs} says when it cannot be told. */
  public static final long ROUND_TRIP_UNKNOWN = -1;

  /** Seconds from 1900 to 1970. */
  private static final long UNIX_EPOCH_SECONDS = 2_208_988_800L;

  private static final long NS_PER_SECOND = 1_000_000_000L;

  /** Rounding on both sides may make a round trip of nothing look this negative: 1 ms. */
  private static final int ROUNDING = 66;

  /** A longer round trip than 30 s is a lie or a clock that was set. */
  private static final int ROUND_TRIP_MAX = 30 << 16;

  private NtpTime() {}

  /** Seconds since 1900 as 32.32 fixed point. */
  public static long ofUnixNs(long unixNs) {
    long seconds = Math.floorDiv(unixNs, NS_PER_SECOND);
    long fractionNs = Math.floorMod(unixNs, NS_PER_SECOND);
    return ((seconds + UNIX_EPOCH_SECONDS) << 32) + (fractionNs << 32) / NS_PER_SECOND;
  }

  /** The middle 32 bits, in 1/65536 s, that LSR carries. */
  public static int middle(long ntpTimestamp) {
    return (int) (ntpTimestamp >>> 16);
  }

  /** A duration in 1/65536 s, at most what 32 bits hold. */
  public static int durationOfNs(long durationNs) {
    assert durationNs >= 0 : durationNs;
    long seconds = Math.min(durationNs / NS_PER_SECOND, 65_535);
    return (int) (seconds << 16) + (int) (((durationNs % NS_PER_SECOND) << 16) / NS_PER_SECOND);
  }

  /**
   * Round trip from a report block (RFC 3550 section 6.4.1): now less LSR less DLSR, all in 1/65536
   * s. Unknown if the peer had no sender report, or if it makes no sense.
   */
  public static long roundTripNs(int nowMiddle, int lastSenderReport, int delaySince) {
    int roundTrip = nowMiddle - lastSenderReport - delaySince;
    if (lastSenderReport == 0 || roundTrip < -ROUNDING || roundTrip > ROUND_TRIP_MAX) {
      return ROUND_TRIP_UNKNOWN;
    }
    return (Math.max(0, roundTrip) * NS_PER_SECOND) >>> 16;
  }
}
