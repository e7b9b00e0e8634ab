package dev.parley.benchmarks.client;

import dev.parley.media.dtls.DatagramOutput;
import dev.parley.media.rtcp.RtcpWriter;
import dev.parley.media.srtp.SrtpKeys;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The media of one connected client: what it sends and what it receives, the reports of each to the
 * other side, and requests for what was lost. Owner: the client loop.
 */
final class MediaSession implements InboundMedia.Listener {
  /** The level of a frequency where nobody listens. */
  static final double NO_TONE_DBOV = -140;

  /**
   * Between two reports of a browser (libwebrtc) that has audio only, on average; each time half as
   * much to half as much again.
   */
  private static final long REPORT_NS = TimeUnit.SECONDS.toNanos(5);

  private final OutboundMedia outbound;
  private final InboundMedia inbound;
  private final boolean asks;
  private final boolean isImpaired;
  private final SplittableRandom random;
  private long nextReportNs;

  MediaSession(
      ClientSettings settings,
      RemoteDescription remote,
      SrtpKeys keys,
      OutboundMedia.Source source,
      DatagramOutput output,
      long nowNs) {
    this.asks = settings.nack() && remote.nack();
    this.isImpaired = settings.network() != null;
    this.outbound = new OutboundMedia(settings, remote, keys, source, output, nowNs);
    this.inbound = new InboundMedia(settings, remote, keys, asks, this);
    this.random = new SplittableRandom(outbound.ssrc());
    this.nextReportNs = nowNs + untilReportNs() / 2;
  }

  /** Sends what is due; returns when the next is. */
  long onTime(long nowNs) {
    if (nowNs - nextReportNs >= 0) {
      inbound.writeBlocks(outbound.beginReport(nowNs), nowNs);
      outbound.sendReport(nowNs);
      nextReportNs += untilReportNs();
    }
    outbound.sendDue(nowNs);
    askForLost(nowNs);
    outbound.impairment().onTime(nowNs);
    inbound.impairment().onTime(nowNs);
    return outbound.nextPacketNs(Math.min(nextReportNs, dueNs(nowNs)));
  }

  private long untilReportNs() {
    return REPORT_NS / 2 + random.nextLong(REPORT_NS);
  }

  /** When something is due that a received packet may have brought about. */
  long dueNs(long nowNs) {
    long dueNs = nowNs + REPORT_NS;
    if (asks) {
      List<ReceivedLine> lines = inbound.lines();
      for (int i = 0; i < lines.size(); i++) {
        dueNs = Math.min(dueNs, lines.get(i).requests().dueNs(nowNs));
      }
    }
    long heldNs = Math.min(inbound.impairment().dueNs(nowNs), outbound.impairment().dueNs(nowNs));
    return Math.min(heldNs, dueNs);
  }

  private void askForLost(long nowNs) {
    if (!asks) {
      return;
    }
    List<ReceivedLine> lines = inbound.lines();
    for (int i = 0; i < lines.size(); i++) {
      ReceivedLine line = lines.get(i);
      if (line.requests().isDue(nowNs)) {
        RtcpWriter requests = outbound.beginRequests();
        if (line.requests().write(requests, outbound.ssrc(), line.ssrc(), nowNs)) {
          outbound.sendRequests(nowNs);
        }
      }
    }
  }

  /**
   * A datagram from the socket.
   *
   * @param kernelNs the kernel's stamp, 0 if it was not asked for
   */
  void onDatagram(UnsafeBuffer datagram, int length, boolean isControl, long nowNs, long kernelNs) {
    inbound.onDatagram(datagram, length, isControl, nowNs, kernelNs);
  }

  @Override
  public void onVoice(long nowNs) {
    askForLost(nowNs);
  }

  @Override
  public void onReportBlock(int ssrc, int cumulativeLost, int extendedHighest) {
    if (ssrc == outbound.ssrc()) {
      outbound.onReportBlock(cumulativeLost, extendedHighest);
    }
  }

  /** When the first packet of a stream arrived, 0 if none has. */
  long firstAudioNs() {
    return inbound.firstAudioNs();
  }

  double toneDbov(double hertz) {
    return inbound.toneDbov(hertz);
  }

  void addTo(FigureSum sum) {
    outbound.addTo(sum);
    inbound.addTo(sum);
    if (isImpaired) {
      sum.addInjected(
          new InjectedFigures(
              outbound.impairment().lostMedia(),
              inbound.impairment().lostMedia(),
              inbound.neverSent(),
              outbound.impairment().lostControl() + inbound.impairment().lostControl(),
              outbound.impairment().delayed() + inbound.impairment().delayed()));
    }
  }

  /** The few figures that may be taken often. */
  PacketCounts counts() {
    long received = 0;
    long lost = 0;
    for (ReceivedLine line : inbound.lines()) {
      received += line.tally().received();
      lost += line.losses().byServer();
    }
    return new PacketCounts(
        outbound.sent(),
        received,
        lost,
        outbound.impairment().lostMedia() + inbound.impairment().lostMedia());
  }

  void close() {
    outbound.close();
    inbound.close();
  }
}
