package dev.parley.media.transport;

import dev.parley.media.ice.TransportAddress;
import dev.parley.media.srtp.FailureLimiter;

/**
 * An address of a peer that has passed an authenticated check, and the socket it comes in by. Owned
 * by one event loop.
 */
final class Path {
  final TransportAddress remote;

  /** The same, to send to. */
  final RemoteAddress address;

  final Peer peer;
  final FailureLimiter failures = new FailureLimiter();

  /** Where its last authentic packet came in, and so where to send from. */
  MediaSocket socket;

  Path(TransportAddress remote, Peer peer, MediaSocket socket) {
    this.remote = remote;
    address = new RemoteAddress(remote.socketAddress());
    this.peer = peer;
    this.socket = socket;
  }

  /** True for its address; of one that is the very object nothing else is read. */
  @SuppressWarnings("ReferenceEquality")
  boolean isAt(TransportAddress other) {
    return other == remote || other.equals(remote);
  }
}
