package dev.parley.session.event;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.ConferenceEvent;
import dev.parley.session.conference.ConferenceEventSink;
import dev.parley.session.conference.Roster;
import dev.parley.session.conference.Rosters;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the events of conferences to those who watch them. Conferences nobody watches cost
 * nothing; their events are not kept. Thread-safe.
 */
public final class EventHub implements ConferenceEventSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventHub.class);
  private static final long BEAT_MS = 1000;

  private final Clock clock;
  private final LongSupplier nanoClock;
  private final Executor blocking;
  private final EventCounters counters = new EventCounters();
  private final Map<ConferenceId, WatchedConference> watched = new ConcurrentHashMap<>();
  // Those who have not said hello yet, and so watch no conference.
  private final Set<Watcher> silent = ConcurrentHashMap.newKeySet();
  private final AtomicInteger watcherCount = new AtomicInteger();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("events-timer").daemon(true).factory());

  /**
   * @param clock tells the {@code ts} of events
   * @param nanoClock monotonic time in nanoseconds
   * @param blocking reads rosters: a virtual thread each
   */
  public EventHub(Clock clock, LongSupplier nanoClock, Executor blocking) {
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.blocking = blocking;
    var _ = timer.scheduleWithFixedDelay(this::beat, BEAT_MS, BEAT_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void publish(ConferenceId id, ConferenceEvent event) {
    WatchedConference conference = watched.get(id);
    long nowNs = nanoClock.getAsLong();
    if (event instanceof ConferenceEvent.SpeakersChanged speakers) {
      if (conference != null) {
        speakers(conference, speakers, nowNs);
      }
      return;
    }
    counters.increment(EventCounter.PUBLISHED);
    if (conference != null) {
      conference.publish(event, clock.instant(), nowNs);
    }
  }

  public EventCounters counters() {
    return counters;
  }

  /** Sockets open now. */
  public int watcherCount() {
    return watcherCount.get();
  }

  /** Conferences watched now or a short while ago. */
  public int conferenceCount() {
    return watched.size();
  }

  /** Tells all clients to connect to another node, or to this one again. */
  @Override
  public void close() {
    timer.shutdownNow();
    for (WatchedConference conference : watched.values()) {
      for (Watcher watcher : conference.watchers()) {
        watcher.close(CloseCode.GOING_AWAY, "node goes down");
      }
    }
    silent.forEach(watcher -> watcher.close(CloseCode.GOING_AWAY, "node goes down"));
  }

  /** Takes a socket in whose ticket was good; null if there are too many. */
  @Nullable Watcher open(ClientSocket socket) {
    if (watcherCount.incrementAndGet() > EventLimits.WATCHERS_MAX) {
      watcherCount.decrementAndGet();
      counters.increment(EventCounter.REFUSED_FULL);
      return null;
    }
    counters.increment(EventCounter.OPENED);
    Watcher watcher = new Watcher(socket, counters, nanoClock.getAsLong());
    silent.add(watcher);
    return watcher;
  }

  /** Takes in a frame from a client. */
  void onText(ConferenceId id, Rosters rosters, Watcher watcher, String text) {
    switch (EventJson.read(text)) {
      case null -> malformed(watcher, "not an object with a type");
      case EventJson.Hello(long resumeSeq) -> {
        if (watcher.hello()) {
          silent.remove(watcher);
          blocking.execute(() -> welcome(id, rosters, watcher, resumeSeq));
        } else {
          malformed(watcher, "second hello");
        }
      }
      case EventJson.Ping _ -> watcher.pong(nanoClock.getAsLong());
      case EventJson.Other _ -> {}
    }
  }

  void onSent(Watcher watcher) {
    watcher.onSent(nanoClock.getAsLong());
  }

  void onClosed(ConferenceId id, Watcher watcher) {
    watcher.markClosed();
    silent.remove(watcher);
    watcherCount.decrementAndGet();
    WatchedConference conference = watched.get(id);
    if (conference != null) {
      conference.leave(watcher, nanoClock.getAsLong());
    }
  }

  private void malformed(Watcher watcher, String reason) {
    counters.increment(EventCounter.CLOSED_MALFORMED);
    watcher.close(CloseCode.MALFORMED, reason);
  }

  /**
   * Events are collected for the watcher before the roster is read, so that nothing falls between
   * the two; an event may then tell what the snapshot shows already, which does no harm.
   */
  private void welcome(ConferenceId id, Rosters rosters, Watcher watcher, long resumeSeq) {
    WatchedConference.Entrance entrance = enter(id, watcher, resumeSeq);
    switch (entrance.entry()) {
      case FULL -> {
        counters.increment(EventCounter.REFUSED_FULL);
        watcher.close(CloseCode.TOO_MANY, "too many watch this conference");
      }
      case RESUMED -> {
        counters.increment(EventCounter.RESUMED);
        watcher.welcome(EventJson.welcome(entrance.seq(), true, null), nanoClock.getAsLong());
      }
      case FRESH -> snapshot(id, rosters, watcher, entrance.seq());
    }
  }

  /**
   * Inside the map's own step, or the conference might be forgotten between finding and entering.
   */
  private WatchedConference.Entrance enter(ConferenceId id, Watcher watcher, long resumeSeq) {
    WatchedConference.Entrance[] entrance = new WatchedConference.Entrance[1];
    WatchedConference conference =
        watched.compute(
            id,
            (_, known) -> {
              WatchedConference mine =
                  known == null
                      ? new WatchedConference(clock.instant(), nanoClock.getAsLong())
                      : known;
              entrance[0] = mine.enter(watcher, resumeSeq);
              return mine;
            });
    if (watcher.isClosed()) {
      // It was closed while it was entering, when there was nothing to leave yet.
      conference.leave(watcher, nanoClock.getAsLong());
    }
    return entrance[0];
  }

  private void snapshot(ConferenceId id, Rosters rosters, Watcher watcher, long seq) {
    Roster roster;
    try {
      roster = rosters.roster(id);
    } catch (RuntimeException e) {
      LOG.warn("no roster for an events socket: {}", e.toString());
      watcher.close(CloseCode.GOING_AWAY, "the store does not answer");
      return;
    }
    if (roster == null) {
      watcher.close(CloseCode.NOT_FOUND, "no such conference");
      return;
    }
    counters.increment(EventCounter.SNAPSHOTS);
    watcher.welcome(EventJson.welcome(seq, false, roster), nanoClock.getAsLong());
  }

  private void speakers(
      WatchedConference conference, ConferenceEvent.SpeakersChanged speakers, long nowNs) {
    long waitNs = conference.speakers(speakers, nowNs);
    if (waitNs > 0 && !timer.isShutdown()) {
      var _ =
          timer.schedule(
              () -> conference.flushSpeakers(nanoClock.getAsLong()), waitNs, TimeUnit.NANOSECONDS);
    }
  }

  /** Called each second, and by tests. */
  void beat() {
    try {
      long nowNs = nanoClock.getAsLong();
      for (Watcher watcher : silent) {
        watcher.beat(nowNs);
      }
      for (Map.Entry<ConferenceId, WatchedConference> entry : watched.entrySet()) {
        for (Watcher watcher : entry.getValue().watchers()) {
          watcher.beat(nowNs);
        }
        watched.computeIfPresent(
            entry.getKey(), (_, conference) -> conference.isForgotten(nowNs) ? null : conference);
      }
    } catch (RuntimeException e) {
      // The executor would never call again, and tell nobody.
      LOG.error("events timer failed", e);
    }
  }
}
