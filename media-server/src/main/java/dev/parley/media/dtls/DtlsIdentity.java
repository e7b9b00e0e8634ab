package dev.parley.media.dtls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * This process's DTLS key pair (ECDSA P-256) and self-signed certificate (RFC 8827 §6.5). Peers
 * know it by its fingerprint alone, so its name and dates mean nothing. Immutable; any thread.
 */
public final class DtlsIdentity {
  /** No WebRTC client looks at it; long enough to outlive any process. */
  private static final Duration VALIDITY = Duration.ofDays(3650);

  private static final Duration CLOCK_SKEW = Duration.ofDays(1);
  private static final int SERIAL_NUMBER_BITS = 64;

  private final PrivateKey privateKey;
  private final byte[] encodedCertificate;
  private final CertificateFingerprint fingerprint;

  private DtlsIdentity(PrivateKey privateKey, byte[] encodedCertificate) {
    this.privateKey = privateKey;
    this.encodedCertificate = encodedCertificate;
    this.fingerprint = CertificateFingerprint.sha256Of(encodedCertificate);
  }

  /** Makes a new key pair and certificate. */
  public static DtlsIdentity selfSigned(Instant now, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair keyPair = generator.generateKeyPair();
      X500Name name = new X500Name("CN=WebRTC");
      X509CertificateHolder certificate =
          new JcaX509v3CertificateBuilder(
                  name,
                  new BigInteger(SERIAL_NUMBER_BITS, random).setBit(SERIAL_NUMBER_BITS - 1),
                  Date.from(now.minus(CLOCK_SKEW)),
                  Date.from(now.plus(VALIDITY)),
                  name,
                  keyPair.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keyPair.getPrivate()));
      return new DtlsIdentity(keyPair.getPrivate(), certificate.getEncoded());
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("cannot make a P-256 certificate on this JDK", e);
    }
  }

  /** SHA-256 of the certificate, for {@code a=fingerprint}. */
  public CertificateFingerprint fingerprint() {
    return fingerprint;
  }

  PrivateKey privateKey() {
    return privateKey;
  }

  byte[] encodedCertificate() {
    return encodedCertificate;
  }
}
