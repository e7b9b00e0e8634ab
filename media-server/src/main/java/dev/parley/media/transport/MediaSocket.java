package dev.parley.media.transport;

import org.agrona.DirectBuffer;

/**
 * One UDP socket of an event loop, to send by. What is sent is flushed once for each read cycle or
 * drain. Owned by the loop.
 */
final class MediaSocket {
  private final DatagramSender sender;
  private final TransportCounters counters;

  MediaSocket(DatagramSender sender, TransportCounters counters) {
    this.sender = sender;
    this.counters = counters;
  }

  /** Sends a copy of the bytes with the next flush. False, and counted, if it was dropped. */
  boolean send(DirectBuffer buffer, int length, RemoteAddress to) {
    if (!sender.send(buffer, length, to)) {
      return false;
    }
    counters.increment(TransportCounter.DATAGRAMS_SENT);
    counters.add(TransportCounter.BYTES_SENT, length);
    return true;
  }

  /** Gives the kernel what was sent since the last flush. */
  void flush() {
    sender.flush();
  }
}
