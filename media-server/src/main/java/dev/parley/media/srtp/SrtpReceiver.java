package dev.parley.media.srtp;

import dev.parley.media.packet.Limits;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Checks and decrypts what one peer sends (RFC 3711 §3.3, RFC 7714), in place. No packet makes it
 * throw, and no unauthenticated one leaves a trace: an SSRC gets its context only with the first
 * packet of it that authenticates. Until then candidates are tried on one spare context, which a
 * failure leaves as it was, so a flood of made-up SSRCs costs no more memory than none. May be
 * built on any thread; from then on one thread owns it.
 */
public final class SrtpReceiver {
  /**
   * SSRCs one peer may use in its life. None is ever evicted: that would open its replay window
   * again.
   */
  public static final int SSRCS_MAX = Limits.SSRCS_PER_PEER_MAX;

  private static final int RTP_HEADER_LENGTH = 12;
  private static final int RTP_SSRC_OFFSET = 8;
  private static final int RTCP_HEADER_LENGTH = 8;
  private static final int RTCP_SSRC_OFFSET = 4;

  private final SrtpProfile profile;
  private final SrtpTransform transform;
  private final int[] ssrcs = new int[SSRCS_MAX];
  private final @Nullable SsrcContext[] contexts = new SsrcContext[SSRCS_MAX];
  private @Nullable SsrcContext spare;
  private int ssrcCount;
  private int length;
  private boolean closed;

  /** Derives the first context at once, so that the first packet need not wait for it. */
  public SrtpReceiver(SrtpProfile profile, SrtpMasterKey masterKey) {
    this(SrtpTransform.create(false, profile, masterKey));
  }

  SrtpReceiver(SrtpTransform transform) {
    this.profile = transform.profile();
    this.transform = transform;
    this.spare = transform.newContext();
  }

  /**
   * Unprotects one SRTP packet in place. After {@link UnprotectResult#OK} the RTP packet starts at
   * the same offset and is {@link #length} bytes long; after anything else the bytes are worthless.
   */
  public UnprotectResult unprotectRtp(byte[] buffer, int offset, int packetLength) {
    length = 0;
    if (packetLength < RTP_HEADER_LENGTH + profile.tagLength()) {
      return UnprotectResult.MALFORMED;
    }
    return unprotect(
        false, readInt(buffer, offset + RTP_SSRC_OFFSET), buffer, offset, packetLength);
  }

  /**
   * Unprotects one SRTCP packet in place, as {@link #unprotectRtp} does. SRTCP that says it is not
   * encrypted (E flag 0) is refused unread: WebRTC never sends it.
   */
  public UnprotectResult unprotectRtcp(byte[] buffer, int offset, int packetLength) {
    length = 0;
    if (packetLength < RTCP_HEADER_LENGTH + profile.rtcpOverheadLength()) {
      return UnprotectResult.MALFORMED;
    }
    // The index ends a GCM packet (RFC 7714 §9.2) and precedes the tag of a counter mode one (RFC
    // 3711 §3.4).
    int trailer = profile == SrtpProfile.AEAD_AES_128_GCM ? 0 : profile.tagLength();
    int flagOffset = offset + packetLength - trailer - SrtpProfile.SRTCP_INDEX_LENGTH;
    if (buffer[flagOffset] >= 0) {
      return UnprotectResult.MALFORMED;
    }
    return unprotect(
        true, readInt(buffer, offset + RTCP_SSRC_OFFSET), buffer, offset, packetLength);
  }

  /** Bytes of the last packet after unprotecting it; 0 unless it was {@link UnprotectResult#OK}. */
  public int length() {
    return length;
  }

  /** Reads what the next packet will most probably need, as {@link SsrcSender#touch} does. */
  public long touch(int stage) {
    SsrcContext context = contexts[0];
    return context == null ? 0 : context.touch(stage);
  }

  /** SSRCs that have sent an authentic packet. */
  public int ssrcCount() {
    return ssrcCount;
  }

  /**
   * Frees the native memory. Every later packet is answered {@link UnprotectResult#CLOSED}. May be
   * called twice.
   */
  public void close() {
    closed = true;
    for (int i = 0; i < ssrcCount; i++) {
      SsrcContext context = contexts[i];
      assert context != null;
      context.close();
    }
    if (spare != null) {
      spare.close();
    }
    spare = null;
    Arrays.fill(contexts, null);
    ssrcCount = 0;
    transform.close();
  }

  private UnprotectResult unprotect(
      boolean rtcp, int ssrc, byte[] buffer, int offset, int packetLength) {
    if (closed) {
      return UnprotectResult.CLOSED;
    }
    int index = indexOf(ssrc);
    if (index < 0 && ssrcCount == SSRCS_MAX) {
      return UnprotectResult.TOO_MANY_SSRCS;
    }
    SsrcContext context = index < 0 ? spareContext() : contexts[index];
    assert context != null;
    UnprotectResult result =
        rtcp
            ? context.unprotectRtcp(buffer, offset, packetLength)
            : context.unprotectRtp(buffer, offset, packetLength);
    if (result == UnprotectResult.OK) {
      length = packetLength - (rtcp ? profile.rtcpOverheadLength() : profile.rtpOverheadLength());
      if (index < 0) {
        keepSpareFor(ssrc);
      }
    }
    return result;
  }

  private SsrcContext spareContext() {
    SsrcContext context = spare;
    if (context == null) {
      context = transform.newContext();
      spare = context;
    }
    return context;
  }

  private void keepSpareFor(int ssrc) {
    ssrcs[ssrcCount] = ssrc;
    contexts[ssrcCount] = spare;
    ssrcCount++;
    spare = null;
  }

  private int indexOf(int ssrc) {
    for (int i = 0; i < ssrcCount; i++) {
      if (ssrcs[i] == ssrc) {
        return i;
      }
    }
    return -1;
  }

  static int readInt(byte[] buffer, int offset) {
    return ((buffer[offset] & 0xFF) << 24)
        | ((buffer[offset + 1] & 0xFF) << 16)
        | ((buffer[offset + 2] & 0xFF) << 8)
        | (buffer[offset + 3] & 0xFF);
  }
}
