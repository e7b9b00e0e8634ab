package dev.parley.media.dtls;

import dev.parley.media.packet.Limits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.bouncycastle.tls.DatagramTransport;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What Bouncy Castle reads from and writes to: a bounded queue filled by the event loop, and the
 * peer's output. While the session's virtual thread waits here it gives its processor permit back,
 * so a silent peer holds up nobody. {@link #offer} belongs to one thread, {@link #interrupt} to
 * any, the rest to the session's.
 */
final class DatagramQueue implements DatagramTransport {
  /** Datagram sent: IPv6's minimum MTU of 1280 less headers, as WebRTC clients do. */
  private static final int SEND_LENGTH_MAX = 1_200;

  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final SpscVarHandleArrayQueue<byte[]> datagrams =
      new SpscVarHandleArrayQueue<>(Limits.DTLS_DATAGRAMS_PER_PEER_MAX);
  private final DatagramOutput output;
  private final Semaphore processors;
  private final LongSupplier clockNs;
  private volatile @Nullable Thread reader;

  /** Ended by us: Bouncy Castle is to say goodbye. */
  private volatile boolean interrupted;

  /** Ended by Bouncy Castle, as the peer has said goodbye. */
  private volatile boolean closed;

  DatagramQueue(DatagramOutput output, Semaphore processors, LongSupplier clockNs) {
    this.output = output;
    this.processors = processors;
    this.clockNs = clockNs;
  }

  /** The virtual thread that will read; told once, before anything is offered. */
  void readBy(Thread thread) {
    reader = thread;
  }

  /** Takes the array over. Returns false if the queue is full. */
  boolean offer(byte[] datagram) {
    if (!datagrams.offer(datagram)) {
      return false;
    }
    LockSupport.unpark(reader);
    return true;
  }

  /**
   * Wakes the reader with an {@link InterruptedIOException}, which leaves the association fit to
   * send a close.
   */
  void interrupt() {
    interrupted = true;
    LockSupport.unpark(reader);
  }

  boolean isInterrupted() {
    return interrupted;
  }

  boolean isEnded() {
    return interrupted || closed;
  }

  @Override
  public int getReceiveLimit() {
    return Limits.DATAGRAM_LENGTH_MAX;
  }

  @Override
  public int getSendLimit() {
    return SEND_LENGTH_MAX;
  }

  /**
   * Waits for a datagram.
   *
   * @param waitMillis 0 waits for ever
   * @return its length, or -1 after the wait
   * @throws IOException if the session has ended, which is what ends Bouncy Castle's loops
   */
  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
    byte[] datagram = datagrams.poll();
    if (datagram == null && !isEnded()) {
      processors.release();
      try {
        datagram = await(waitMillis);
      } finally {
        processors.acquireUninterruptibly();
      }
    }
    if (interrupted) {
      throw new InterruptedIOException("session closed");
    }
    if (closed) {
      throw new IOException("peer closed");
    }
    if (datagram == null || datagram.length > length) {
      return -1;
    }
    System.arraycopy(datagram, 0, buffer, offset, datagram.length);
    return datagram.length;
  }

  private byte @Nullable [] await(int waitMillis) {
    long deadlineNs = clockNs.getAsLong() + waitMillis * NANOS_PER_MILLI;
    byte[] datagram = datagrams.poll();
    while (datagram == null && !isEnded()) {
      if (waitMillis == 0) {
        LockSupport.park(this);
      } else {
        long remainingNs = deadlineNs - clockNs.getAsLong();
        if (remainingNs <= 0) {
          return null;
        }
        LockSupport.parkNanos(this, remainingNs);
      }
      datagram = datagrams.poll();
    }
    return datagram;
  }

  @Override
  public void send(byte[] buffer, int offset, int length) {
    output.send(buffer, offset, length);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(reader);
  }
}
