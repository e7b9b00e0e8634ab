package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import dev.parley.media.packet.OutgoingPacket;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.rtp.AudioLevel;
import dev.parley.media.rtp.RedPacket;
import dev.parley.media.rtp.RtpPacketWriter;
import dev.parley.media.srtp.SrtpSender;
import dev.parley.media.srtp.SsrcSender;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * The path of a payload from an outbound ring to its receivers: for each, build header, extensions
 * and payload, protect, send. Owned by one event loop.
 */
final class SendPath implements ControlledMessageHandler {
  private static final int RTP_LENGTH_MAX =
      Limits.DATAGRAM_LENGTH_MAX - SrtpSender.OVERHEAD_LENGTH_MAX;

  /** Fixed header, 15 CSRCs, and extensions of which the longest possible are 6 + 34 + 17 bytes. */
  private static final int HEADER_LENGTH_MAX = 12 + 60 + 64;

  private final LoopParts parts;
  private final TransportCounters counters;
  private final OutgoingPacket message = new OutgoingPacket();
  private final RtpPacketWriter writer = new RtpPacketWriter();
  private final TargetLookAhead lookAhead;
  private int targetsLeft;
  private long nowNs;

  SendPath(LoopParts parts) {
    this.parts = parts;
    counters = parts.counters;
    lookAhead = new TargetLookAhead(parts.peers);
  }

  /** Sets the time for the messages that follow. */
  void at(long nowNs) {
    this.nowNs = nowNs;
  }

  /** Takes messages until the ring is empty or the drain's share of sending is used up. */
  void drain(RingBuffer ring) {
    targetsLeft = Limits.TARGETS_PER_DRAIN_MAX;
    ring.controlledRead(this, Limits.TARGETS_PER_DRAIN_MAX);
  }

  @Override
  public Action onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
    assert type == OutgoingPacket.TYPE : type;
    message.wrap(buffer, index);
    sendToAll();
    targetsLeft -= message.targetCount();
    return targetsLeft > 0 ? Action.CONTINUE : Action.BREAK;
  }

  private void sendToAll() {
    if (HEADER_LENGTH_MAX + message.payloadLength() > RTP_LENGTH_MAX) {
      counters.add(TransportCounter.OUTGOING_TOO_LONG, message.targetCount());
      return;
    }
    // For one receiver alone there is nothing to fetch meanwhile.
    boolean looksAhead = message.targetCount() > 1;
    for (int target = 0; target < message.targetCount(); target++) {
      if (looksAhead && target % TargetLookAhead.TARGETS == 0) {
        lookAhead.look(message, target);
      }
      send(target);
    }
  }

  private void send(int target) {
    Peer peer = parts.peers.byId(message.targetPeerId(target));
    if (peer == null) {
      counters.increment(TransportCounter.OUTGOING_UNKNOWN_PEER);
      return;
    }
    Path path = peer.selected();
    if (path == null || !peer.maySend()) {
      counters.increment(TransportCounter.OUTGOING_NOT_CONNECTED);
      return;
    }
    int line = message.targetLine(target);
    if (line >= peer.sentStreamCount()) {
      counters.increment(TransportCounter.OUTGOING_UNKNOWN_LINE);
      return;
    }
    SentStream stream = peer.sentStream(line);
    SsrcSender sender = stream.sender();
    if (sender == null) {
      counters.increment(TransportCounter.OUTGOING_NOT_PROTECTED);
      return;
    }
    int length = build(stream, target);
    switch (sender.protectRtp(parts.sent, 0, length, message.isRetransmission())) {
      case OK -> {
        if (path.socket.send(parts.sent, sender.rtpLength(length), path.address)) {
          onSent(stream, target);
        }
      }
      case ALTERED -> counters.increment(TransportCounter.RETRANSMISSION_ALTERED);
      default -> counters.increment(TransportCounter.OUTGOING_NOT_PROTECTED);
    }
  }

  private void onSent(SentStream stream, int target) {
    counters.increment(TransportCounter.RTP_SENT);
    if (message.isRed()) {
      counters.increment(TransportCounter.RED_SENT);
    }
    if (message.isRetransmission()) {
      stream.onSentAgain(message.payloadLength());
      counters.increment(TransportCounter.RTP_RETRANSMITTED);
    } else {
      stream.onSent(message.payloadLength(), message.targetTimestampTicks(target), nowNs);
    }
  }

  private int build(SentStream stream, int target) {
    long index = stream.indexOf(message.targetSequenceNumber(target));
    stream.onBuilt(index);
    boolean isRed = message.isRed();
    assert !isRed || stream.line.redPayloadType() != OutgoingLine.NO_RED : stream.line;
    int payloadType = isRed ? stream.line.redPayloadType() : stream.payloadType;
    writer
        .begin(parts.sent, 0, payloadType, message.targetMarker(target))
        .source(
            stream.ssrc,
            message.targetSequenceNumber(target),
            message.targetTimestampTicks(target));
    for (int i = 0; i < message.csrcCount(); i++) {
      writer.addCsrc(message.csrc(i));
    }
    writeExtensions(stream, stream.sendsMid(index));
    int payloadLength = message.payloadLength();
    int length = writer.payload(message.buffer(), message.payloadOffset(), payloadLength);
    if (isRed) {
      RedPacket.renumber(parts.sent, length - payloadLength, stream.payloadType);
    }
    return length;
  }

  private void writeExtensions(SentStream stream, boolean sendsMid) {
    boolean sendsLevel =
        stream.audioLevelExtensionId != 0 && message.levelDbov() != ReceivedPacket.LEVEL_UNKNOWN;
    boolean sendsCsrcLevels = stream.mixerToClientExtensionId != 0 && message.csrcCount() > 0;
    if (!sendsMid && !sendsLevel && !sendsCsrcLevels) {
      return;
    }
    writer.beginExtensions(stream.needsTwoByteExtensions);
    if (sendsMid) {
      writer.extension(stream.midExtensionId, stream.mid);
    }
    if (sendsLevel) {
      writer.extension(
          stream.audioLevelExtensionId,
          AudioLevel.element(message.levelDbov(), message.voiceActivity()));
    }
    if (sendsCsrcLevels) {
      int offset = writer.beginExtension(stream.mixerToClientExtensionId, message.csrcCount());
      for (int i = 0; i < message.csrcCount(); i++) {
        int level = AudioLevel.element(message.csrcLevelDbov(i), false);
        parts.sent.putByte(offset + i, (byte) level);
      }
    }
    writer.endExtensions();
  }
}
