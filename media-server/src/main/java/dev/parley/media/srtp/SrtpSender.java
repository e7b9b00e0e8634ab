package dev.parley.media.srtp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.utils.SrtpPacketUtils;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and tags what is sent to one peer (RFC 3711 §3.3, RFC 7714), in place. May be built and
 * {@linkplain #prepare prepared} on any thread; from then on one thread owns it.
 */
public final class SrtpSender {
  /** SSRCs sent to one peer: its receiving lines, and one for reports. */
  public static final int SSRCS_MAX = 32;

  /** Bytes that must be free behind any packet to be protected. */
  public static final int OVERHEAD_LENGTH_MAX = SrtpProfile.AEAD_AES_128_GCM.rtcpOverheadLength();

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, BIG_ENDIAN);

  private static final int RTP_HEADER_LENGTH = 12;
  private static final int RTP_SSRC_OFFSET = 8;
  private static final int RTCP_HEADER_LENGTH = 8;
  private static final int RTCP_SSRC_OFFSET = 4;

  private final SrtpProfile profile;
  private final SrtpMasterKey masterKey;
  private final int[] ssrcs = new int[SSRCS_MAX];
  private final @Nullable SsrcContext[] contexts = new SsrcContext[SSRCS_MAX];
  private final PacketView packet = new PacketView();
  private int ssrcCount;
  private int length;
  private boolean closed;

  /** Starts without any SSRC. */
  public SrtpSender(SrtpProfile profile, SrtpMasterKey masterKey) {
    masterKey.requireFits(profile);
    this.profile = profile;
    this.masterKey = masterKey;
  }

  /**
   * Derives the keys for an SSRC ahead of its first packet. Returns false if {@link #SSRCS_MAX} are
   * in use.
   */
  public boolean prepare(int ssrc) {
    return !closed && context(ssrc) != null;
  }

  /**
   * Protects one RTP packet in place. After {@link ProtectResult#OK} it is {@link #length} bytes
   * long; after anything else it must not be sent.
   */
  public ProtectResult protectRtp(byte[] buffer, int offset, int packetLength) {
    return protectRtp(buffer, offset, packetLength, false);
  }

  /**
   * As {@link #protectRtp}, but for one of the last {@value SentTags#COUNT} packets of its SSRC
   * that may have been protected before. It is only OK if it comes out the same to the last byte.
   */
  public ProtectResult protectRtpAgain(byte[] buffer, int offset, int packetLength) {
    return protectRtp(buffer, offset, packetLength, true);
  }

  private ProtectResult protectRtp(byte[] buffer, int offset, int packetLength, boolean again) {
    length = 0;
    PacketView view = packet.wrap(buffer, offset, packetLength);
    // A header that runs past the packet would make the length given to the native cipher negative.
    if (packetLength < RTP_HEADER_LENGTH || !SrtpPacketUtils.validatePacketLength(view, 0)) {
      return ProtectResult.MALFORMED;
    }
    ProtectResult refusal = refusal(view, profile.rtpOverheadLength());
    if (refusal != ProtectResult.OK) {
      return refusal;
    }
    SsrcContext context = context(SrtpReceiver.readInt(buffer, offset + RTP_SSRC_OFFSET));
    if (context == null) {
      return ProtectResult.TOO_MANY_SSRCS;
    }
    SentTags sentTags = context.sentTags;
    long index = sentTags.indexOf(SrtpPacketUtils.getSequenceNumber(view));
    boolean wasSent = sentTags.wasSent(index);
    if (sentTags.isTooOld(index) || (wasSent && !again)) {
      return ProtectResult.REPLAYED;
    }
    ProtectResult result = protect(false, context, view, profile.rtpOverheadLength());
    if (result != ProtectResult.OK) {
      return result;
    }
    // Both tags are longer than that. Two packets that share it are the same: that is its purpose.
    long tag = (long) LONGS.get(buffer, offset + length - Long.BYTES);
    if (!wasSent) {
      sentTags.onSent(index, tag);
    } else if (sentTags.tagOf(index) != tag) {
      length = 0;
      return ProtectResult.ALTERED;
    }
    return ProtectResult.OK;
  }

  /** Protects one compound RTCP packet in place, as {@link #protectRtp} does. */
  public ProtectResult protectRtcp(byte[] buffer, int offset, int packetLength) {
    length = 0;
    PacketView view = packet.wrap(buffer, offset, packetLength);
    if (packetLength < RTCP_HEADER_LENGTH) {
      return ProtectResult.MALFORMED;
    }
    ProtectResult refusal = refusal(view, profile.rtcpOverheadLength());
    if (refusal != ProtectResult.OK) {
      return refusal;
    }
    SsrcContext context = context(SrtpReceiver.readInt(buffer, offset + RTCP_SSRC_OFFSET));
    return context == null
        ? ProtectResult.TOO_MANY_SSRCS
        : protect(true, context, view, profile.rtcpOverheadLength());
  }

  /** Bytes of the last packet after protecting it; 0 unless it was {@link ProtectResult#OK}. */
  public int length() {
    return length;
  }

  /**
   * Frees the native memory. Every later packet is answered {@link ProtectResult#CLOSED}. May be
   * called twice.
   */
  public void close() {
    closed = true;
    for (int i = 0; i < ssrcCount; i++) {
      SsrcContext context = contexts[i];
      assert context != null;
      context.close();
    }
    Arrays.fill(contexts, null);
    ssrcCount = 0;
    packet.release();
  }

  private ProtectResult refusal(PacketView view, int overheadLength) {
    if (closed) {
      return ProtectResult.CLOSED;
    }
    int room = view.getBuffer().length - view.getOffset();
    return view.getLength() + overheadLength > room
        ? ProtectResult.BUFFER_TOO_SMALL
        : ProtectResult.OK;
  }

  private ProtectResult protect(
      boolean rtcp, SsrcContext context, PacketView view, int overheadLength) {
    int protectedLength = view.getLength() + overheadLength;
    ProtectResult result = transform(rtcp, context, view);
    if (result != ProtectResult.OK) {
      return result;
    }
    // jitsi-srtp drops the error of a failed GCM encryption and answers OK; only the missing tag
    // tells.
    if (view.getLength() != protectedLength) {
      return ProtectResult.CIPHER_FAILED;
    }
    length = protectedLength;
    return ProtectResult.OK;
  }

  private static ProtectResult transform(boolean rtcp, SsrcContext context, PacketView view) {
    try {
      SrtpErrorStatus status =
          rtcp ? context.rtcp.transformPacket(view) : context.rtp.transformPacket(view);
      return switch (status) {
        case OK -> ProtectResult.OK;
        case REPLAY_FAIL, REPLAY_OLD -> ProtectResult.REPLAYED;
        case INVALID_PACKET -> ProtectResult.MALFORMED;
        case AUTH_FAIL, FAIL -> ProtectResult.CIPHER_FAILED;
      };
    } catch (GeneralSecurityException | RuntimeException e) {
      // The event loop goes on; the packet does not.
      return ProtectResult.CIPHER_FAILED;
    }
  }

  private @Nullable SsrcContext context(int ssrc) {
    for (int i = 0; i < ssrcCount; i++) {
      if (ssrcs[i] == ssrc) {
        return contexts[i];
      }
    }
    if (ssrcCount == SSRCS_MAX) {
      return null;
    }
    SsrcContext context = SsrcContext.create(true, profile, masterKey);
    ssrcs[ssrcCount] = ssrc;
    contexts[ssrcCount] = context;
    ssrcCount++;
    return context;
  }
}
