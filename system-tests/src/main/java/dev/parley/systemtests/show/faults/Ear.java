package dev.parley.systemtests.show.faults;

import dev.parley.benchmarks.client.HeardSound;
import dev.parley.media.rtp.RtpPacket;
import java.util.concurrent.locks.ReentrantLock;
import org.agrona.MutableDirectBuffer;

/** What one guest hears, and since when nothing. Thread-safe; closed when nobody listens by it. */
final class Ear implements AutoCloseable {
  private static final long OPEN_MS = 400;
  private static final double TONE_DBOV = -35;

  /** Below what is left of a loud tone beside its own frequency. */
  private static final double NONE_DBOV = -50;

  private final int toneHertz;
  private final ReentrantLock lock = new ReentrantLock();
  private final HeardSound sound = new HeardSound();
  private boolean isClosed;
  private long lastNs = System.nanoTime();
  private long longestNs;

  /**
   * Makes one.
   *
   * @param toneHertz of the one it is to hear
   */
  Ear(int toneHertz) {
    this.toneHertz = toneHertz;
  }

  void onPacket(RtpPacket packet, MutableDirectBuffer buffer) {
    lock.lock();
    try {
      long nowNs = System.nanoTime();
      longestNs = Math.max(longestNs, nowNs - lastNs);
      lastNs = nowNs;
      if (!isClosed) {
        sound.onPayload(buffer, packet.payloadOffset(), packet.payloadLength());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Begins to measure silences anew. */
  void reset() {
    lock.lock();
    try {
      longestNs = 0;
    } finally {
      lock.unlock();
    }
  }

  /** The longest silence since then, the present one included, in milliseconds. */
  double longestMs() {
    lock.lock();
    try {
      return Math.max(longestNs, System.nanoTime() - lastNs) / 1e6;
    } finally {
      lock.unlock();
    }
  }

  /** How long it is silent by now, in milliseconds. */
  long silentMs() {
    lock.lock();
    try {
      return (System.nanoTime() - lastNs) / 1_000_000;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether it hears the one it is to hear, and of others, who have tones of their own, nothing.
   */
  boolean hearsOnly(int[] tonesHertz) {
    lock.lock();
    try {
      if (silentMs() >= OPEN_MS || sound.toneDbov(toneHertz) < TONE_DBOV) {
        return false;
      }
      for (int other : tonesHertz) {
        if (other != toneHertz && sound.toneDbov(other) > NONE_DBOV) {
          return false;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      isClosed = true;
      sound.close();
    } finally {
      lock.unlock();
    }
  }
}
