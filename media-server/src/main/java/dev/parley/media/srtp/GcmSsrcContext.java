package dev.parley.media.srtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * One SSRC's packets as RFC 7714 frames them: an RTP packet is header, encrypted payload and tag;
 * an RTCP packet is eight clear bytes, encrypted rest, tag, and a word of E flag and index. All
 * that is clear is authenticated. Owned with its sender or receiver.
 */
final class GcmSsrcContext implements SsrcContext {
  /** The last one that may be protected under a key (RFC 3711 section 9.2). */
  static final long RTCP_INDEX_MAX = 0x7FFF_FFFFL;

  private static final int E_FLAG = 0x8000_0000;

  private static final int RTP_SSRC_OFFSET = 8;
  private static final int SEQUENCE_NUMBER_OFFSET = 2;
  private static final int RTCP_HEADER_LENGTH = 8;
  private static final int RTCP_SSRC_OFFSET = 4;
  private static final int TAG_LENGTH = GcmCipher.TAG_LENGTH;
  static final int INDEX_LENGTH = SrtpProfile.SRTCP_INDEX_LENGTH;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
          .withInvokeExactBehavior();
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN)
          .withInvokeExactBehavior();

  private final GcmCipher rtp;
  private final GcmCipher rtcp;
  private final ReplayWindow rtpWindow = new ReplayWindow();
  private final ReplayWindow rtcpWindow = new ReplayWindow();
  private long nextRtcpIndex;

  GcmSsrcContext(GcmCipher rtp, GcmCipher rtcp) {
    this(rtp, rtcp, 0);
  }

  GcmSsrcContext(GcmCipher rtp, GcmCipher rtcp, long nextRtcpIndex) {
    this.rtp = rtp;
    this.rtcp = rtcp;
    this.nextRtcpIndex = nextRtcpIndex;
  }

  @Override
  public ProtectResult protectRtp(
      byte[] buffer, int offset, int headerLength, int packetLength, long index) {
    if (index > PacketIndex.MAX) {
      return ProtectResult.REPLAYED;
    }
    int protectedLength = packetLength + TAG_LENGTH;
    if (protectedLength > PacketScratch.PACKET_LENGTH_MAX) {
      return ProtectResult.MALFORMED;
    }
    PacketScratch packet = PacketScratch.ofThread();
    packet.load(buffer, offset, packetLength);
    if (!rtp.startSealing(packet, packet.readInt(RTP_SSRC_OFFSET), index)
        || !rtp.header(packet, 0, headerLength)
        || !rtp.payload(packet, headerLength, packetLength - headerLength)
        || !rtp.writeTag(packet, packetLength)) {
      return ProtectResult.CIPHER_FAILED;
    }
    packet.store(headerLength, buffer, offset + headerLength, protectedLength - headerLength);
    return ProtectResult.OK;
  }

  @Override
  public ProtectResult protectRtcp(byte[] buffer, int offset, int packetLength) {
    if (nextRtcpIndex > RTCP_INDEX_MAX) {
      return ProtectResult.REPLAYED;
    }
    int indexOffset = packetLength + TAG_LENGTH;
    int protectedLength = indexOffset + INDEX_LENGTH;
    if (protectedLength > PacketScratch.PACKET_LENGTH_MAX) {
      return ProtectResult.MALFORMED;
    }
    // Spent even if the cipher should fail: what it had done by then is unknown.
    long index = nextRtcpIndex++;
    PacketScratch packet = PacketScratch.ofThread();
    packet.load(buffer, offset, packetLength);
    packet.writeInt(indexOffset, E_FLAG | (int) index);
    if (!rtcp.startSealing(packet, packet.readInt(RTCP_SSRC_OFFSET), index)
        || !rtcp.header(packet, 0, RTCP_HEADER_LENGTH)
        || !rtcp.header(packet, indexOffset, INDEX_LENGTH)
        || !rtcp.payload(packet, RTCP_HEADER_LENGTH, packetLength - RTCP_HEADER_LENGTH)
        || !rtcp.writeTag(packet, packetLength)) {
      return ProtectResult.CIPHER_FAILED;
    }
    packet.store(
        RTCP_HEADER_LENGTH,
        buffer,
        offset + RTCP_HEADER_LENGTH,
        protectedLength - RTCP_HEADER_LENGTH);
    return ProtectResult.OK;
  }

  @Override
  public UnprotectResult unprotectRtp(byte[] buffer, int offset, int packetLength) {
    int clearLength = packetLength - TAG_LENGTH;
    int headerLength = RtpHeaderLength.of(buffer, offset, clearLength);
    if (headerLength == RtpHeaderLength.TOO_LONG
        || packetLength > PacketScratch.PACKET_LENGTH_MAX) {
      return UnprotectResult.MALFORMED;
    }
    int sequenceNumber = (short) SHORTS.get(buffer, offset + SEQUENCE_NUMBER_OFFSET) & 0xFFFF;
    long index = rtpWindow.indexOf(sequenceNumber);
    if (!rtpWindow.mayAccept(index)) {
      return UnprotectResult.REPLAYED;
    }
    PacketScratch packet = PacketScratch.ofThread();
    packet.load(buffer, offset, packetLength);
    int payloadLength = clearLength - headerLength;
    if (!rtp.startOpening(packet, packet.readInt(RTP_SSRC_OFFSET), index, clearLength)
        || !rtp.header(packet, 0, headerLength)
        || !rtp.payload(packet, headerLength, payloadLength)) {
      return UnprotectResult.CIPHER_FAILED;
    }
    if (!rtp.isAuthentic()) {
      return UnprotectResult.NOT_AUTHENTIC;
    }
    packet.store(headerLength, buffer, offset + headerLength, payloadLength);
    rtpWindow.accept(index);
    return UnprotectResult.OK;
  }

  @Override
  public UnprotectResult unprotectRtcp(byte[] buffer, int offset, int packetLength) {
    int indexOffset = packetLength - INDEX_LENGTH;
    int clearLength = indexOffset - TAG_LENGTH;
    if (packetLength > PacketScratch.PACKET_LENGTH_MAX) {
      return UnprotectResult.MALFORMED;
    }
    int flagAndIndex = (int) INTS.get(buffer, offset + indexOffset);
    assert (flagAndIndex & E_FLAG) != 0 : "the receiver has refused those";
    long index = flagAndIndex & ~E_FLAG;
    if (!rtcpWindow.mayAccept(index)) {
      return UnprotectResult.REPLAYED;
    }
    PacketScratch packet = PacketScratch.ofThread();
    packet.load(buffer, offset, packetLength);
    int payloadLength = clearLength - RTCP_HEADER_LENGTH;
    if (!rtcp.startOpening(packet, packet.readInt(RTCP_SSRC_OFFSET), index, clearLength)
        || !rtcp.header(packet, 0, RTCP_HEADER_LENGTH)
        || !rtcp.header(packet, indexOffset, INDEX_LENGTH)
        || !rtcp.payload(packet, RTCP_HEADER_LENGTH, payloadLength)) {
      return UnprotectResult.CIPHER_FAILED;
    }
    if (!rtcp.isAuthentic()) {
      return UnprotectResult.NOT_AUTHENTIC;
    }
    packet.store(RTCP_HEADER_LENGTH, buffer, offset + RTCP_HEADER_LENGTH, payloadLength);
    rtcpWindow.accept(index);
    return UnprotectResult.OK;
  }

  @Override
  public long touch(int stage) {
    return rtp.touch(stage);
  }

  /** Its transform's are the ciphers. */
  @Override
  public void close() {}
}
