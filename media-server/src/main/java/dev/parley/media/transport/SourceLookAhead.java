package dev.parley.media.transport;

import dev.parley.media.srtp.SrtpReceiver;
import dev.parley.media.srtp.SsrcSender;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the next datagrams will need of those who sent them before the first is taken, several
 * senders at once, as {@link TargetLookAhead} does on the way out. Where a datagram comes from is
 * all it believes, and that only to read. Changes nothing. Owned by one event loop.
 */
final class SourceLookAhead {
  /** Datagrams at a time. */
  static final int DATAGRAMS = 16;

  private final PeerTable peers;
  private final SourceAddress source = new SourceAddress();
  private final @Nullable Path[] paths = new Path[DATAGRAMS];
  private final @Nullable SrtpReceiver[] receivers = new SrtpReceiver[DATAGRAMS];

  /** Keeps the JIT from leaving out reads whose answers nobody needs. */
  @SuppressWarnings("UnusedVariable")
  private long read;

  SourceLookAhead(PeerTable peers) {
    this.peers = peers;
  }

  /**
   * Looks at slots that hold datagrams.
   *
   * @param count at most {@link #DATAGRAMS}
   */
  void look(MmsgSlots slots, int firstSlot, int count) {
    for (int i = 0; i < count; i++) {
      int address = slots.address(firstSlot + i);
      paths[i] = peers.byAddress(source.read(slots.memory(), address));
    }
    for (int i = 0; i < count; i++) {
      Path path = paths[i];
      Keys keys = path == null ? null : path.peer.keys();
      receivers[i] = keys == null ? null : keys.receiver();
      read += path != null && path.peer.maySend() ? 1 : 0;
    }
    for (int i = 0; i < count; i++) {
      Path path = paths[i];
      read += path == null ? 0 : path.peer.receivedStreams().touch();
    }
    for (int stage = 0; stage < SsrcSender.TOUCH_STAGES; stage++) {
      for (int i = 0; i < count; i++) {
        SrtpReceiver receiver = receivers[i];
        read += receiver == null ? 0 : receiver.touch(stage);
      }
    }
  }
}
