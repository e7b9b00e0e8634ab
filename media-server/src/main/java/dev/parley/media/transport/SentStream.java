package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import dev.parley.media.rtcp.NtpTime;
import dev.parley.media.rtcp.RtcpWriter;
import dev.parley.media.rtp.SequenceNumbers;
import dev.parley.media.srtp.SsrcSender;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A stream towards a peer: what was negotiated, and what was sent so far. Packets are known by
 * index, their sequence numbers counted on without wrap-around. Owned by one loop.
 */
final class SentStream {
  private static final int ONE_BYTE_ID_MAX = 14;
  private static final int ONE_BYTE_LENGTH_MAX = 16;
  private static final long TICKS_PER_MS = 48;
  private static final long NS_PER_MS = 1_000_000;

  final OutgoingLine line;
  final byte[] mid;

  // The line's, here for each packet: one object to fetch instead of two.
  final int ssrc;
  final int payloadType;
  final int midExtensionId;
  final int audioLevelExtensionId;
  final int mixerToClientExtensionId;

  /** Which form header extensions need on this line (RFC 8285 section 4.1). */
  final boolean needsTwoByteExtensions;

  /** Null if the peer may not ask for packets. */
  private final @Nullable AskedPackets askedPackets;

  /** Null before the handshake. */
  private @Nullable SsrcSender sender;

  /** The newest packet's, or -1 before the first. */
  private long highestIndex = -1;

  /**
   * The last packet that carries the mid. Known once the peer reports on the stream, and so knows
   * which line the SSRC belongs to.
   */
  private long lastIndexWithMid = Long.MAX_VALUE;

  private int packetCount;
  private int octetCount;
  private int lastTimestampTicks;
  private long lastSentNs;

  SentStream(OutgoingLine line) {
    this.line = line;
    mid = line.mid().getBytes(StandardCharsets.UTF_8);
    ssrc = line.ssrc();
    payloadType = line.payloadType();
    midExtensionId = line.midExtensionId();
    audioLevelExtensionId = line.audioLevelExtensionId();
    mixerToClientExtensionId = line.mixerToClientExtensionId();
    needsTwoByteExtensions =
        line.midExtensionId() > ONE_BYTE_ID_MAX
            || line.audioLevelExtensionId() > ONE_BYTE_ID_MAX
            || line.mixerToClientExtensionId() > ONE_BYTE_ID_MAX
            || mid.length > ONE_BYTE_LENGTH_MAX;
    askedPackets = line.nack() ? new AskedPackets() : null;
  }

  /** Reads what the next packet will need, see {@link SsrcSender#touch}. */
  long touch() {
    return highestIndex + lastSentNs + ssrc;
  }

  /** Encrypts its packets; null before the handshake. */
  @Nullable SsrcSender sender() {
    return sender;
  }

  void sender(@Nullable SsrcSender negotiated) {
    sender = negotiated;
  }

  @Nullable AskedPackets askedPackets() {
    return askedPackets;
  }

  /** The index nearest to the newest packet's with this sequence number. */
  long indexOf(int sequenceNumber) {
    return highestIndex < 0
        ? sequenceNumber
        : highestIndex + SequenceNumbers.difference(sequenceNumber, (int) highestIndex & 0xFFFF);
  }

  /** True if the packet was sent, or left out, and is not too old to be sent again. */
  boolean isRetransmittable(long index) {
    return index <= highestIndex && highestIndex - index < Limits.RETRANSMITTABLE_PACKETS;
  }

  /**
   * True if the packet carries the mid (RFC 8843 section 15.1 leaves the choice to us). Always the
   * same for the same packet: what is sent again must be what was sent.
   */
  boolean sendsMid(long index) {
    return index <= lastIndexWithMid && midExtensionId != 0 && mid.length > 0;
  }

  void onReported() {
    lastIndexWithMid = Math.min(lastIndexWithMid, highestIndex);
  }

  /** A packet is about to be built, whether the socket will take it or not. */
  void onBuilt(long index) {
    highestIndex = Math.max(highestIndex, index);
  }

  void onSent(int payloadLength, int timestampTicks, long nowNs) {
    onSentAgain(payloadLength);
    lastTimestampTicks = timestampTicks;
    lastSentNs = nowNs;
  }

  /** Counts a retransmission; reports must not take its timestamp for the present. */
  void onSentAgain(int payloadLength) {
    packetCount++;
    octetCount += payloadLength;
  }

  boolean hasSent() {
    return packetCount != 0;
  }

  /** Opens a sender report: this instant on both clocks (RFC 3550 section 6.4.1). */
  void report(RtcpWriter writer, long nowNs, long unixNs) {
    long sinceTicks = (nowNs - lastSentNs) / NS_PER_MS * TICKS_PER_MS;
    writer
        .senderReport(ssrc)
        .senderInfo(
            NtpTime.ofUnixNs(unixNs),
            lastTimestampTicks + (int) sinceTicks,
            packetCount,
            octetCount);
  }
}
