package dev.parley.common.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/**
 * TLS for a server that anyone may call: its own certificate, and no question who calls. Files that
 * change are read again before the next handshake.
 */
public final class ServerTls {
  private static final char[] IN_MEMORY = "in memory only".toCharArray();

  private ServerTls() {}

  /**
   * Reads PEM files.
   *
   * @param certificateChain the certificate first, then those between it and the authority
   * @param privateKey an unencrypted PKCS #8 key (RFC 5958): EC, RSA or Ed25519
   * @throws IOException if a file cannot be read or does not hold what it should
   */
  public static SSLContext fromPem(Path certificateChain, Path privateKey) throws IOException {
    TlsFiles files =
        new TlsFiles(
            List.of(certificateChain, privateKey),
            () -> read(certificateChain, privateKey),
            System::nanoTime);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new RenewedKeyManager(files)}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("this JDK has no TLS", e);
    }
  }

  private static TlsIdentity read(Path certificateChain, Path privateKey) throws IOException {
    try {
      KeyStore identity = emptyStore();
      Certificate[] chain = PemFiles.certificates(certificateChain).toArray(Certificate[]::new);
      identity.setKeyEntry("identity", PemFiles.privateKey(privateKey), IN_MEMORY, chain);
      return TlsIdentity.of(identity, IN_MEMORY, emptyStore());
    } catch (GeneralSecurityException e) {
      throw new IOException(certificateChain + " and " + privateKey + " do not fit together", e);
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
