package dev.parley.testsupport;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A long wire to a port of loopback: every byte arrives, some time later, in order. As much may be
 * on its way as on a real one. Thread-safe.
 */
public final class DelayedWire implements AutoCloseable {
  private static final int BUFFER_LENGTH = 16 << 10;
  private static final int CHUNKS_MAX = 4_096;
  private static final ByteBuffer END = ByteBuffer.allocate(0);

  private final ServerSocket listener;
  private final int target;
  private final long oneWayNs;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /**
   * Listens on a free port of loopback.
   *
   * @param target a port of loopback, where somebody listens when the first connection comes
   * @param oneWay how long each byte takes, either way
   */
  public DelayedWire(int target, Duration oneWay) throws IOException {
    this.target = target;
    this.oneWayNs = oneWay.toNanos();
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("wire").start(this::accept);
  }

  /** Bytes that were read, and when they are to be written. */
  private record Chunk(long dueNs, ByteBuffer bytes) {}

  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() {
    close(listener);
    sockets.forEach(DelayedWire::close);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket from = listener.accept();
        Socket to = new Socket();
        sockets.add(from);
        sockets.add(to);
        to.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        from.setTcpNoDelay(true);
        to.setTcpNoDelay(true);
        join(from, to);
        join(to, from);
      } catch (IOException _) {
        // The listener was closed, or nobody listens at the target just now.
      }
    }
  }

  private void join(Socket from, Socket to) {
    BlockingQueue<Chunk> under = new ArrayBlockingQueue<>(CHUNKS_MAX);
    Thread.ofVirtual().name("wire-in").start(() -> read(from, under));
    Thread.ofVirtual().name("wire-out").start(() -> write(under, from, to));
  }

  private void read(Socket from, BlockingQueue<Chunk> under) {
    byte[] buffer = new byte[BUFFER_LENGTH];
    try {
      try {
        InputStream in = from.getInputStream();
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
          under.put(new Chunk(System.nanoTime() + oneWayNs, copy(buffer, length)));
        }
      } catch (IOException _) {
        // It ends like one that was closed.
      }
      under.put(new Chunk(System.nanoTime() + oneWayNs, END));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(BlockingQueue<Chunk> under, Socket from, Socket to) {
    try {
      for (Chunk chunk = under.take(); chunk.bytes().hasRemaining(); chunk = under.take()) {
        for (long left = chunk.dueNs() - System.nanoTime();
            left > 0;
            left = chunk.dueNs() - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        to.getOutputStream().write(chunk.bytes().array());
      }
    } catch (IOException _) {
      // The other end is gone, and so this one is.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      close(from);
      close(to);
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static ByteBuffer copy(byte[] bytes, int length) {
    return ByteBuffer.wrap(Arrays.copyOf(bytes, length));
  }

  private static void close(Closeable end) {
    try {
      end.close();
    } catch (IOException _) {
      // It is gone already.
    }
  }
}
