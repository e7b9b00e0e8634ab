package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.packet.ReceivedPacketWriter;
import dev.parley.media.rtcp.ReceptionStatistics;
import dev.parley.media.rtp.AudioLevel;
import dev.parley.media.rtp.RtpPacket;
import dev.parley.media.rtp.RtpParseResult;

/** Voice packets: unprotect, parse, count, hand to the peer's mix agent. Owned by one loop. */
final class RtpStage {
  private final LoopParts parts;
  private final TransportCounters counters;
  private final SrtpGate gate;
  private final RtpPacket packet = new RtpPacket();
  private final ReceivedPacketWriter writer = new ReceivedPacketWriter();

  RtpStage(LoopParts parts) {
    this.parts = parts;
    counters = parts.counters;
    gate = new SrtpGate(parts);
  }

  void onPacket(MediaSocket socket, int length, SourceAddress from, long arrivalNs, long nowNs) {
    Path path = gate.open(false, socket, length, from, nowNs);
    if (path != null) {
      onAuthentic(path, gate.length(), arrivalNs);
    }
  }

  /** Takes the packet that stands decrypted in the receive buffer. */
  void onAuthentic(Path path, int length, long arrivalNs) {
    if (packet.wrap(parts.receivedBuffer, 0, length) != RtpParseResult.VALID) {
      counters.increment(TransportCounter.RTP_MALFORMED);
      return;
    }
    Peer peer = path.peer;
    if (!peer.description().maySend()) {
      counters.increment(TransportCounter.RTP_NOT_NEGOTIATED);
      return;
    }
    ReceptionStatistics statistics = peer.receivedStreams().of(packet.ssrc());
    if (statistics != null) {
      statistics.onPacket(packet.sequenceNumber(), packet.timestampTicks(), arrivalNs);
    }
    if (packet.payloadLength() == 0) {
      counters.increment(TransportCounter.RTP_WITHOUT_PAYLOAD);
    } else if (packet.payloadLength() > Limits.PAYLOAD_LENGTH_MAX) {
      counters.increment(TransportCounter.RTP_TOO_LONG);
    } else {
      handOver(peer, arrivalNs);
    }
  }

  private void handOver(Peer peer, long arrivalNs) {
    if (!writer.tryClaim(peer.inbound(), packet.payloadLength())) {
      counters.increment(TransportCounter.INBOUND_RING_FULL);
      return;
    }
    writer.peerId(peer.id()).arrivalNs(arrivalNs).ssrc(packet.ssrc());
    writer.timestampTicks(packet.timestampTicks()).sequenceNumber(packet.sequenceNumber());
    writer.payloadType(packet.payloadType()).marker(packet.marker());
    writeLevel(peer.description().audioLevelExtensionId());
    writer.payload(parts.received, packet.payloadOffset()).commit();
    counters.increment(TransportCounter.RTP_ACCEPTED);
  }

  private void writeLevel(int extensionId) {
    int elementOffset = extensionId == 0 ? RtpPacket.ABSENT : packet.findExtension(extensionId);
    if (elementOffset == RtpPacket.ABSENT || packet.foundLength() == 0) {
      writer.levelDbov(ReceivedPacket.LEVEL_UNKNOWN).voiceActivity(false);
      return;
    }
    int element = parts.received[elementOffset];
    writer.levelDbov(AudioLevel.levelDbov(element));
    writer.voiceActivity(AudioLevel.voiceActivity(element));
  }
}
