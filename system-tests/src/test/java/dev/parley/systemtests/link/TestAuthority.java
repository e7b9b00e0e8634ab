package dev.parley.systemtests.link;

import dev.parley.common.tls.MutualTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A private certificate authority, whose files are written as an operator would have them. */
public final class TestAuthority {
  private static final Duration VALIDITY = Duration.ofDays(1);

  private final Path folder;
  private final X500Name name;
  private final KeyPair keys;
  private final Path certificateFile;
  private final String pem;
  private int serial = 1;

  public TestAuthority(Path folder, String commonName) throws IOException {
    this.folder = folder;
    this.name = new X500Name("CN=" + commonName);
    this.keys = newKeys();
    this.certificateFile = write(commonName + ".pem", certificate(name, keys, true));
    this.pem = Files.readString(certificateFile);
  }

  /**
   * A certificate for one party, good for 127.0.0.1 and its own name; {@code NAME.pem} and {@code
   * NAME.key} in the folder.
   */
  public MutualTls issue(String commonName) throws IOException {
    return issueTrusting(commonName, this);
  }

  /** A certificate of ours whose owner takes its peer's from another authority. */
  MutualTls issueTrusting(String commonName, TestAuthority trusted) throws IOException {
    KeyPair own = newKeys();
    Path chain =
        write(commonName + ".pem", certificate(new X500Name("CN=" + commonName), own, false));
    return MutualTls.fromPem(
        chain, write(commonName + ".key", own.getPrivate()), trusted.certificateFile);
  }

  /** Writes into our certificate's file those of other authorities, too, or instead. */
  void trust(TestAuthority... authorities) throws IOException {
    StringBuilder all = new StringBuilder();
    for (TestAuthority authority : authorities) {
      all.append(authority.pem);
    }
    Files.writeString(certificateFile, all);
  }

  /** A client that trusts us and has no certificate of its own. */
  public SSLContext trustOnly() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(certificateFile)) {
      store.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private X509Certificate certificate(X500Name subject, KeyPair owner, boolean isAuthority)
      throws IOException {
    Instant now = Instant.now();
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.valueOf(serial++),
              Date.from(now.minus(VALIDITY)),
              Date.from(now.plus(VALIDITY)),
              subject,
              owner.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
      if (!isAuthority) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private Path write(String file, Object content) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      if (content instanceof PrivateKey key) {
        pem.writeObject(new JcaPKCS8Generator(key, null));
      } else {
        pem.writeObject(content);
      }
    }
    return Files.writeString(folder.resolve(file), text.toString());
  }

  private static KeyPair newKeys() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }
}
