package dev.parley.media.transport;

import org.agrona.DirectBuffer;

/** How one socket's datagrams get to the kernel. Owned by one event loop. */
interface DatagramSender {
  /**
   * Takes a copy of the bytes, to be sent with the next flush or before. False, and counted, if it
   * was dropped.
   */
  boolean send(DirectBuffer buffer, int length, RemoteAddress to);

  /** Gives the kernel what it has not been given yet. */
  void flush();
}
