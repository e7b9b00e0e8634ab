package dev.parley.media.dtls;

import java.io.IOException;
import java.util.Vector;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;

/**
 * One side of a DTLS-SRTP handshake, and what both sides have in common. Owner: the session's
 * virtual thread.
 */
interface Handshake {
  /** Certificates in a peer's chain; WebRTC's are self-signed, so one. */
  int CERTIFICATE_CHAIN_LENGTH_MAX = 4;

  /** Runs the handshake, blocking in the transport. */
  DTLSTransport perform(DatagramTransport transport) throws IOException;

  /** What was negotiated, and why it failed if it did. */
  SrtpNegotiation negotiation();

  /** DTLS 1.2 alone (RFC 8827 §6.5 forbids less; Bouncy Castle has no 1.3 over datagrams). */
  static ProtocolVersion[] versions() {
    return ProtocolVersion.DTLSv12.only();
  }

  /** The suite every WebRTC client knows, and its larger sister. */
  static int[] cipherSuites() {
    return new int[] {
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
    };
  }

  /** Signatures taken from a peer: ECDSA, and RSA for clients that still make such certificates. */
  @SuppressWarnings("JdkObsolete") // Bouncy Castle's type.
  static Vector<SignatureAndHashAlgorithm> signatureAlgorithms() {
    Vector<SignatureAndHashAlgorithm> algorithms = new Vector<>();
    algorithms.add(
        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    algorithms.add(
        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha384, SignatureAlgorithm.ecdsa));
    algorithms.add(SignatureAndHashAlgorithm.rsa_pss_rsae_sha256);
    algorithms.add(
        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.rsa));
    return algorithms;
  }

  /** Our certificate and the means to sign with its key. */
  static TlsCredentialedSigner credentials(
      TlsContext context, DtlsCrypto crypto, DtlsIdentity identity) throws IOException {
    Certificate chain =
        new Certificate(
            new TlsCertificate[] {crypto.createCertificate(identity.encodedCertificate())});
    return new JcaDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        crypto,
        identity.privateKey(),
        chain,
        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
  }
}
