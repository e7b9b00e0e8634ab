package dev.parley.media.srtp;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and tags what is sent to one peer (RFC 3711 §3.3, RFC 7714), in place. May be built, and
 * its {@linkplain #of SSRCs} prepared, on any thread; from then on one thread owns it.
 */
public final class SrtpSender {
  /** SSRCs sent to one peer: its receiving lines, and one for reports. */
  public static final int SSRCS_MAX = 32;

  /** Bytes that must be free behind any packet to be protected. */
  public static final int OVERHEAD_LENGTH_MAX = SrtpProfile.AEAD_AES_128_GCM.rtcpOverheadLength();

  private static final int RTP_HEADER_LENGTH = 12;
  private static final int RTP_SSRC_OFFSET = 8;
  private static final int RTCP_HEADER_LENGTH = 8;
  private static final int RTCP_SSRC_OFFSET = 4;

  private final SrtpTransform transform;
  private final @Nullable SsrcSender[] senders = new SsrcSender[SSRCS_MAX];
  private final UnsafeBuffer heap = new UnsafeBuffer(0, 0);
  private int ssrcCount;
  private int length;
  private boolean closed;

  /** Starts without any SSRC. */
  public SrtpSender(SrtpProfile profile, SrtpMasterKey masterKey) {
    this(SrtpTransform.create(true, profile, masterKey));
  }

  SrtpSender(SrtpTransform transform) {
    this.transform = transform;
  }

  /**
   * The sender of one SSRC, whose keys are derived if it is new. Null if {@link #SSRCS_MAX} are in
   * use, or if this is closed.
   */
  public @Nullable SsrcSender of(int ssrc) {
    for (int i = 0; i < ssrcCount; i++) {
      SsrcSender sender = requireNonNull(senders[i]);
      if (sender.ssrc() == ssrc) {
        return sender;
      }
    }
    if (closed || ssrcCount == SSRCS_MAX) {
      return null;
    }
    SsrcSender added = new SsrcSender(ssrc, transform.profile(), transform.newContext());
    senders[ssrcCount++] = added;
    return added;
  }

  /**
   * Protects one RTP packet in place. After {@link ProtectResult#OK} it is {@link #length} bytes
   * long; after anything else it must not be sent.
   */
  public ProtectResult protectRtp(UnsafeBuffer buffer, int offset, int packetLength) {
    length = 0;
    if (packetLength < RTP_HEADER_LENGTH) {
      return ProtectResult.MALFORMED;
    }
    SsrcSender sender = of(buffer.getInt(offset + RTP_SSRC_OFFSET, BIG_ENDIAN));
    if (sender == null) {
      return refusal();
    }
    ProtectResult result = sender.protectRtp(buffer, offset, packetLength, false);
    if (result == ProtectResult.OK) {
      length = sender.rtpLength(packetLength);
    }
    return result;
  }

  /** As {@link #protectRtp(UnsafeBuffer, int, int)}, of a packet in an array. */
  public ProtectResult protectRtp(byte[] array, int offset, int packetLength) {
    heap.wrap(array);
    return protectRtp(heap, offset, packetLength);
  }

  /**
   * Protects one compound RTCP packet in place, as {@link #protectRtp(UnsafeBuffer, int, int)}
   * does.
   */
  public ProtectResult protectRtcp(UnsafeBuffer buffer, int offset, int packetLength) {
    length = 0;
    if (packetLength < RTCP_HEADER_LENGTH) {
      return ProtectResult.MALFORMED;
    }
    SsrcSender sender = of(buffer.getInt(offset + RTCP_SSRC_OFFSET, BIG_ENDIAN));
    if (sender == null) {
      return refusal();
    }
    ProtectResult result = sender.protectRtcp(buffer, offset, packetLength);
    if (result == ProtectResult.OK) {
      length = sender.rtcpLength(packetLength);
    }
    return result;
  }

  /** As {@link #protectRtcp(UnsafeBuffer, int, int)}, of a packet in an array. */
  public ProtectResult protectRtcp(byte[] array, int offset, int packetLength) {
    heap.wrap(array);
    return protectRtcp(heap, offset, packetLength);
  }

  private ProtectResult refusal() {
    return closed ? ProtectResult.CLOSED : ProtectResult.TOO_MANY_SSRCS;
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
      requireNonNull(senders[i]).close();
    }
    Arrays.fill(senders, null);
    ssrcCount = 0;
    transform.close();
  }
}
