package dev.parley.media;

import dev.parley.media.conference.ConferenceEvent;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Events of all mix agents on their way to the control link. Bounded: full, it says no and the
 * agent keeps what must not be lost. Each event wakes the one reader. Many writers, one reader.
 */
final class ConferenceEventQueue extends ManyToOneConcurrentArrayQueue<ConferenceEvent> {
  private static final int CAPACITY = 8192;

  private volatile @Nullable Thread reader;

  ConferenceEventQueue() {
    super(CAPACITY);
  }

  void readBy(Thread thread) {
    reader = thread;
  }

  @Override
  public boolean offer(ConferenceEvent event) {
    boolean isTaken = super.offer(event);
    if (isTaken) {
      LockSupport.unpark(reader);
    }
    return isTaken;
  }
}
