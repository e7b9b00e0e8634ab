package dev.parley.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A wire between the two ends that can be cut: at once, after so many more bytes, which may be in
 * the middle of a frame or of a TLS record, or when an answer comes. A cut is a TCP reset. It can
 * also freeze, as a wire does whose packets get lost. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {
  private static final int BUFFER_LENGTH = 4096;
  private static final long NEVER = Long.MAX_VALUE;

  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytesLeft = new AtomicLong(NEVER);
  private final LongAdder passedBytes = new LongAdder();
  private final AtomicLong bytesToFlip = new AtomicLong(NEVER);
  private final AtomicInteger answersToLose = new AtomicInteger();
  private volatile CountDownLatch thaw = new CountDownLatch(0);
  private volatile boolean isRefusing;

  /** Listens on a free port of loopback; the target is a port of loopback, too. */
  public TcpProxy(int target) throws IOException {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
  }

  /** Listens on a free port of loopback, for a target that may be elsewhere. */
  public TcpProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("proxy").start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Bytes that have passed, both ways together. */
  public long passedBytes() {
    return passedBytes.sum();
  }

  /** Cuts every connection when so many more bytes have passed, either way. */
  public void cutAfter(long bytes) {
    bytesLeft.set(bytes);
  }

  /** Changes one bit of what goes to the target, so many bytes from now. */
  public void flipAfter(long bytes) {
    bytesToFlip.set(bytes);
  }

  /** Cuts every connection now. */
  public void cut() {
    sockets.forEach(TcpProxy::reset);
    sockets.clear();
  }

  /** Cuts a connection each time that the target answers on it, so many times. */
  public void loseAnswers(int count) {
    answersToLose.set(count);
  }

  /** Cuts, and takes no new connection until {@link #restore}. */
  public void isolate() {
    isRefusing = true;
    cut();
  }

  /** Lets nothing pass until {@link #restore}; connections stay as they are. */
  public void freeze() {
    thaw = new CountDownLatch(1);
  }

  /** Ends {@link #isolate} and {@link #freeze}. */
  public void restore() {
    isRefusing = false;
    thaw.countDown();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    restore();
    cut();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket from = listener.accept();
        if (isRefusing) {
          reset(from);
          continue;
        }
        connect(from);
      } catch (IOException _) {
        // The listener was closed.
      }
    }
  }

  private void connect(Socket from) {
    Socket to = new Socket();
    try {
      to.connect(target);
      from.setTcpNoDelay(true);
      to.setTcpNoDelay(true);
    } catch (IOException _) {
      // Nobody listens at the target just now; who dialled is to learn that at once, too.
      reset(from);
      reset(to);
      return;
    }
    sockets.add(from);
    sockets.add(to);
    Thread.ofVirtual().name("proxy-up").start(() -> copy(from, to, false));
    Thread.ofVirtual().name("proxy-down").start(() -> copy(to, from, true));
  }

  private void copy(Socket from, Socket to, boolean isAnswer) {
    byte[] buffer = new byte[BUFFER_LENGTH];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        thaw.await();
        if (isAnswer && answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          reset(from);
          reset(to);
          return;
        }
        if (!isAnswer && bytesToFlip.get() != NEVER && bytesToFlip.addAndGet(-length) < 0) {
          bytesToFlip.set(NEVER);
          buffer[length - 1] ^= 1;
        }
        int passed = pass(length);
        out.write(buffer, 0, passed);
        passedBytes.add(passed);
        if (passed < length) {
          cut();
        }
      }
      to.shutdownOutput();
    } catch (IOException _) {
      reset(from);
      reset(to);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(from);
    }
  }

  /** Returns how many of the bytes may still pass. */
  private int pass(int length) {
    if (bytesLeft.get() == NEVER) {
      return length;
    }
    long left = bytesLeft.addAndGet(-length);
    if (left > 0) {
      return length;
    }
    bytesLeft.set(NEVER);
    return (int) Math.max(0, length + Math.min(0, left) - 1);
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException _) {
      // It is gone already.
    }
  }
}
