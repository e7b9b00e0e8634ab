package dev.parley.media.dtls;

import java.security.SecureRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The other side of {@link DtlsServer}, for media servers that dial and for load clients. Any
 * thread.
 */
public final class DtlsClient {
  private final DtlsIdentity identity;
  private final DtlsLimits limits;
  private final DtlsCrypto crypto;
  private final HandshakeGate gate;

  /**
   * A client without sessions.
   *
   * @param clockNs monotonic, for waits
   */
  public DtlsClient(
      DtlsIdentity identity, DtlsLimits limits, SecureRandom random, LongSupplier clockNs) {
    this.identity = identity;
    this.limits = limits;
    this.crypto = new DtlsCrypto(random);
    this.gate = HandshakeGate.of(limits, clockNs);
  }

  /** For the offer's {@code a=fingerprint}. */
  public CertificateFingerprint fingerprint() {
    return identity.fingerprint();
  }

  /**
   * Sends a ClientHello at once. Returns null if {@link DtlsLimits#handshakesMax} are under way.
   */
  public @Nullable DtlsSession connect(
      CertificateFingerprint peerFingerprint, DatagramOutput output, DtlsListener listener) {
    return DtlsSession.start(
        new ClientHandshake(crypto, identity, limits, peerFingerprint), output, listener, gate);
  }
}
