package dev.parley.session.coordination;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.event.EventLog;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A follower that keeps what it is told until a test asks. */
public final class RecordingFollower implements EventLog.Follower {
  private static final long WAIT_SECONDS = 10;

  private final BlockingQueue<EventLog.Entry> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> broadcasts = new LinkedBlockingQueue<>();
  private final BlockingQueue<Long> gaps = new LinkedBlockingQueue<>();

  /** Returns the next event. */
  public EventLog.Entry event() throws InterruptedException {
    return next(events);
  }

  public String broadcast() throws InterruptedException {
    return next(broadcasts);
  }

  /** Returns where the next gap ended; the first is where following began. */
  public long gap() throws InterruptedException {
    return next(gaps);
  }

  /** True if nothing waits to be asked for. */
  public boolean isQuiet() {
    return events.isEmpty() && broadcasts.isEmpty() && gaps.isEmpty();
  }

  /** True if an event that is appended now comes here soon; drops those before it. */
  public boolean hears(EventLog log, ConferenceId conference) {
    String event = "{\"n\":" + System.nanoTime() + "}";
    log.append(conference, event, false);
    try {
      EventLog.Entry entry = events.poll(1, TimeUnit.SECONDS);
      while (entry != null && !entry.event().equals(event)) {
        entry = events.poll(1, TimeUnit.SECONDS);
      }
      return entry != null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void onEvent(EventLog.Entry entry) {
    events.add(entry);
  }

  @Override
  public void onBroadcast(String text) {
    broadcasts.add(text);
  }

  @Override
  public void onGap(long seq) {
    gaps.add(seq);
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came");
    }
    return next;
  }
}
