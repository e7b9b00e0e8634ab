package dev.parley.systemtests.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends datagrams that mean nothing to a media port on this machine, as fast as it can, from a
 * thread of its own: each costs the media thread no more than looking at its first bytes.
 */
final class DatagramFlood implements AutoCloseable {
  private static final int LENGTH = 100;

  /** RFC 7983 knows no protocol that begins with it. */
  private static final byte UNKNOWN_KIND = (byte) 0xFF;

  private final DatagramChannel channel;
  private final AtomicLong sentCount = new AtomicLong();
  private volatile boolean isClosing;

  DatagramFlood(int port) throws IOException {
    channel = DatagramChannel.open();
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    Thread.ofPlatform().name("datagram-flood").daemon().start(this::run);
  }

  private void run() {
    ByteBuffer datagram = ByteBuffer.allocateDirect(LENGTH).put(0, UNKNOWN_KIND);
    while (!isClosing) {
      try {
        channel.write(datagram.rewind());
        sentCount.incrementAndGet();
      } catch (IOException refused) {
        // Closed, or the port has no room; what follows of the test tells.
      }
    }
  }

  long sentCount() {
    return sentCount.get();
  }

  @Override
  public void close() throws IOException {
    isClosing = true;
    channel.close();
  }
}
