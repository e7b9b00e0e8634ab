package dev.parley.media.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A session's thread in front of its {@link DatagramQueue}, with the one processor that may compute
 * handshakes.
 */
final class WaitingSession {
  /** Far longer than a busy machine keeps a thread waiting for a processor. */
  private static final int WAIT_MS = 3_000;

  /** A wait that lasts so long was ended by the clock, whatever it found then. */
  private static final long LOST_NS = TimeUnit.MILLISECONDS.toNanos(2_500);

  private static final int LENGTH = 4;
  private static final int BROKEN = 9;

  /** What {@link #receive} says once we have ended the session. */
  static final int INTERRUPTED = 7;

  /** What {@link #receive} says once the transport is closed. */
  static final int CLOSED = 8;

  private final Semaphore processors = new Semaphore(0);
  private final byte[] received = new byte[LENGTH];
  private volatile boolean hasBegun;

  final DatagramQueue queue =
      new DatagramQueue((buffer, offset, length) -> {}, processors, System::nanoTime);

  /** On the session's thread: as the server does before it tells the event loop of the session. */
  void begin() {
    queue.readBy(Thread.currentThread());
    hasBegun = true;
  }

  void awaitBegin() {
    while (!hasBegun) {
      Thread.onSpinWait();
    }
  }

  /** The datagram's first byte, 9 if it is not as it was offered, 0 if nothing came in time. */
  int receive() {
    long startNs = System.nanoTime();
    int answer = answer();
    return System.nanoTime() - startNs < LOST_NS ? answer : 0;
  }

  private int answer() {
    try {
      int length = queue.receive(received, 0, LENGTH, WAIT_MS);
      return length == LENGTH && isWhole() ? received[0] : BROKEN;
    } catch (InterruptedIOException ours) {
      return INTERRUPTED;
    } catch (IOException theirs) {
      return CLOSED;
    }
  }

  private boolean isWhole() {
    for (byte octet : received) {
      if (octet != received[0]) {
        return false;
      }
    }
    return true;
  }

  /** Processors that nobody uses: none while the session's thread runs. */
  int freeProcessors() {
    return processors.availablePermits();
  }
}
