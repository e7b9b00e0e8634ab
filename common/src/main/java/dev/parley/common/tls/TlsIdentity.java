package dev.parley.common.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Enumeration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What one side of a link knows itself and its peer by, as read at one time. Immutable.
 *
 * @param number no other identity of this process has it
 * @param expiresAt when our certificate ends
 */
record TlsIdentity(
    int number, X509ExtendedKeyManager keys, X509ExtendedTrustManager trust, Instant expiresAt) {
  private static final int PROBE_LENGTH = 32;
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /**
   * Takes our key with its chain, and the authorities.
   *
   * @throws GeneralSecurityException if the key is not the certificate's
   */
  static TlsIdentity of(KeyStore identity, char[] password, KeyStore authorities)
      throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(identity, password);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    return new TlsIdentity(
        NUMBERS.incrementAndGet(),
        extended(keys.getKeyManagers()),
        extended(trust.getTrustManagers()),
        expiry(identity, password));
  }

  private static X509ExtendedKeyManager extended(KeyManager[] managers)
      throws GeneralSecurityException {
    for (KeyManager manager : managers) {
      if (manager instanceof X509ExtendedKeyManager keys) {
        return keys;
      }
    }
    throw new GeneralSecurityException("this JDK makes no extended key manager");
  }

  private static X509ExtendedTrustManager extended(TrustManager[] managers)
      throws GeneralSecurityException {
    for (TrustManager manager : managers) {
      if (manager instanceof X509ExtendedTrustManager trust) {
        return trust;
      }
    }
    throw new GeneralSecurityException("this JDK makes no extended trust manager");
  }

  private static Instant expiry(KeyStore identity, char[] password)
      throws GeneralSecurityException {
    Enumeration<String> aliases = identity.aliases();
    while (aliases.hasMoreElements()) {
      String alias = aliases.nextElement();
      if (identity.isKeyEntry(alias)
          && identity.getKey(alias, password) instanceof PrivateKey key
          && identity.getCertificate(alias) instanceof X509Certificate certificate) {
        requireFit(key, certificate);
        return certificate.getNotAfter().toInstant();
      }
    }
    throw new GeneralSecurityException("there is no key with a certificate");
  }

  /** A key store takes any key beside any certificate; peers find out. */
  private static void requireFit(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> "Ed25519";
        };
    byte[] probe = new byte[PROBE_LENGTH];
    new SecureRandom().nextBytes(probe);
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(probe);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(probe);
    if (!signature.verify(signed)) {
      throw new GeneralSecurityException("the key is another one's than the certificate's");
    }
  }
}
