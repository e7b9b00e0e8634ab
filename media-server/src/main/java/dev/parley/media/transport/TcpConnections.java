package dev.parley.media.transport;

import dev.parley.media.ice.TransportAddress;
import dev.parley.media.packet.Limits;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The TCP connections of an event loop, and how many it takes. One that an authentic check has come
 * by is bounded by the peers there are. All others are strangers: each has a few seconds, an
 * address has a few at a time, and where there are too many in all the oldest makes room, so that
 * who fills all places must fill them again within the time a client needs for its first check.
 * Owned by the loop.
 */
final class TcpConnections {
  private static final long SWEEP_INTERVAL_NS = 1_000_000_000L;

  private final LoopParts parts;
  private final TransportCounters counters;
  private final ReceivePath receivePath;
  private final List<TcpListener> listeners = new ArrayList<>();

  /** Oldest first. */
  private final List<TcpConnection> strangers = new ArrayList<>();

  private final List<TcpConnection> proven = new ArrayList<>();
  private int lastNumber = TransportAddress.UDP;
  private long nextSweepNs;

  TcpConnections(LoopParts parts, ReceivePath receivePath) {
    this.parts = parts;
    this.receivePath = receivePath;
    counters = parts.counters;
    nextSweepNs = parts.clockNs.getAsLong() + SWEEP_INTERVAL_NS;
  }

  void add(TcpListener listener) {
    listeners.add(listener);
  }

  void remove(TcpListener listener) {
    listeners.remove(listener);
  }

  /** Returns the connection that is to serve the channel, or null if it is to be closed. */
  @Nullable TcpConnection accept(Channel channel, @Nullable InetSocketAddress remote) {
    if (remote == null || !hasRoomFor(remote.getAddress())) {
      counters.increment(TransportCounter.TCP_CONNECTIONS_REFUSED);
      return null;
    }
    if (strangers.size() >= Limits.UNPROVEN_CONNECTIONS_MAX) {
      giveUpOldest();
    }
    lastNumber = lastNumber == Integer.MAX_VALUE ? TransportAddress.UDP + 1 : lastNumber + 1;
    TransportAddress address = new TransportAddress(remote, lastNumber);
    TcpConnection connection = new TcpConnection(channel, address, this, receivePath, parts);
    strangers.add(connection);
    counters.increment(TransportCounter.TCP_CONNECTIONS_ACCEPTED);
    return connection;
  }

  private boolean hasRoomFor(InetAddress host) {
    if (strangers.size() + proven.size() >= Limits.CONNECTIONS_PER_LOOP_MAX) {
      return false;
    }
    int ofHost = 0;
    for (int i = 0; i < strangers.size(); i++) {
      if (strangers.get(i).remoteHost().equals(host)) {
        ofHost++;
      }
    }
    return ofHost < Limits.UNPROVEN_CONNECTIONS_PER_ADDRESS_MAX;
  }

  /** It has become a peer's. */
  void onProven(TcpConnection connection) {
    strangers.remove(connection);
    proven.add(connection);
  }

  void onClosed(TcpConnection connection) {
    if (!strangers.remove(connection)) {
      proven.remove(connection);
    }
  }

  /** To be called some times a second. */
  void poll(long nowNs) {
    for (int i = 0; i < listeners.size(); i++) {
      listeners.get(i).acceptMore();
    }
    if (nowNs - nextSweepNs >= 0) {
      nextSweepNs = nowNs + SWEEP_INTERVAL_NS;
      sweep(nowNs);
    }
  }

  private void sweep(long nowNs) {
    while (!strangers.isEmpty()
        && nowNs - strangers.getFirst().unprovenSinceNs() >= Limits.UNPROVEN_CONNECTION_NS_MAX) {
      giveUpOldest();
    }
    for (int i = proven.size() - 1; i >= 0; i--) {
      TcpConnection connection = proven.get(i);
      if (!connection.isPeers()) {
        // Not closed at once: the peer's goodbye may be on its way.
        proven.remove(i);
        connection.onOrphaned(nowNs);
        strangers.add(connection);
      }
    }
  }

  private void giveUpOldest() {
    counters.increment(TransportCounter.TCP_CONNECTIONS_UNPROVEN);
    strangers.removeFirst().close();
  }
}
