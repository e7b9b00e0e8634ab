package dev.parley.session.media;

import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.ControlLimits;
import dev.parley.common.control.Quality;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateReport;
import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.MediaEvents;
import dev.parley.session.conference.MediaServer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one media server said, on its way to the conferences: one at a time, in order, each report
 * once, and again and again while the store refuses it. Acknowledged only then. A virtual thread
 * works while there is work. Any thread may offer.
 */
final class ReportInbox {
  private static final Logger LOG = LoggerFactory.getLogger(ReportInbox.class);
  private static final int REPORTS_MAX = 4 * ControlLimits.REPORTS_IN_FLIGHT_MAX;
  private static final int SPEAKERS_MAX = 512;
  private static final int QUALITIES_MAX = 2048;
  private static final int INCARNATIONS_MAX = 4;
  private static final long RETRY_FIRST_NS = 20_000_000;
  private static final long RETRY_LONGEST_NS = 1_000_000_000;

  private final MediaEvents events;
  private final ControlCounters counters;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Runnable> work = new ArrayDeque<>();
  private final LinkedHashMap<ConferenceId, Speakers> speakers = new LinkedHashMap<>();
  private final LinkedHashMap<ConferenceId, Quality> qualities = new LinkedHashMap<>();
  private @Nullable MediaServer speakersFrom;
  private int reportsWaiting;
  private boolean isWorking;
  private volatile boolean isClosed;
  // The worker's own: the last sequence applied of each incarnation still heard of.
  private final Map<String, Long> appliedThrough = new HashMap<>();

  ReportInbox(MediaEvents events, ControlCounters counters) {
    this.events = events;
    this.counters = counters;
  }

  /**
   * Takes in a report; the link is told when it is safe.
   *
   * @param report null if this build does not know its event: it is counted as applied
   * @return false if too many wait
   */
  boolean offer(ServerLink link, ServerEntry entry, long sequence, @Nullable StateReport report) {
    lock.lock();
    try {
      if (reportsWaiting >= REPORTS_MAX) {
        return false;
      }
      reportsWaiting++;
      add(() -> apply(link, entry.server(), sequence, report));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes in who is heard; the newest of a conference replaces the one that waits. */
  void offer(Speakers newest) {
    lock.lock();
    try {
      boolean isNew = speakers.remove(newest.conference()) == null;
      if (!isNew || speakers.size() >= SPEAKERS_MAX) {
        counters.increment(ControlCounter.SPEAKERS_DROPPED);
      }
      if (!isNew || speakers.size() < SPEAKERS_MAX) {
        speakers.put(newest.conference(), newest);
        work();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes in how packets travel; the newest of a conference replaces the one that waits. */
  void offer(Quality newest) {
    lock.lock();
    try {
      boolean isNew = qualities.remove(newest.conference()) == null;
      if (!isNew || qualities.size() >= QUALITIES_MAX) {
        counters.increment(ControlCounter.QUALITY_DROPPED);
      }
      if (!isNew || qualities.size() < QUALITIES_MAX) {
        qualities.put(newest.conference(), newest);
        work();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The server said hello after it had no link. Everything it reports later comes after. */
  void serverUp(MediaServer server, List<ConferenceSnapshot> conferences) {
    lock.lock();
    try {
      speakersFrom = server;
      add(() -> untilStored("hello", () -> events.onServerUp(server, conferences)));
    } finally {
      lock.unlock();
    }
  }

  /** The server's calls are given up. */
  void serverLost(MediaServer server) {
    lock.lock();
    try {
      add(() -> untilStored("loss", () -> events.onServerLost(server)));
    } finally {
      lock.unlock();
    }
  }

  /** Ends the work; what waits is not applied and so will be sent again to another node. */
  void close() {
    isClosed = true;
  }

  private void add(Runnable task) {
    work.addLast(task);
    work();
  }

  private void work() {
    if (!isWorking) {
      isWorking = true;
      Thread.ofVirtual().name("media-reports").start(this::run);
    }
  }

  private void run() {
    Runnable next = next();
    while (next != null) {
      next.run();
      next = next();
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      Runnable task = isClosed ? null : work.pollFirst();
      if (task != null) {
        return task;
      }
      Map.Entry<ConferenceId, Speakers> eldest = isClosed ? null : speakers.pollFirstEntry();
      MediaServer from = speakersFrom;
      if (eldest != null && from != null) {
        return () -> pass("speakers", () -> events.onSpeakers(from, eldest.getValue()));
      }
      Map.Entry<ConferenceId, Quality> figures = isClosed ? null : qualities.pollFirstEntry();
      if (figures != null && from != null) {
        return () -> pass("call figures", () -> events.onQuality(from, figures.getValue()));
      }
      isWorking = false;
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void apply(
      ServerLink link, MediaServer server, long sequence, @Nullable StateReport report) {
    long applied = appliedThrough.getOrDefault(server.incarnation(), 0L);
    if (sequence <= applied) {
      counters.increment(ControlCounter.REPORTS_REPEATED);
    } else {
      if (applied > 0 && sequence > applied + 1) {
        counters.increment(ControlCounter.REPORTS_ELSEWHERE);
      }
      if (report != null) {
        untilStored("report", () -> events.onState(server, sequence, report.event()));
      }
      if (isClosed) {
        return;
      }
      remember(server.incarnation(), sequence);
      counters.increment(ControlCounter.REPORTS_APPLIED);
    }
    lock.lock();
    try {
      reportsWaiting--;
    } finally {
      lock.unlock();
    }
    link.acknowledge(Math.max(sequence, applied));
  }

  private void remember(String incarnation, long sequence) {
    if (appliedThrough.size() >= INCARNATIONS_MAX && !appliedThrough.containsKey(incarnation)) {
      // Those before are fenced: nothing more will be heard of them.
      appliedThrough.clear();
    }
    appliedThrough.put(incarnation, sequence);
  }

  private void untilStored(String what, Runnable attempt) {
    long pauseNs = RETRY_FIRST_NS;
    while (!isClosed) {
      try {
        attempt.run();
        return;
      } catch (RuntimeException e) {
        counters.increment(ControlCounter.REPORTS_FAILED);
        LOG.warn("a media server's {} could not be stored, trying again: {}", what, e.toString());
        LockSupport.parkNanos(pauseNs);
        pauseNs = Math.min(pauseNs * 2, RETRY_LONGEST_NS);
      }
    }
  }

  private void pass(String what, Runnable attempt) {
    try {
      attempt.run();
    } catch (RuntimeException e) {
      counters.increment(ControlCounter.REPORTS_FAILED);
      LOG.warn("{} could not be passed on: {}", what, e.toString());
    }
  }
}
