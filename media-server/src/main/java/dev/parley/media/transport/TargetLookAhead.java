package dev.parley.media.transport;

import dev.parley.media.packet.OutgoingPacket;
import dev.parley.media.srtp.SsrcSender;
import org.jspecify.annotations.Nullable;

/**
 * Reads what packets to the next receivers will need before the first of them is made. Since their
 * last packet, 20 ms ago, others have had the processor's caches; one receiver after the other
 * would be waited for, dozens of times each. Pass by pass over all of them the processor fetches
 * the memory of several at once. Changes nothing. Owned by one event loop.
 */
final class TargetLookAhead {
  /** Receivers at a time. */
  static final int TARGETS = 16;

  private final PeerTable peers;
  private final @Nullable Peer[] seen = new Peer[TARGETS];
  private final @Nullable SentStream[] streams = new SentStream[TARGETS];
  private final @Nullable SsrcSender[] senders = new SsrcSender[TARGETS];

  /** Keeps the JIT from leaving out reads whose answers nobody needs. */
  @SuppressWarnings("UnusedVariable")
  private long read;

  TargetLookAhead(PeerTable peers) {
    this.peers = peers;
  }

  /** Looks at up to {@link #TARGETS} targets of a message, from one on. */
  void look(OutgoingPacket message, int firstTarget) {
    int count = Math.min(TARGETS, message.targetCount() - firstTarget);
    for (int i = 0; i < count; i++) {
      seen[i] = peers.byId(message.targetPeerId(firstTarget + i));
    }
    for (int i = 0; i < count; i++) {
      Peer peer = seen[i];
      int line = message.targetLine(firstTarget + i);
      boolean hasLine = peer != null && line < peer.sentStreamCount();
      streams[i] = hasLine ? peer.sentStream(line) : null;
      read += peer != null && peer.maySend() ? 1 : 0;
    }
    for (int i = 0; i < count; i++) {
      SentStream stream = streams[i];
      senders[i] = stream == null ? null : stream.sender();
      read += stream == null ? 0 : stream.touch();
      Peer peer = seen[i];
      Path path = peer == null ? null : peer.selected();
      read += path == null ? 0 : path.address.encodedLength();
    }
    for (int stage = 0; stage < SsrcSender.TOUCH_STAGES; stage++) {
      for (int i = 0; i < count; i++) {
        SsrcSender sender = senders[i];
        read += sender == null ? 0 : sender.touch(stage);
      }
    }
  }
}
