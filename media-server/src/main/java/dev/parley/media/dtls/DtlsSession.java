package dev.parley.media.dtls;

import dev.parley.media.packet.Limits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One peer's DTLS association. Its virtual thread shakes hands and then stays, parked, to answer a
 * repeated last flight and to notice the peer's close. {@link #offer} and {@link #close} belong to
 * the peer's event loop; neither waits.
 */
public final class DtlsSession {
  /** Datagrams taken within one second. A handshake takes about ten; what comes after is rare. */
  static final int DATAGRAMS_PER_SECOND_MAX = 100;

  private static final long WINDOW_NS = 1_000_000_000L;

  private final Handshake handshake;
  private final DatagramQueue queue;
  private final DtlsListener listener;
  private final Semaphore processors;
  private final Semaphore places;

  private long windowStartNs;
  private int windowCount;

  private DtlsSession(
      Handshake handshake,
      DatagramQueue queue,
      DtlsListener listener,
      Semaphore processors,
      Semaphore places) {
    this.handshake = handshake;
    this.queue = queue;
    this.listener = listener;
    this.processors = processors;
    this.places = places;
  }

  /** Starts a session on a virtual thread, or returns null if every place is taken. */
  static @Nullable DtlsSession start(
      Handshake handshake, DatagramOutput output, DtlsListener listener, HandshakeGate gate) {
    if (!gate.places().tryAcquire()) {
      return null;
    }
    DatagramQueue queue = new DatagramQueue(output, gate.processors(), gate.clockNs());
    DtlsSession session =
        new DtlsSession(handshake, queue, listener, gate.processors(), gate.places());
    Thread thread = Thread.ofVirtual().name("dtls").unstarted(session::run);
    queue.readBy(thread);
    thread.start();
    return session;
  }

  /**
   * Takes a copy of a datagram whose first byte says DTLS (RFC 7983). Returns false, to be counted,
   * if it is no DTLS, asks for too much memory, comes too fast or finds the queue full.
   */
  public boolean offer(byte[] buffer, int offset, int length, long nowNs) {
    if (length > Limits.DATAGRAM_LENGTH_MAX || queue.isEnded()) {
      return false;
    }
    if (windowCount == 0 || nowNs - windowStartNs >= WINDOW_NS) {
      windowStartNs = nowNs;
      windowCount = 0;
    }
    if (windowCount == DATAGRAMS_PER_SECOND_MAX) {
      return false;
    }
    windowCount++;
    return RecordFilter.accepts(buffer, offset, length)
        && queue.offer(Arrays.copyOfRange(buffer, offset, offset + length));
  }

  /**
   * Ends the session, with a close_notify if it was established. Any thread; may be called twice.
   */
  public void close() {
    queue.interrupt();
  }

  private void run() {
    processors.acquireUninterruptibly();
    try {
      DTLSTransport transport = handshake();
      if (transport != null) {
        listener.onConnected(handshake.negotiation().keys());
        attend(transport);
      }
    } finally {
      processors.release();
      queue.close();
      listener.onEnded();
    }
  }

  private @Nullable DTLSTransport handshake() {
    DTLSTransport transport = null;
    IOException failure = null;
    try {
      transport = handshake.perform(queue);
    } catch (IOException e) {
      failure = e;
    } finally {
      // Before the listener hears of it, so that it may try again at once.
      places.release();
    }
    if (failure != null && !queue.isInterrupted()) {
      listener.onFailed(reason(failure));
    }
    return transport;
  }

  private DtlsFailure reason(IOException e) {
    if (e instanceof TlsTimeoutException) {
      return DtlsFailure.TIMED_OUT;
    }
    DtlsFailure reason = handshake.negotiation().failure();
    return reason == null ? DtlsFailure.PROTOCOL_ERROR : reason;
  }

  /**
   * Waits for the end. What arrives on the way is a repeated flight, which Bouncy Castle answers,
   * or nothing to us.
   */
  private void attend(DTLSTransport transport) {
    byte[] ignored = new byte[Limits.DATAGRAM_LENGTH_MAX];
    try {
      while (!queue.isEnded()) {
        transport.receive(ignored, 0, ignored.length, 0);
      }
      // Our own close may come before the first wait, which then throws nothing.
      if (queue.isInterrupted()) {
        close(transport);
      } else {
        listener.onClosed();
      }
    } catch (InterruptedIOException e) {
      close(transport);
    } catch (IOException e) {
      // The peer's fatal alert, or its close_notify after which there is nothing to read.
      listener.onClosed();
    }
  }

  private static void close(DTLSTransport transport) {
    try {
      transport.close();
    } catch (IOException e) {
      throw new IllegalStateException("output does not throw", e);
    }
  }
}
