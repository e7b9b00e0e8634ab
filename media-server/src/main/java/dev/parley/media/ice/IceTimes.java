package dev.parley.media.ice;

import dev.parley.media.packet.Limits;

/**
 * How long a peer may be silent.
 *
 * @param connectTimeoutNs from the answer to the first authentic check
 * @param reconnectingAfterNs without anything authentic
 * @param consentExpiresAfterNs without an authentic check (RFC 7675 section 5.1)
 */
public record IceTimes(
    long connectTimeoutNs, long reconnectingAfterNs, long consentExpiresAfterNs) {
  /** What browsers' own intervals suggest. */
  public static final IceTimes DEFAULT =
      new IceTimes(
          Limits.CONNECT_TIMEOUT_NS, Limits.RECONNECTING_AFTER_NS, Limits.CONSENT_EXPIRES_AFTER_NS);

  public IceTimes {
    if (connectTimeoutNs <= 0 || reconnectingAfterNs <= 0) {
      throw new IllegalArgumentException("times must be positive");
    }
    if (consentExpiresAfterNs <= reconnectingAfterNs) {
      throw new IllegalArgumentException("consent must outlast the first sign of silence");
    }
  }
}
