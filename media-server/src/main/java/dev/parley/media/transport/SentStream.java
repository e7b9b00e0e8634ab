package dev.parley.media.transport;

import dev.parley.media.rtcp.NtpTime;
import dev.parley.media.rtcp.RtcpWriter;
import java.nio.charset.StandardCharsets;

/** A stream towards a peer: what was negotiated, and what was sent so far. Owned by one loop. */
final class SentStream {
  private static final int ONE_BYTE_ID_MAX = 14;
  private static final int ONE_BYTE_LENGTH_MAX = 16;
  private static final long TICKS_PER_MS = 48;
  private static final long NS_PER_MS = 1_000_000;

  final OutgoingLine line;
  final byte[] mid;

  /** Which form header extensions need on this line (RFC 8285 section 4.1). */
  final boolean needsTwoByteExtensions;

  /** True until the peer reports on the stream: then it knows which line the SSRC belongs to. */
  private boolean introduces = true;

  private int packetCount;
  private int octetCount;
  private int lastTimestampTicks;
  private long lastSentNs;

  SentStream(OutgoingLine line) {
    this.line = line;
    mid = line.mid().getBytes(StandardCharsets.UTF_8);
    needsTwoByteExtensions =
        line.midExtensionId() > ONE_BYTE_ID_MAX
            || line.audioLevelExtensionId() > ONE_BYTE_ID_MAX
            || line.mixerToClientExtensionId() > ONE_BYTE_ID_MAX
            || mid.length > ONE_BYTE_LENGTH_MAX;
  }

  /** True if the packet should carry the mid (RFC 8843 section 15.1 leaves the choice to us). */
  boolean sendsMid() {
    return introduces && line.midExtensionId() != 0 && mid.length > 0;
  }

  void onReported() {
    introduces = false;
  }

  void onSent(int payloadLength, int timestampTicks, long nowNs) {
    packetCount++;
    octetCount += payloadLength;
    lastTimestampTicks = timestampTicks;
    lastSentNs = nowNs;
  }

  boolean hasSent() {
    return packetCount != 0;
  }

  /** Opens a sender report: this instant on both clocks (RFC 3550 section 6.4.1). */
  void report(RtcpWriter writer, long nowNs, long unixNs) {
    long sinceTicks = (nowNs - lastSentNs) / NS_PER_MS * TICKS_PER_MS;
    writer
        .senderReport(line.ssrc())
        .senderInfo(
            NtpTime.ofUnixNs(unixNs),
            lastTimestampTicks + (int) sinceTicks,
            packetCount,
            octetCount);
  }
}
