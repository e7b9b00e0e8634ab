package dev.parley.media.dtls;

import java.io.IOException;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;

/** The client's side, as a browser plays it. Owner: the session's virtual thread. */
final class ClientHandshake extends DefaultTlsClient implements Handshake {
  private final DtlsCrypto crypto;
  private final DtlsIdentity identity;
  private final DtlsLimits limits;
  private final SrtpNegotiation negotiation;

  ClientHandshake(
      DtlsCrypto crypto,
      DtlsIdentity identity,
      DtlsLimits limits,
      CertificateFingerprint peerFingerprint) {
    super(crypto);
    this.crypto = crypto;
    this.identity = identity;
    this.limits = limits;
    this.negotiation = new SrtpNegotiation(peerFingerprint);
  }

  @Override
  public DTLSTransport perform(DatagramTransport transport) throws IOException {
    return new DTLSClientProtocol().connect(this, transport);
  }

  @Override
  public SrtpNegotiation negotiation() {
    return negotiation;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return Handshake.versions();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return TlsUtils.getSupportedCipherSuites(crypto, Handshake.cipherSuites());
  }

  @Override
  @SuppressWarnings({"rawtypes", "JdkObsolete"}) // Bouncy Castle's signature.
  protected Vector getSupportedSignatureAlgorithms() {
    return Handshake.signatureAlgorithms();
  }

  @Override
  public boolean requiresExtendedMasterSecret() {
    return true;
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return Math.toIntExact(limits.handshakeTimeout().toMillis());
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return Math.toIntExact(limits.firstResend().toMillis());
  }

  @Override
  public int getMaxCertificateChainLength() {
    return CERTIFICATE_CHAIN_LENGTH_MAX;
  }

  @Override
  public int getMaxHandshakeMessageSize() {
    return RecordFilter.HANDSHAKE_LENGTH_MAX;
  }

  @Override
  @SuppressWarnings({"rawtypes", "JdkObsolete"})
  public Hashtable getClientExtensions() throws IOException {
    Hashtable extensions = super.getClientExtensions();
    TlsSRTPUtils.addUseSRTPExtension(extensions, SrtpNegotiation.offer());
    return extensions;
  }

  @Override
  @SuppressWarnings({"rawtypes", "JdkObsolete"})
  public void processServerExtensions(Hashtable serverExtensions) throws IOException {
    super.processServerExtensions(serverExtensions);
    negotiation.accept(serverExtensions);
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate serverCertificate)
          throws IOException {
        negotiation.checkCertificate(serverCertificate.getCertificate());
      }

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
        return Handshake.credentials(context, crypto, identity);
      }
    };
  }

  @Override
  public void notifyAlertReceived(short alertLevel, short alertDescription) {
    negotiation.onAlertReceived();
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    negotiation.exportKeys(context);
  }
}
