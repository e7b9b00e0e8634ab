package dev.parley.media.srtp;

import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.crypto.CipherSpi;
import org.jitsi.srtp.crypto.CipherFactory;
import org.jitsi.srtp.crypto.OpenSslAesCtrCipherSpi;
import org.jitsi.srtp.crypto.OpenSslAesGcmCipherSpi;
import org.jspecify.annotations.Nullable;

/**
 * Gives jitsi-srtp its OpenSSL ciphers and remembers each for {@link NativeMemory}, since {@link
 * javax.crypto.Cipher} hides the object that could be closed. Any thread; what is collected belongs
 * to the calling one.
 */
final class OwnedCipherFactory extends CipherFactory {
  static final String GCM = "AES/GCM/NoPadding";
  static final String COUNTER_MODE = "AES/CTR/NoPadding";

  private static final ThreadLocal<@Nullable List<AutoCloseable>> COLLECTED = new ThreadLocal<>();

  OwnedCipherFactory() {
    super(new OwnedProvider());
  }

  /** From now on the ciphers this thread makes go to the list, until null is given. */
  static void collectInto(@Nullable List<AutoCloseable> ciphers) {
    if (ciphers == null) {
      COLLECTED.remove();
    } else {
      COLLECTED.set(ciphers);
    }
  }

  private static void collect(AutoCloseable cipher) {
    List<AutoCloseable> ciphers = COLLECTED.get();
    if (ciphers != null) {
      ciphers.add(cipher);
    }
  }

  /** A provider whose services are built by us rather than by reflection. */
  private static final class OwnedProvider extends Provider {
    private static final long serialVersionUID = 1L;

    OwnedProvider() {
      super(
          "ParleyOpenSsl", "1", "jitsi-srtp's OpenSSL ciphers, closed when their SRTP context is");
      putService(new OwnedService(this, GCM, OpenSslAesGcmCipherSpi.class));
      putService(new OwnedService(this, COUNTER_MODE, OpenSslAesCtrCipherSpi.class));
    }
  }

  private static final class OwnedService extends Provider.Service {
    private final boolean gcm;

    OwnedService(Provider provider, String transformation, Class<? extends CipherSpi> type) {
      super(provider, "Cipher", transformation, type.getName(), new ArrayList<>(), Map.of());
      gcm = type == OpenSslAesGcmCipherSpi.class;
    }

    @Override
    public Object newInstance(@Nullable Object parameter) {
      if (gcm) {
        OpenSslAesGcmCipherSpi cipher = new OpenSslAesGcmCipherSpi();
        collect(cipher);
        return cipher;
      }
      OpenSslAesCtrCipherSpi cipher = new OpenSslAesCtrCipherSpi();
      collect(cipher);
      return cipher;
    }
  }
}
