package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import dev.parley.media.packet.UplinkReport;
import dev.parley.media.rtcp.ReceptionStatistics;
import dev.parley.media.rtcp.RtcpWriter;
import dev.parley.media.srtp.ProtectResult;

/**
 * Sends each peer a compound report about each five seconds, or as soon as after a second if
 * packets of its own got lost, and again when no more were: its encoder waits for that news. So do
 * we for what it answers to the first that tells of our streams: how long the way is. Intervals are
 * drawn anew each time, so that peers that joined together are not reported to together (RFC 3550
 * section 6.2). Owned by one loop.
 */
final class ReportSender {
  private final LoopParts parts;
  private final TransportCounters counters;
  private final RtcpWriter writer = new RtcpWriter();

  ReportSender(LoopParts parts) {
    this.parts = parts;
    counters = parts.counters;
  }

  /** Sends a report if one is due. */
  void poll(Peer peer, long nowNs) {
    Keys keys = peer.keys();
    Path path = peer.selected();
    if (keys == null || path == null || !peer.maySend() || nowNs - peer.nextReportNs() < 0) {
      return;
    }
    peer.nextReportNs(
        nowNs + Limits.RTCP_INTERVAL_NS / 2 + parts.random.nextLong(Limits.RTCP_INTERVAL_NS));
    boolean hasSent = hasSent(peer);
    boolean haveLost = peer.receivedStreams().haveLost();
    boolean isFirstOfSender = hasSent && !peer.hasReportedSending();
    if (nowNs - peer.quietUntilNs() < 0 && !haveLost && !isFirstOfSender) {
      return;
    }
    int length = build(peer, nowNs);
    tellAgent(peer);
    if (keys.sender().protectRtcp(parts.sent, 0, length) != ProtectResult.OK) {
      counters.increment(TransportCounter.OUTGOING_NOT_PROTECTED);
    } else if (path.socket.send(parts.sent, keys.sender().length(), path.address)) {
      counters.increment(TransportCounter.RTCP_SENT);
      peer.onReported(hasSent, haveLost ? nowNs : quietUntilNs(nowNs));
    }
  }

  /** The mix agent tells the session tier how well the peer's packets come. */
  private void tellAgent(Peer peer) {
    ReceptionStatistics worst = peer.receivedStreams().worstReported();
    if (worst != null
        && !UplinkReport.tryWrite(
            peer.inbound(), peer.id(), worst.reportedFractionLost(), worst.jitterTicks())) {
      counters.increment(TransportCounter.INBOUND_RING_FULL);
    }
  }

  private static long quietUntilNs(long nowNs) {
    return nowNs + Limits.RTCP_QUIET_INTERVAL_NS - Limits.RTCP_INTERVAL_NS / 2;
  }

  private static boolean hasSent(Peer peer) {
    for (int i = 0; i < peer.sentStreamCount(); i++) {
      if (peer.sentStream(i).hasSent()) {
        return true;
      }
    }
    return false;
  }

  /**
   * A sender report for each stream that has sent, the first with what we receive; or that alone.
   */
  private int build(Peer peer, long nowNs) {
    long unixNs = parts.settings.unixClockNs().getAsLong();
    writer.begin(parts.sent, 0);
    boolean isFirst = true;
    for (int i = 0; i < peer.sentStreamCount(); i++) {
      SentStream stream = peer.sentStream(i);
      if (stream.hasSent()) {
        stream.report(writer, nowNs, unixNs);
        if (isFirst) {
          peer.receivedStreams().report(writer, nowNs);
        }
        writer.cname(stream.ssrc, peer.cname());
        isFirst = false;
      }
    }
    if (isFirst) {
      writer.receiverReport(peer.description().reportSsrc());
      peer.receivedStreams().report(writer, nowNs);
      writer.cname(peer.description().reportSsrc(), peer.cname());
    }
    return writer.length();
  }
}
