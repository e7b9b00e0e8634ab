package dev.parley.common.tls;

import dev.parley.common.metrics.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * One side of a mutually authenticated TLS 1.3 link: our certificate and key, and the authorities
 * we take the peer's certificate from. Never the system's authorities: these links know each other
 * by a private one. Files that change are read again before the next handshake; links that are up
 * stay so. Thread-safe.
 */
public final class MutualTls {
  /** The only version spoken (RFC 8446). */
  public static final String PROTOCOL = "TLSv1.3";

  private static final char[] IN_MEMORY = "in memory only".toCharArray();

  /**
   * Links are few and long, so that nothing is gained by resuming a session, and one that is
   * resumed would show a certificate that has been renewed meanwhile, or is of an authority that is
   * no more.
   */
  private static final int SESSION_SEC = 1;

  private final TlsFiles files;
  private final SSLContext context;

  private MutualTls(TlsFiles files) throws GeneralSecurityException {
    this.files = files;
    context = SSLContext.getInstance(PROTOCOL);
    context.init(
        new KeyManager[] {new RenewedKeyManager(files)},
        new TrustManager[] {new RenewedTrustManager(files)},
        null);
    context.getClientSessionContext().setSessionTimeout(SESSION_SEC);
    context.getServerSessionContext().setSessionTimeout(SESSION_SEC);
  }

  /**
   * Reads PEM files.
   *
   * @param certificateChain our certificate first, then those between it and the authority
   * @param privateKey an unencrypted PKCS #8 key (RFC 5958): EC, RSA or Ed25519
   * @param authorities certificates of the authorities that sign the peer's
   * @throws IOException if a file cannot be read or does not hold what it should; the message names
   *     the file and never shows its content
   */
  public static MutualTls fromPem(Path certificateChain, Path privateKey, Path authorities)
      throws IOException {
    return fromPem(certificateChain, privateKey, authorities, System::nanoTime);
  }

  static MutualTls fromPem(
      Path certificateChain, Path privateKey, Path authorities, LongSupplier nanoClock)
      throws IOException {
    return of(
        List.of(certificateChain, privateKey, authorities),
        nanoClock,
        () -> {
          try {
            return readPem(certificateChain, privateKey, authorities);
          } catch (GeneralSecurityException e) {
            throw new IOException(
                certificateChain + " and " + privateKey + " do not fit together", e);
          }
        });
  }

  private static TlsIdentity readPem(Path certificateChain, Path privateKey, Path authorities)
      throws IOException, GeneralSecurityException {
    KeyStore identity = emptyStore();
    Certificate[] chain = PemFiles.certificates(certificateChain).toArray(Certificate[]::new);
    identity.setKeyEntry("identity", PemFiles.privateKey(privateKey), IN_MEMORY, chain);
    KeyStore trusted = emptyStore();
    int index = 0;
    for (Certificate authority : PemFiles.certificates(authorities)) {
      trusted.setCertificateEntry("authority-" + index++, authority);
    }
    return TlsIdentity.of(identity, IN_MEMORY, trusted);
  }

  /**
   * Reads PKCS #12 files, which may be one and the same: the first holds our key and chain, the
   * second the authorities.
   *
   * @throws IOException if a file cannot be read, or the password is wrong
   */
  public static MutualTls fromPkcs12(Path identity, Path authorities, char[] password)
      throws IOException {
    return of(
        List.of(identity, authorities),
        System::nanoTime,
        () -> {
          try {
            return TlsIdentity.of(
                pkcs12(identity, password), password, pkcs12(authorities, password));
          } catch (GeneralSecurityException e) {
            throw new IOException(
                identity + " or " + authorities + " is no usable PKCS #12 file", e);
          }
        });
  }

  private static MutualTls of(List<Path> paths, LongSupplier nanoClock, TlsFiles.Reader reader)
      throws IOException {
    try {
      return new MutualTls(new TlsFiles(paths, reader, nanoClock));
    } catch (GeneralSecurityException e) {
      throw new IOException("this JDK has no " + PROTOCOL, e);
    }
  }

  /** For sockets of both sides; it stays the same when the files change. */
  public SSLContext context() {
    return context;
  }

  /** The dialling side: TLS 1.3 and the peer's name checked against the address dialled. */
  public SSLParameters clientParameters() {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {PROTOCOL});
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    return parameters;
  }

  /** Tells of the certificate in {@code /metrics}; each look there looks at the files, too. */
  public void register(Metrics metrics) {
    metrics.gauge(
        "parley.control.certificate.expiry.seconds",
        "When this side's certificate for control links ends, in seconds since 1970",
        () -> expiresAt().getEpochSecond());
    metrics.counter(
        "parley.control.certificate.renewals",
        "Times that changed certificate files were taken up",
        files::renewalCount);
    metrics.counter(
        "parley.control.certificate.renewal.failures",
        "Times that certificate files had changed and did not fit together",
        files::failureCount);
  }

  /** When our certificate ends. */
  public Instant expiresAt() {
    return files.current().expiresAt();
  }

  /** How often what lies in the files was taken up anew. */
  long renewalCount() {
    return files.renewalCount();
  }

  /** How often they had changed and held nothing good. */
  long renewalFailureCount() {
    return files.failureCount();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static KeyStore pkcs12(Path file, char[] password)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password);
    }
    return store;
  }
}
