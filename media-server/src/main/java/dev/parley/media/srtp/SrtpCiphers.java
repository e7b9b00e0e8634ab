package dev.parley.media.srtp;

import java.lang.reflect.Field;
import java.util.Map;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.srtp.crypto.CipherFactory;
import org.jitsi.srtp.crypto.JitsiOpenSslProvider;

/**
 * The process's choice of AES for SRTP: OpenSSL where the native library loads, else the JDK's own.
 * Left alone, jitsi-srtp would time all providers at the first call and may take Bouncy Castle,
 * which is ten times slower.
 */
public final class SrtpCiphers {
  private static final boolean OPENSSL = chooseOpenSsl();

  private SrtpCiphers() {}

  /**
   * Name of the implementation in use, for the start-up log and /metrics: {@code OpenSSL} or {@code
   * SunJCE}.
   */
  public static String implementation() {
    return OPENSSL ? "OpenSSL" : "SunJCE";
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
