package dev.parley.media.srtp;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
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

  private static final int NO_PLACE = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, BIG_ENDIAN).withInvokeExactBehavior();
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, BIG_ENDIAN).withInvokeExactBehavior();

  private static final int SEQUENCE_NUMBER_OFFSET = 2;
  private static final int RTP_SSRC_OFFSET = 8;
  private static final int RTCP_HEADER_LENGTH = 8;
  private static final int RTCP_SSRC_OFFSET = 4;

  private final SrtpProfile profile;
  private final SrtpTransform transform;
  private final int[] ssrcs = new int[SSRCS_MAX];
  private final @Nullable SsrcContext[] contexts = new SsrcContext[SSRCS_MAX];
  private final @Nullable SentTags[] sentTags = new SentTags[SSRCS_MAX];
  private int ssrcCount;
  private int length;
  private boolean closed;

  /** Starts without any SSRC. */
  public SrtpSender(SrtpProfile profile, SrtpMasterKey masterKey) {
    this(SrtpTransform.create(true, profile, masterKey));
  }

  SrtpSender(SrtpTransform transform) {
    this.profile = transform.profile();
    this.transform = transform;
  }

  /**
   * Derives the keys for an SSRC ahead of its first packet. Returns false if {@link #SSRCS_MAX} are
   * in use.
   */
  public boolean prepare(int ssrc) {
    return !closed && placeOf(ssrc) != NO_PLACE;
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
    // A header that runs past the packet would make the length given to the native cipher negative.
    int headerLength = RtpHeaderLength.of(buffer, offset, packetLength);
    if (headerLength == RtpHeaderLength.TOO_LONG) {
      return ProtectResult.MALFORMED;
    }
    int protectedLength = packetLength + profile.rtpOverheadLength();
    ProtectResult refusal = refusal(buffer.length - offset, protectedLength);
    if (refusal != ProtectResult.OK) {
      return refusal;
    }
    int place = placeOf(SrtpReceiver.readInt(buffer, offset + RTP_SSRC_OFFSET));
    if (place == NO_PLACE) {
      return ProtectResult.TOO_MANY_SSRCS;
    }
    SentTags sent = requireNonNull(sentTags[place]);
    long index = sent.indexOf((short) SHORTS.get(buffer, offset + SEQUENCE_NUMBER_OFFSET) & 0xFFFF);
    boolean wasSent = sent.wasSent(index);
    if (sent.isTooOld(index) || (wasSent && !again)) {
      return ProtectResult.REPLAYED;
    }
    SsrcContext context = requireNonNull(contexts[place]);
    ProtectResult result = context.protectRtp(buffer, offset, headerLength, packetLength, index);
    if (result != ProtectResult.OK) {
      return result;
    }
    // Both tags are longer than that. Two packets that share it are the same: that is its purpose.
    long tag = (long) LONGS.get(buffer, offset + protectedLength - Long.BYTES);
    if (!wasSent) {
      sent.onSent(index, tag);
    } else if (sent.tagOf(index) != tag) {
      return ProtectResult.ALTERED;
    }
    length = protectedLength;
    return ProtectResult.OK;
  }

  /** Protects one compound RTCP packet in place, as {@link #protectRtp} does. */
  public ProtectResult protectRtcp(byte[] buffer, int offset, int packetLength) {
    length = 0;
    if (packetLength < RTCP_HEADER_LENGTH) {
      return ProtectResult.MALFORMED;
    }
    int protectedLength = packetLength + profile.rtcpOverheadLength();
    ProtectResult refusal = refusal(buffer.length - offset, protectedLength);
    if (refusal != ProtectResult.OK) {
      return refusal;
    }
    int place = placeOf(SrtpReceiver.readInt(buffer, offset + RTCP_SSRC_OFFSET));
    if (place == NO_PLACE) {
      return ProtectResult.TOO_MANY_SSRCS;
    }
    SsrcContext context = requireNonNull(contexts[place]);
    ProtectResult result = context.protectRtcp(buffer, offset, packetLength);
    if (result == ProtectResult.OK) {
      length = protectedLength;
    }
    return result;
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
    Arrays.fill(sentTags, null);
    ssrcCount = 0;
    transform.close();
  }

  private ProtectResult refusal(int room, int protectedLength) {
    if (closed) {
      return ProtectResult.CLOSED;
    }
    return protectedLength > room ? ProtectResult.BUFFER_TOO_SMALL : ProtectResult.OK;
  }

  /** Where the SSRC's context is, made if it has none; or {@link #NO_PLACE}. */
  private int placeOf(int ssrc) {
    for (int i = 0; i < ssrcCount; i++) {
      if (ssrcs[i] == ssrc) {
        return i;
      }
    }
    if (ssrcCount == SSRCS_MAX) {
      return NO_PLACE;
    }
    ssrcs[ssrcCount] = ssrc;
    contexts[ssrcCount] = transform.newContext();
    sentTags[ssrcCount] = new SentTags();
    return ssrcCount++;
  }
}
