package dev.parley.media.srtp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

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
      UnsafeBuffer buffer, int offset, int headerLength, int packetLength, long index) {
    if (index > PacketIndex.MAX) {
      return ProtectResult.REPLAYED;
    }
    int protectedLength = packetLength + TAG_LENGTH;
    if (protectedLength > PacketScratch.PACKET_LENGTH_MAX) {
      return ProtectResult.MALFORMED;
    }
    int ssrc = buffer.getInt(offset + RTP_SSRC_OFFSET, BIG_ENDIAN);
    PacketScratch scratch = PacketScratch.ofThread();
    long packet = scratch.enter(buffer, offset, packetLength);
    if (!rtp.startSealing(scratch, ssrc, index)
        || !rtp.header(packet, headerLength)
        || !rtp.payload(packet + headerLength, packetLength - headerLength)
        || !rtp.writeTag(packet + packetLength)) {
      return ProtectResult.CIPHER_FAILED;
    }
    scratch.leave(headerLength, buffer, offset + headerLength, protectedLength - headerLength);
    return ProtectResult.OK;
  }

  @Override
  public ProtectResult protectRtcp(UnsafeBuffer buffer, int offset, int packetLength) {
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
    int ssrc = buffer.getInt(offset + RTCP_SSRC_OFFSET, BIG_ENDIAN);
    buffer.putInt(offset + indexOffset, E_FLAG | (int) index, BIG_ENDIAN);
    PacketScratch scratch = PacketScratch.ofThread();
    long packet = scratch.enter(buffer, offset, protectedLength);
    if (!rtcp.startSealing(scratch, ssrc, index)
        || !rtcp.header(packet, RTCP_HEADER_LENGTH)
        || !rtcp.header(packet + indexOffset, INDEX_LENGTH)
        || !rtcp.payload(packet + RTCP_HEADER_LENGTH, packetLength - RTCP_HEADER_LENGTH)
        || !rtcp.writeTag(packet + packetLength)) {
      return ProtectResult.CIPHER_FAILED;
    }
    scratch.leave(
        RTCP_HEADER_LENGTH, buffer, offset + RTCP_HEADER_LENGTH, indexOffset - RTCP_HEADER_LENGTH);
    return ProtectResult.OK;
  }

  @Override
  public UnprotectResult unprotectRtp(byte[] buffer, int offset, int packetLength) {
    int clearLength = packetLength - TAG_LENGTH;
    if (packetLength > PacketScratch.PACKET_LENGTH_MAX) {
      return UnprotectResult.MALFORMED;
    }
    PacketScratch scratch = PacketScratch.ofThread();
    UnsafeBuffer packet = scratch.load(buffer, offset, packetLength);
    int headerLength = RtpHeaderLength.of(packet, 0, clearLength);
    if (headerLength == RtpHeaderLength.TOO_LONG) {
      return UnprotectResult.MALFORMED;
    }
    int sequenceNumber = packet.getShort(SEQUENCE_NUMBER_OFFSET, BIG_ENDIAN) & 0xFFFF;
    long index = rtpWindow.indexOf(sequenceNumber);
    if (!rtpWindow.mayAccept(index)) {
      return UnprotectResult.REPLAYED;
    }
    long address = packet.addressOffset();
    int ssrc = packet.getInt(RTP_SSRC_OFFSET, BIG_ENDIAN);
    int payloadLength = clearLength - headerLength;
    if (!rtp.startOpening(scratch, ssrc, index, address + clearLength)
        || !rtp.header(address, headerLength)
        || !rtp.payload(address + headerLength, payloadLength)) {
      return UnprotectResult.CIPHER_FAILED;
    }
    if (!rtp.isAuthentic()) {
      return UnprotectResult.NOT_AUTHENTIC;
    }
    packet.getBytes(headerLength, buffer, offset + headerLength, payloadLength);
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
    PacketScratch scratch = PacketScratch.ofThread();
    UnsafeBuffer packet = scratch.load(buffer, offset, packetLength);
    int flagAndIndex = packet.getInt(indexOffset, BIG_ENDIAN);
    assert (flagAndIndex & E_FLAG) != 0 : "the receiver has refused those";
    long index = flagAndIndex & ~E_FLAG;
    if (!rtcpWindow.mayAccept(index)) {
      return UnprotectResult.REPLAYED;
    }
    long address = packet.addressOffset();
    int ssrc = packet.getInt(RTCP_SSRC_OFFSET, BIG_ENDIAN);
    int payloadLength = clearLength - RTCP_HEADER_LENGTH;
    if (!rtcp.startOpening(scratch, ssrc, index, address + clearLength)
        || !rtcp.header(address, RTCP_HEADER_LENGTH)
        || !rtcp.header(address + indexOffset, INDEX_LENGTH)
        || !rtcp.payload(address + RTCP_HEADER_LENGTH, payloadLength)) {
      return UnprotectResult.CIPHER_FAILED;
    }
    if (!rtcp.isAuthentic()) {
      return UnprotectResult.NOT_AUTHENTIC;
    }
    packet.getBytes(RTCP_HEADER_LENGTH, buffer, offset + RTCP_HEADER_LENGTH, payloadLength);
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
