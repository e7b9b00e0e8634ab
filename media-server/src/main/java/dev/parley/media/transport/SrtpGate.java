package dev.parley.media.transport;

import dev.parley.media.srtp.UnprotectResult;
import org.jspecify.annotations.Nullable;

/**
 * What RTP and RTCP share on the way in: only a proven address with keys and without too many
 * failures gets to the cipher, and only an authentic packet gets past it. Owned by one event loop.
 */
final class SrtpGate {
  private final LoopParts parts;
  private final TransportCounters counters;
  private int length;

  SrtpGate(LoopParts parts) {
    this.parts = parts;
    counters = parts.counters;
  }

  /** Decrypts the received datagram in place; returns whose it is, or null if it was dropped. */
  @Nullable Path open(
      boolean isRtcp, MediaSocket socket, int receivedLength, SourceAddress from, long nowNs) {
    Path path = parts.peers.byAddress(from);
    if (path == null) {
      counters.increment(TransportCounter.MEDIA_UNKNOWN_ADDRESS);
      return null;
    }
    Keys keys = path.peer.keys();
    if (keys == null) {
      counters.increment(TransportCounter.MEDIA_BEFORE_KEYS);
      return null;
    }
    if (path.failures.isOverLimit(nowNs)) {
      counters.increment(TransportCounter.MEDIA_OVER_FAILURE_LIMIT);
      return null;
    }
    UnprotectResult result =
        isRtcp
            ? keys.receiver().unprotectRtcp(parts.received, 0, receivedLength)
            : keys.receiver().unprotectRtp(parts.received, 0, receivedLength);
    if (result != UnprotectResult.OK) {
      onRefused(result, path, nowNs);
      return null;
    }
    length = keys.receiver().length();
    onAuthentic(path, socket, nowNs);
    return path;
  }

  /** Learns from an authentic packet that the peer is there, and where. */
  void onAuthentic(Path path, MediaSocket socket, long nowNs) {
    path.socket = socket;
    path.peer.ice().onAuthentic(path.remote, nowNs);
    parts.follow(path.peer);
  }

  /** Bytes of the packet opened last. */
  int length() {
    return length;
  }

  private void onRefused(UnprotectResult result, Path path, long nowNs) {
    switch (result) {
      case NOT_AUTHENTIC -> {
        path.failures.onFailure(nowNs);
        counters.increment(TransportCounter.SRTP_NOT_AUTHENTIC);
      }
      case CIPHER_FAILED -> {
        path.failures.onFailure(nowNs);
        counters.increment(TransportCounter.SRTP_CIPHER_FAILED);
      }
      case REPLAYED -> counters.increment(TransportCounter.SRTP_REPLAYED);
      case MALFORMED -> counters.increment(TransportCounter.SRTP_MALFORMED);
      case TOO_MANY_SSRCS -> counters.increment(TransportCounter.SRTP_TOO_MANY_SSRCS);
      case OK, CLOSED -> counters.increment(TransportCounter.MEDIA_BEFORE_KEYS);
    }
  }
}
