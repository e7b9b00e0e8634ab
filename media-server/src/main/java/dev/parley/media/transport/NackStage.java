package dev.parley.media.transport;

import static dev.parley.media.packet.Limits.RETRANSMISSION_INTERVAL_NS_MAX;
import static dev.parley.media.packet.Limits.RETRANSMISSION_INTERVAL_NS_MIN;

import dev.parley.media.packet.Limits;
import dev.parley.media.packet.LostPackets;
import dev.parley.media.rtcp.RtcpCompound;

/**
 * A peer's requests for lost packets (RFC 4585 section 6.2.1): those that it may make go on to the
 * mix agent, which keeps the packets. Owned by one event loop.
 */
final class NackStage {
  private final TransportCounters counters;
  private int entriesLeft;

  NackStage(LoopParts parts) {
    counters = parts.counters;
  }

  /** Starts a compound packet's share. */
  void begin() {
    entriesLeft = Limits.NACK_ENTRIES_PER_COMPOUND_MAX;
  }

  /** Takes the feedback message at which the compound packet stands. */
  void onNack(Peer peer, RtcpCompound compound, long nowNs) {
    int count = compound.nackCount();
    counters.add(TransportCounter.RTCP_NACKS, count);
    if (count == 0) {
      return;
    }
    int line = peer.lineOf(compound.mediaSsrc());
    AskedPackets asked = line < 0 ? null : peer.sentStream(line).askedPackets();
    if (asked == null) {
      counters.add(TransportCounter.NACKS_NOT_NEGOTIATED, count);
      return;
    }
    int taken = Math.min(count, entriesLeft);
    entriesLeft -= taken;
    counters.add(TransportCounter.NACKS_TOO_MANY, count - taken);
    for (int i = 0; i < taken; i++) {
      int sequenceNumber = compound.nackSequenceNumber(i);
      int wanted = compound.nackBitmask(i) << 1 | 1;
      int lost = permitted(peer, line, asked, sequenceNumber, wanted, nowNs);
      if (lost != 0
          && !LostPackets.tryWrite(peer.inbound(), peer.id(), line, sequenceNumber, lost)) {
        counters.increment(TransportCounter.INBOUND_RING_FULL);
      }
    }
  }

  /** Of the packets wanted, bit i being the one i after the sequence number, those to be had. */
  private int permitted(
      Peer peer, int line, AskedPackets asked, int sequenceNumber, int wanted, long nowNs) {
    SentStream stream = peer.sentStream(line);
    long intervalNs =
        Math.clamp(
            peer.roundTripNs(), RETRANSMISSION_INTERVAL_NS_MIN, RETRANSMISSION_INTERVAL_NS_MAX);
    int permitted = 0;
    for (int left = wanted; left != 0; left &= left - 1) {
      int place = Integer.numberOfTrailingZeros(left);
      long index = stream.indexOf(sequenceNumber + place & 0xFFFF);
      if (!stream.isRetransmittable(index)) {
        counters.increment(TransportCounter.NACKS_OUT_OF_WINDOW);
      } else if (asked.isTooSoon(index, nowNs, intervalNs)) {
        counters.increment(TransportCounter.NACKS_TOO_SOON);
      } else if (!peer.retransmissionBudget().trySpend(nowNs)) {
        counters.increment(TransportCounter.NACKS_OVER_BUDGET);
      } else {
        asked.onAsked(index, nowNs);
        permitted |= 1 << place;
      }
    }
    return permitted;
  }
}
