package dev.parley.media.transport;

import dev.parley.media.packet.ReceptionReport;
import dev.parley.media.rtcp.NtpTime;
import dev.parley.media.rtcp.ReceptionStatistics;
import dev.parley.media.rtcp.RtcpCompound;
import dev.parley.media.rtcp.RtcpParseResult;
import dev.parley.media.rtcp.RtcpType;
import java.util.function.LongSupplier;

/**
 * Reports of peers: unprotect, parse, remember for our own reports, tell the mix agent how the peer
 * receives and what it wants again. Owned by one event loop.
 */
final class RtcpStage {
  private final LoopParts parts;
  private final TransportCounters counters;
  private final LongSupplier unixClockNs;
  private final SrtpGate gate;
  private final NackStage nacks;
  private final RtcpCompound compound = new RtcpCompound();

  RtcpStage(LoopParts parts) {
    this.parts = parts;
    counters = parts.counters;
    unixClockNs = parts.settings.unixClockNs();
    gate = new SrtpGate(parts);
    nacks = new NackStage(parts);
  }

  void onPacket(MediaSocket socket, int length, SourceAddress from, long arrivalNs, long nowNs) {
    Path path = gate.open(true, socket, length, from, nowNs);
    if (path == null) {
      return;
    }
    if (compound.wrap(parts.receivedBuffer, 0, gate.length()) != RtcpParseResult.VALID) {
      counters.increment(TransportCounter.RTCP_MALFORMED);
      return;
    }
    counters.increment(TransportCounter.RTCP_ACCEPTED);
    nacks.begin();
    while (compound.next()) {
      switch (compound.type()) {
        case RtcpType.SENDER_REPORT -> {
          onSenderReport(path.peer, arrivalNs);
          onReportBlocks(path.peer, nowNs - arrivalNs);
        }
        case RtcpType.RECEIVER_REPORT -> onReportBlocks(path.peer, nowNs - arrivalNs);
        case RtcpType.BYE -> counters.increment(TransportCounter.RTCP_BYES);
        case RtcpType.TRANSPORT_FEEDBACK -> nacks.onNack(path.peer, compound, nowNs);
        default -> {
          // Source descriptions and feedback for video say nothing we need.
        }
      }
    }
  }

  private void onSenderReport(Peer peer, long arrivalNs) {
    ReceptionStatistics statistics = peer.receivedStreams().known(compound.senderSsrc());
    if (statistics != null) {
      statistics.onSenderReport(compound.ntpTimestamp(), arrivalNs);
    }
  }

  /** What the report has waited here is no part of the round trip. */
  private void onReportBlocks(Peer peer, long waitedNs) {
    int arrivalMiddle = NtpTime.middle(NtpTime.ofUnixNs(unixClockNs.getAsLong() - waitedNs));
    for (int i = 0; i < compound.count(); i++) {
      int line = peer.lineOf(compound.reportSsrc(i));
      if (line < 0) {
        continue;
      }
      peer.sentStream(line).onReported();
      long roundTripNs =
          NtpTime.roundTripNs(
              arrivalMiddle, compound.lastSenderReport(i), compound.delaySinceLastSenderReport(i));
      if (roundTripNs != ReceptionReport.ROUND_TRIP_UNKNOWN) {
        peer.roundTripNs(roundTripNs);
      }
      boolean isWritten =
          ReceptionReport.tryWrite(
              peer.inbound(),
              peer.id(),
              compound.fractionLost(i),
              roundTripNs,
              compound.jitterTicks(i));
      if (!isWritten) {
        counters.increment(TransportCounter.INBOUND_RING_FULL);
      }
    }
  }
}
