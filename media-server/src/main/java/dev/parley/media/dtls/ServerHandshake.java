package dev.parley.media.dtls;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;

/**
 * The server's side: what Bouncy Castle asks of us during one handshake. Owner: the session's
 * virtual thread.
 */
final class ServerHandshake extends DefaultTlsServer implements Handshake {
  private final DtlsCrypto crypto;
  private final DtlsIdentity identity;
  private final DtlsLimits limits;
  private final SrtpNegotiation negotiation;

  ServerHandshake(
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
    // Without a DTLSRequest there is no HelloVerifyRequest: the address has passed a STUN check,
    // and Bouncy Castle's
    // verifier cannot read the fragmented hello of a post-quantum browser.
    return new DTLSServerProtocol().accept(this, transport);
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

  /** The client's first choice among the curves that are quick and that browsers have. */
  @Override
  protected int selectECDH(int minimumCurveBits) {
    int[] clientGroups = context.getSecurityParametersHandshake().getClientSupportedGroups();
    if (clientGroups == null) {
      return NamedGroup.secp256r1;
    }
    for (int group : clientGroups) {
      boolean ours =
          group == NamedGroup.x25519
              || group == NamedGroup.secp256r1
              || group == NamedGroup.secp384r1;
      if (ours && NamedGroup.getCurveBits(group) >= minimumCurveBits) {
        return group;
      }
    }
    return -1;
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
  @SuppressWarnings({"rawtypes", "JdkObsolete"}) // Bouncy Castle's signature.
  public void processClientExtensions(Hashtable clientExtensions) throws IOException {
    super.processClientExtensions(clientExtensions);
    negotiation.choose(clientExtensions);
  }

  @Override
  @SuppressWarnings({"rawtypes", "JdkObsolete"})
  public Hashtable getServerExtensions() throws IOException {
    Hashtable extensions = super.getServerExtensions();
    TlsSRTPUtils.addUseSRTPExtension(extensions, negotiation.answer());
    return extensions;
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
    return Handshake.credentials(context, crypto, identity);
  }

  @Override
  public CertificateRequest getCertificateRequest() {
    short[] types = {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign};
    return new CertificateRequest(types, Handshake.signatureAlgorithms(), null);
  }

  @Override
  public void notifyClientCertificate(Certificate clientCertificate) throws IOException {
    negotiation.checkCertificate(clientCertificate);
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
