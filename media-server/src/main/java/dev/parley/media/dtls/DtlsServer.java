package dev.parley.media.dtls;

import java.security.SecureRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The process's DTLS server: takes a peer's handshake to a virtual thread, off the event loops,
 * where at most {@link DtlsLimits#computingMax} use a processor at once. Any thread.
 */
public final class DtlsServer {
  private final DtlsIdentity identity;
  private final DtlsLimits limits;
  private final DtlsCrypto crypto;
  private final HandshakeGate gate;

  /**
   * A server without sessions.
   *
   * @param clockNs monotonic, for waits
   */
  public DtlsServer(
      DtlsIdentity identity, DtlsLimits limits, SecureRandom random, LongSupplier clockNs) {
    this.identity = identity;
    this.limits = limits;
    this.crypto = new DtlsCrypto(random);
    this.gate = HandshakeGate.of(limits, clockNs);
  }

  /** For the answer's {@code a=fingerprint}. */
  public CertificateFingerprint fingerprint() {
    return identity.fingerprint();
  }

  /**
   * Awaits a peer's ClientHello. Call it with the first DTLS datagram of an address that has passed
   * an authenticated STUN check, then {@link DtlsSession#offer} that datagram and the next.
   *
   * @return null if {@link DtlsLimits#handshakesMax} are under way: drop the datagram, the peer
   *     will send it again
   */
  public @Nullable DtlsSession accept(
      CertificateFingerprint peerFingerprint, DatagramOutput output, DtlsListener listener) {
    return DtlsSession.start(
        new ServerHandshake(crypto, identity, limits, peerFingerprint), output, listener, gate);
  }

  /** Handshakes under way now; a gauge. */
  public int handshakesUnderWay() {
    return limits.handshakesMax() - gate.places().availablePermits();
  }
}
