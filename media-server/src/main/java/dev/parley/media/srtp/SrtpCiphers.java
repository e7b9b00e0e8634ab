package dev.parley.media.srtp;

import java.lang.reflect.Field;
import java.util.Map;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.srtp.crypto.CipherFactory;
import org.jitsi.srtp.crypto.JitsiOpenSslProvider;

/**
 * The process's choice of AES for SRTP, made once: OpenSSL where it is there, else the JDK's own.
 * AES-GCM is computed by libcrypto through the foreign function interface, or by jitsi-srtp where
 * that cannot be; AES-CM is jitsi-srtp's. Left alone, jitsi-srtp would time all providers at the
 * first call and may take Bouncy Castle, which is ten times slower.
 */
public final class SrtpCiphers {
  private static final boolean LIBCRYPTO = bindLibcrypto();
  private static final boolean OPENSSL = chooseOpenSsl();

  private SrtpCiphers() {}

  /**
   * Name of the implementation in use, for the start-up log and /metrics: {@code OpenSSL}, {@code
   * OpenSSL (AES-CM: SunJCE)}, {@code OpenSSL (jitsi-srtp)} or {@code SunJCE}.
   */
  public static String implementation() {
    if (LIBCRYPTO) {
      return OPENSSL ? "OpenSSL" : "OpenSSL (AES-CM: SunJCE)";
    }
    return OPENSSL ? "OpenSSL (jitsi-srtp)" : "SunJCE";
  }

  /** Whether GCM is computed by libcrypto and framed by us. */
  static boolean hasLibcrypto() {
    return LIBCRYPTO;
  }

  /** Whether what jitsi-srtp computes is computed by its own binding of OpenSSL. */
  static boolean jitsiHasOpenSsl() {
    return OPENSSL;
  }

  /**
   * True if there is a libcrypto that may be called and whose answer is right: the library is the
   * machine's, which may have been built or set up in ways that we have not seen.
   */
  private static boolean bindLibcrypto() {
    try {
      return GcmSelfTest.passes();
    } catch (LinkageError | RuntimeException e) {
      // Absent, too old, or native access is not granted.
      return false;
    }
  }

  private static boolean chooseOpenSsl() {
    if (!JitsiOpenSslProvider.isLoaded()) {
      Aes.setFactoryClassName("SunJCE");
      return false;
    }
    Aes.setFactoryClassName("OpenSSL");
    install(new OwnedCipherFactory());
    return true;
  }

  /**
   * Puts our factory where jitsi-srtp remembers the fastest of its own. {@link
   * Aes#setFactoryClassName} would be the door for that, but in the pinned version it ignores
   * classes it does not know. Should the field be gone in another version, jitsi-srtp's own OpenSSL
   * factory does the same work, and its memory waits for the garbage collector.
   */
  @SuppressWarnings("unchecked")
  private static void install(CipherFactory factory) {
    try {
      Field field = Aes.class.getDeclaredField("fastestFactories");
      field.setAccessible(true);
      Map<String, CipherFactory> fastest = (Map<String, CipherFactory>) field.get(null);
      fastest.put(OwnedCipherFactory.GCM, factory);
      fastest.put(OwnedCipherFactory.COUNTER_MODE, factory);
    } catch (ReflectiveOperationException | RuntimeException e) {
      assert false : e;
    }
  }
}
