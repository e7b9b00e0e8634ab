package dev.parley.media.srtp;

import dev.parley.media.packet.Limits;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;

/**
 * jitsi-srtp's RTP and RTCP contexts of one SSRC in one direction, which hold its roll-over counter
 * and replay windows. Owned with its sender or receiver.
 */
final class JitsiSsrcContext implements SsrcContext {
  /** jitsi-srtp only writes the SSRC given at construction into log lines, and ours are silent. */
  private static final int NO_SSRC = 0;

  static {
    // The choice of AES comes before the first context.
    SrtpCiphers.implementation();
  }

  /** Where a packet in native memory is worked on, of which the library knows nothing. */
  private static final ThreadLocal<byte[]> WORKING =
      ThreadLocal.withInitial(
          () -> new byte[Limits.DATAGRAM_LENGTH_MAX + SrtpSender.OVERHEAD_LENGTH_MAX]);

  private final SrtpProfile profile;
  private final SrtpCryptoContext rtp;
  private final SrtcpCryptoContext rtcp;
  private final NativeMemory memory;
  private final PacketView packet = new PacketView();

  private JitsiSsrcContext(
      SrtpProfile profile, SrtpCryptoContext rtp, SrtcpCryptoContext rtcp, NativeMemory memory) {
    this.profile = profile;
    this.rtp = rtp;
    this.rtcp = rtcp;
    this.memory = memory;
  }

  /** Derives the session keys; some 0.1 ms. */
  static JitsiSsrcContext create(boolean sends, SrtpProfile profile, SrtpMasterKey masterKey) {
    SrtpPolicy policy = profile.policy();
    // It would refuse any index a second time; SentTags refuses only what is not the same packet.
    policy.setSendReplayEnabled(false);
    List<AutoCloseable> ciphers = new ArrayList<>();
    OwnedCipherFactory.collectInto(ciphers);
    try {
      return new JitsiSsrcContext(
          profile,
          new SrtpCryptoContext(
              sends, NO_SSRC, 0, masterKey.key(), masterKey.salt(), policy, SilentLogger.INSTANCE),
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

  /** jitsi-srtp reads header length and index from the packet itself. */
  @Override
  public ProtectResult protectRtp(
      UnsafeBuffer buffer, int offset, int headerLength, int packetLength, long index) {
    return protect(false, buffer, offset, packetLength, packetLength + profile.rtpOverheadLength());
  }

  @Override
  public ProtectResult protectRtcp(UnsafeBuffer buffer, int offset, int packetLength) {
    return protect(true, buffer, offset, packetLength, packetLength + profile.rtcpOverheadLength());
  }

  @Override
  public UnprotectResult unprotectRtp(byte[] buffer, int offset, int packetLength) {
    return unprotect(
        false,
        packet.wrap(buffer, offset, packetLength),
        packetLength - profile.rtpOverheadLength());
  }

  @Override
  public UnprotectResult unprotectRtcp(byte[] buffer, int offset, int packetLength) {
    return unprotect(
        true,
        packet.wrap(buffer, offset, packetLength),
        packetLength - profile.rtcpOverheadLength());
  }

  NativeMemory memory() {
    return memory;
  }

  /** Where its state lies is jitsi-srtp's own affair. */
  @Override
  public long touch(int stage) {
    return 0;
  }

  @Override
  public void close() {
    memory.close();
    packet.release();
  }

  private ProtectResult protect(
      boolean isRtcp, UnsafeBuffer buffer, int offset, int packetLength, int protectedLength) {
    byte[] array = buffer.byteArray();
    if (array != null) {
      int arrayOffset = buffer.wrapAdjustment() + offset;
      return protect(isRtcp, packet.wrap(array, arrayOffset, packetLength), protectedLength);
    }
    byte[] working = WORKING.get();
    if (protectedLength > working.length) {
      return ProtectResult.MALFORMED;
    }
    buffer.getBytes(offset, working, 0, packetLength);
    ProtectResult result = protect(isRtcp, packet.wrap(working, 0, packetLength), protectedLength);
    if (result == ProtectResult.OK) {
      buffer.putBytes(offset, working, 0, protectedLength);
    }
    return result;
  }

  private ProtectResult protect(boolean isRtcp, PacketView view, int protectedLength) {
    try {
      SrtpErrorStatus status = isRtcp ? rtcp.transformPacket(view) : rtp.transformPacket(view);
      return switch (status) {
        // It drops the error of a failed GCM encryption and answers OK; only the missing tag tells.
        case OK ->
            view.getLength() == protectedLength ? ProtectResult.OK : ProtectResult.CIPHER_FAILED;
        case REPLAY_FAIL, REPLAY_OLD -> ProtectResult.REPLAYED;
        case INVALID_PACKET -> ProtectResult.MALFORMED;
        case AUTH_FAIL, FAIL -> ProtectResult.CIPHER_FAILED;
      };
    } catch (GeneralSecurityException | RuntimeException e) {
      // The event loop goes on; the packet does not.
      return ProtectResult.CIPHER_FAILED;
    }
  }

  private UnprotectResult unprotect(boolean isRtcp, PacketView view, int clearLength) {
    try {
      SrtpErrorStatus status =
          isRtcp ? rtcp.reverseTransformPacket(view) : rtp.reverseTransformPacket(view, false);
      return switch (status) {
        case OK ->
            view.getLength() == clearLength ? UnprotectResult.OK : UnprotectResult.CIPHER_FAILED;
        case AUTH_FAIL -> UnprotectResult.NOT_AUTHENTIC;
        case REPLAY_FAIL, REPLAY_OLD -> UnprotectResult.REPLAYED;
        case INVALID_PACKET -> UnprotectResult.MALFORMED;
        case FAIL -> UnprotectResult.CIPHER_FAILED;
      };
    } catch (GeneralSecurityException | RuntimeException e) {
      // Whatever the library or its native half thinks of the packet, the event loop goes on.
      return UnprotectResult.CIPHER_FAILED;
    }
  }
}
