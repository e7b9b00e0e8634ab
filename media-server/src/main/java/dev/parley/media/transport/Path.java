package dev.parley.media.transport;

import dev.parley.media.srtp.FailureLimiter;
import java.net.InetSocketAddress;

/**
 * An address of a peer that has passed an authenticated check, and the socket it comes in by. Owned
 * by one event loop.
 */
final class Path {
  final InetSocketAddress remote;

  /** The same, to send to. */
  final RemoteAddress address;

  final Peer peer;
  final FailureLimiter failures = new FailureLimiter();

  /** Where its last authentic packet came in, and so where to send from. */
  MediaSocket socket;

  Path(InetSocketAddress remote, Peer peer, MediaSocket socket) {
    this.remote = remote;
    address = new RemoteAddress(remote);
    this.peer = peer;
    this.socket = socket;
  }

  /** True for its address; of one that is the very object nothing else is read. */
  @SuppressWarnings("ReferenceEquality")
  boolean isAt(InetSocketAddress other) {
    return other == remote || other.equals(remote);
  }
}
