package dev.parley.media.srtp;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpPolicy;

/**
 * The RTP and RTCP contexts of one SSRC in one direction (RFC 3711 §3.2.3). jitsi-srtp takes the
 * SSRC of each packet from the packet, so a pair can wait for the SSRC it will serve. Owner: the
 * thread that owns the receiver or sender.
 */
final class SsrcContext {
  /** jitsi-srtp only writes the SSRC given at construction into log lines, and ours are silent. */
  private static final int NO_SSRC = 0;

  static {
    // The choice of AES comes before the first context.
    SrtpCiphers.implementation();
  }

  final SrtpCryptoContext rtp;
  final SrtcpCryptoContext rtcp;

  /** Only a sender's has any. */
  final SentTags sentTags = new SentTags();

  private final NativeMemory memory;

  private SsrcContext(SrtpCryptoContext rtp, SrtcpCryptoContext rtcp, NativeMemory memory) {
    this.rtp = rtp;
    this.rtcp = rtcp;
    this.memory = memory;
  }

  /** Derives the session keys; some 0.1 ms. */
  static SsrcContext create(boolean sender, SrtpProfile profile, SrtpMasterKey masterKey) {
    SrtpPolicy policy = profile.policy();
    // It would refuse any index a second time; SentTags refuses only what is not the same packet.
    policy.setSendReplayEnabled(false);
    List<AutoCloseable> ciphers = new ArrayList<>();
    OwnedCipherFactory.collectInto(ciphers);
    try {
      return new SsrcContext(
          new SrtpCryptoContext(
              sender, NO_SSRC, 0, masterKey.key(), masterKey.salt(), policy, SilentLogger.INSTANCE),
          new SrtcpCryptoContext(
              NO_SSRC, masterKey.key(), masterKey.salt(), profile.policy(), SilentLogger.INSTANCE),
          new NativeMemory(ciphers));
    } catch (GeneralSecurityException e) {
      // Every JDK has AES; keys were measured when SrtpKeys was made.
      throw new IllegalStateException("no cipher for " + profile, e);
    } finally {
      OwnedCipherFactory.collectInto(null);
    }
  }

  NativeMemory memory() {
    return memory;
  }

  void close() {
    memory.close();
  }
}
