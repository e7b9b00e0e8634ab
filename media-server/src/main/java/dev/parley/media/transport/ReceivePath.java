package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import dev.parley.media.packet.PacketKind;

/**
 * The path of a datagram from a socket to where it belongs:
 *
 * <ol>
 *   <li>demux: its kind, from its first two bytes (RFC 7983)
 *   <li>STUN: {@link StunStage}, the answer to a check, which may prove an address
 *   <li>DTLS: {@link DtlsStage}, to the peer's handshake, from proven addresses only
 *   <li>SRTP: {@link RtpStage}: unprotect, parse, inbound ring of the peer's mix agent
 *   <li>SRTCP: {@link RtcpStage}: unprotect, parse, reports
 * </ol>
 *
 * Owned by one event loop.
 */
final class ReceivePath {
  private final LoopParts parts;
  private final TransportCounters counters;
  private final StunStage stun;
  private final DtlsStage dtls;
  private final RtpStage rtp;
  private final RtcpStage rtcp;
  private boolean isReading;
  private int datagrams;
  private long nowNs;

  ReceivePath(LoopParts parts, DtlsStage dtls) {
    this.parts = parts;
    this.dtls = dtls;
    counters = parts.counters;
    stun = new StunStage(parts);
    rtp = new RtpStage(parts);
    rtcp = new RtcpStage(parts);
  }

  /** When the read began whose datagrams come now. */
  long readNs() {
    if (!isReading) {
      isReading = true;
      nowNs = parts.clockNs.getAsLong();
      parts.onRead(nowNs);
    }
    return nowNs;
  }

  /**
   * Takes in the datagram that stands in {@link LoopParts#received}, or the start of one that is
   * too long. Whatever it holds, this returns normally.
   *
   * @param arrivalNs when it came, at most {@link #readNs}
   */
  void onDatagram(MediaSocket socket, int length, SourceAddress from, long arrivalNs) {
    datagrams++;
    counters.increment(TransportCounter.DATAGRAMS_RECEIVED);
    counters.add(TransportCounter.BYTES_RECEIVED, length);
    if (length < 2 || from.port() == 0) {
      counters.increment(TransportCounter.DROPPED_UNANSWERABLE);
    } else if (length > Limits.DATAGRAM_LENGTH_MAX) {
      counters.increment(TransportCounter.DROPPED_TOO_LONG);
    } else {
      demux(socket, length, from, arrivalNs);
    }
  }

  private void demux(MediaSocket socket, int length, SourceAddress from, long arrivalNs) {
    switch (PacketKind.of(parts.received[0] & 0xFF, parts.received[1] & 0xFF)) {
      case RTP -> rtp.onPacket(socket, length, from, arrivalNs, nowNs);
      case RTCP -> rtcp.onPacket(socket, length, from, arrivalNs, nowNs);
      case STUN -> stun.onMessage(socket, length, from, nowNs);
      case DTLS -> {
        parts.readRest.onHandshake(nowNs);
        dtls.onDatagram(length, from, nowNs);
      }
      case UNKNOWN -> counters.increment(TransportCounter.DROPPED_UNKNOWN_KIND);
    }
  }

  /** The socket has nothing more for now: answers leave together. */
  void onReadComplete() {
    if (datagrams > 0) {
      parts.readRest.onRead(datagrams, nowNs);
      datagrams = 0;
    }
    isReading = false;
    parts.flush();
  }
}
