package dev.parley.media.dtls;

import java.time.Duration;

/**
 * Bounds of all handshakes of a process.
 *
 * @param computingMax handshakes that may use a processor at once, so that a storm of joins leaves
 *     the event loops theirs
 * @param handshakesMax handshakes under way, waiting for a processor or the peer; the next is
 *     refused
 * @param handshakeTimeout from {@code accept} to the last flight
 * @param firstResend wait before the first retransmission of a flight; doubles each time (RFC 6347
 *     §4.2.4.1)
 */
public record DtlsLimits(
    int computingMax, int handshakesMax, Duration handshakeTimeout, Duration firstResend) {
  /** Refuses bounds of nothing. */
  public DtlsLimits {
    if (computingMax < 1 || handshakesMax < 1) {
      throw new IllegalArgumentException(
          "at least one handshake: " + computingMax + ", " + handshakesMax);
    }
    if (!handshakeTimeout.isPositive() || !firstResend.isPositive()) {
      throw new IllegalArgumentException(
          "times must be positive: " + handshakeTimeout + ", " + firstResend);
    }
  }

  /**
   * Half the processors may handshake; 20 s; a first resend short enough for a join within 2 s
   * under loss.
   */
  public static DtlsLimits ofProcessors(int processors) {
    return new DtlsLimits(
        Math.max(1, processors / 2), 1_024, Duration.ofSeconds(20), Duration.ofMillis(300));
  }
}
