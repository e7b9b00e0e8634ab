package dev.parley.media.transport;

import dev.parley.media.ice.TransportAddress;
import dev.parley.media.packet.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * What the stages of one event loop share: peers, counters, sockets, and working memory that holds
 * nothing from one call to the next. Owned by that loop.
 */
final class LoopParts {
  /** Behind a datagram, room for an SRTP tag and index. */
  static final int WORKING_LENGTH = Limits.DATAGRAM_LENGTH_MAX + 64;

  private static final int CACHE_LINE_LENGTH = 64;

  final MediaEventLoopSettings settings;
  final TransportCounters counters;
  final PeerTable peers = new PeerTable();
  final List<MediaSocket> sockets = new ArrayList<>();

  /** Connections that the next flush is for. */
  private final List<ConnectionSender> unflushed = new ArrayList<>();

  final SplittableRandom random;
  final LongSupplier clockNs;
  final ReadRest readRest;
  private final AgentRings[] agents;

  /** How much of each ring its agent has been told of. */
  private final long[] toldPositions;

  private boolean hasRead;
  private long readNs;

  /** The datagram being received; decrypted in place. */
  final byte[] received = new byte[WORKING_LENGTH];

  final UnsafeBuffer receivedBuffer = new UnsafeBuffer(received);

  /** The datagram being built; encrypted in place, for which it is native memory. */
  final UnsafeBuffer sent =
      new UnsafeBuffer(BufferUtil.allocateDirectAligned(WORKING_LENGTH, CACHE_LINE_LENGTH));

  LoopParts(MediaEventLoopSettings settings, TransportCounters counters) {
    this.settings = settings;
    this.counters = counters;
    random = new SplittableRandom(settings.seed());
    clockNs = settings.clockNs();
    agents = settings.agents().toArray(new AgentRings[0]);
    toldPositions = new long[agents.length];
    readRest = new ReadRest(agents, clockNs.getAsLong());
  }

  /** Moves the peer's media if its ICE agent has selected another address. */
  void follow(Peer peer) {
    Path selected = peer.selected();
    TransportAddress address = peer.ice().selectedAddress();
    if (address == null || (selected != null && selected.isAt(address))) {
      return;
    }
    Path path = peers.byAddress(address);
    if (path == null || path.peer != peer) {
      return;
    }
    peer.selected(path);
    if (selected != null) {
      counters.increment(TransportCounter.ADDRESS_CHANGES);
    }
  }

  /** The next {@link #onRead} is of a new read. */
  void willRead() {
    hasRead = false;
  }

  /** Hears of the time at which a socket's datagrams began to be read. */
  void onRead(long nowNs) {
    if (!hasRead) {
      hasRead = true;
      readNs = nowNs;
    }
  }

  /** When the first socket was read since {@link #willRead}, or the time given if none was. */
  long readNs(long otherwiseNs) {
    return hasRead ? readNs : otherwiseNs;
  }

  /** The connection has something for the next flush. */
  void willFlush(ConnectionSender connection) {
    unflushed.add(connection);
  }

  /** Lets agents see what was handed to them, and the kernel what was sent. */
  void flush() {
    for (int i = 0; i < agents.length; i++) {
      long position = agents[i].inbound().producerPosition();
      if (position != toldPositions[i]) {
        toldPositions[i] = position;
        RingBuffer inbound = agents[i].inbound();
        boolean isFilling = inbound.size() > inbound.capacity() / Limits.RING_FILLING_PART;
        agents[i].wake().wake(isFilling);
      }
    }
    for (int i = 0; i < sockets.size(); i++) {
      sockets.get(i).flush();
    }
    // Of a thousand connections a cycle sends to some.
    for (int i = 0; i < unflushed.size(); i++) {
      unflushed.get(i).flush();
    }
    unflushed.clear();
  }
}
