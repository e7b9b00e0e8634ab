package dev.parley.session.event;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.conference.ConferenceEvent;
import dev.parley.session.conference.ConferenceEventSink;
import dev.parley.session.conference.MediaWord;
import dev.parley.session.conference.QueuePlace;
import dev.parley.session.conference.Roster;
import dev.parley.session.conference.Rosters;
import dev.parley.session.conference.Sight;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the events of conferences to those who watch them on this node, by way of the {@link
 * EventLog}, which other nodes share. Thread-safe.
 */
public final class EventHub implements ConferenceEventSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventHub.class);
  private static final long BEAT_MS = 1000;

  private final EventLog log;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private final Executor blocking;
  private final EventCounters counters = new EventCounters();
  private final WatchedConference.Later later = new Soon();
  private final Map<ConferenceId, WatchedConference> watched = new ConcurrentHashMap<>();
  // Those who have not said hello yet, and so watch no conference.
  private final Set<Watcher> silent = ConcurrentHashMap.newKeySet();
  private final AtomicInteger watcherCount = new AtomicInteger();
  private final Semaphore gapReads = new Semaphore(EventLimits.GAPS_READ_MAX);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("events-timer").daemon(true).factory());

  /**
   * Takes what it needs.
   *
   * @param clock tells the {@code ts} of events
   * @param nanoClock monotonic time in nanoseconds
   * @param blocking reads rosters: a virtual thread each
   */
  public EventHub(EventLog log, Clock clock, LongSupplier nanoClock, Executor blocking) {
    this.log = log;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.blocking = blocking;
    var _ = timer.scheduleWithFixedDelay(this::beat, BEAT_MS, BEAT_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void publish(ConferenceId id, ConferenceEvent event) {
    if (event instanceof ConferenceEvent.SpeakersChanged speakers) {
      log.broadcast(id, EventJson.speakers(speakers));
      return;
    }
    if (event instanceof ConferenceEvent.QualityChanged quality) {
      log.broadcast(id, EventJson.quality(quality));
      return;
    }
    counters.increment(EventCounter.PUBLISHED);
    boolean isLast = event instanceof ConferenceEvent.ConferenceEnded;
    log.append(id, EventJson.event(clock.instant(), event), isLast);
  }

  /** Forgets what has happened in a conference; who watches it gets a snapshot. */
  public void forget(ConferenceId id) {
    log.forget(id);
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
      conference.unfollow();
      for (Watcher watcher : conference.watchers()) {
        watcher.close(CloseCode.GOING_AWAY, "node goes down");
      }
    }
    silent.forEach(watcher -> watcher.close(CloseCode.GOING_AWAY, "node goes down"));
  }

  /** Takes in the socket of one who is in no call; null if there are too many. */
  @Nullable Watcher open(ClientSocket socket) {
    return open(socket, new Watcher.Viewer(null, Sight.PARTICIPANT, _ -> {}));
  }

  /** Takes in the socket of a viewer whose ticket was good; null if there are too many. */
  @Nullable Watcher open(ClientSocket socket, Watcher.Viewer viewer) {
    if (watcherCount.incrementAndGet() > EventLimits.WATCHERS_MAX) {
      watcherCount.decrementAndGet();
      counters.increment(EventCounter.REFUSED_FULL);
      return null;
    }
    counters.increment(EventCounter.OPENED);
    Watcher watcher = new Watcher(socket, counters, viewer, nanoClock.getAsLong());
    silent.add(watcher);
    return watcher;
  }

  /** Lines up what a client asks for. */
  RequestLine line(Watcher watcher, Function<EventJson.MessageSend, ClientRequests.Outcome> desk) {
    return new RequestLine(
        desk, answer -> watcher.answer(answer, nanoClock.getAsLong()), blocking, counters);
  }

  /** Takes in a frame from a client that asks for nothing. */
  void onText(ConferenceId id, Rosters rosters, Watcher watcher, String text) {
    onRequest(id, rosters, watcher, EventJson.read(text));
  }

  /** Takes in what a client said, or null if that made no sense. */
  void onRequest(
      ConferenceId id, Rosters rosters, Watcher watcher, EventJson.@Nullable Request request) {
    switch (request) {
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
      case EventJson.Media(MediaWord word) -> watcher.onMedia(word, nanoClock.getAsLong());
      case EventJson.MessageSend _, EventJson.Other _ -> {}
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
      conference.leave(watcher);
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
    WatchedConference conference = watch(id, rosters, watcher);
    if (conference == null) {
      counters.increment(EventCounter.REFUSED_FULL);
      watcher.close(CloseCode.TOO_MANY, "too many watch this conference");
      return;
    }
    if (!isPlaced(conference)) {
      watcher.close(CloseCode.GOING_AWAY, "events are not ready");
    } else if (!isSeeing(conference, watcher)) {
      watcher.close(CloseCode.GOING_AWAY, "the store does not answer");
    } else if (resumeSeq < 0 || !isResumed(conference, watcher, resumeSeq)) {
      snapshot(conference, watcher);
    }
    if (watcher.isClosed()) {
      // It was closed while it was entering, when there was nothing to leave yet.
      conference.leave(watcher);
    }
  }

  /**
   * Inside the map's own step, or the conference might be forgotten between finding and entering.
   *
   * @return null if too many watch it
   */
  private @Nullable WatchedConference watch(ConferenceId id, Rosters rosters, Watcher watcher) {
    boolean[] isIn = new boolean[1];
    WatchedConference conference =
        watched.compute(
            id,
            (_, known) -> {
              WatchedConference mine =
                  known == null ? new WatchedConference(id, rosters, nanoClock, later) : known;
              isIn[0] = mine.enter(watcher);
              return mine;
            });
    return isIn[0] ? conference : null;
  }

  private boolean isPlaced(WatchedConference conference) {
    try {
      conference.follow(log).get(EventLimits.FOLLOW_MS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("a conference's event log cannot be followed: {}", e.toString());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Finds out what the watcher may see, before it is told anything; false if that fails. */
  private static boolean isSeeing(WatchedConference conference, Watcher watcher) {
    ParticipantId viewer = watcher.viewer();
    try {
      if (viewer != null) {
        watcher.sees(conference.rosters().sight(conference.id(), viewer));
      }
      return true;
    } catch (RuntimeException e) {
      LOG.warn("nothing is known of an events socket's participant: {}", e.toString());
      return false;
    }
  }

  /** Something happened to the watcher's participant: what it may see now, it sees anew. */
  private void look(WatchedConference conference, Watcher watcher) {
    Sight before = watcher.sight();
    if (!isSeeing(conference, watcher)) {
      watcher.close(CloseCode.GOING_AWAY, "the store does not answer");
    } else if (watcher.sight() != before) {
      WatchedConference.Waiting waiting = conference.hold(watcher);
      if (waiting != null) {
        snapshot(conference, List.of(waiting), EventCounter.RESYNCED);
      }
    }
  }

  /** Says that the client of one who waits is there, and tells it where it stands. */
  private void lookAfter(WatchedConference conference, Watcher watcher) {
    ParticipantId viewer = watcher.viewer();
    if (viewer == null) {
      return;
    }
    try {
      QueuePlace place = conference.rosters().stillWaits(conference.id(), viewer);
      if (place != null) {
        watcher.place(EventJson.place(viewer, place), nanoClock.getAsLong());
      }
    } catch (RuntimeException e) {
      // It is tried again in some seconds, and there is time for many of these.
      LOG.warn("one who waits was not looked after: {}", e.toString());
    }
  }

  private boolean isResumed(WatchedConference conference, Watcher watcher, long resumeSeq) {
    WatchedConference.Waiting waiting = conference.place(watcher);
    EventLog.Replay missed = log.after(conference.id(), resumeSeq, EventLimits.REPLAY_MAX);
    if (waiting == null || !missed.isKnown()) {
      return false;
    }
    counters.increment(EventCounter.RESUMED);
    String welcome = EventJson.welcome(resumeSeq, true, null, watcher.sight());
    watcher.resume(waiting.hold(), welcome, missed, resumeSeq, nanoClock.getAsLong());
    return true;
  }

  private void snapshot(WatchedConference conference, Watcher watcher) {
    WatchedConference.Waiting waiting = conference.place(watcher);
    if (waiting != null) {
      snapshot(conference, List.of(waiting), EventCounter.SNAPSHOTS);
    }
  }

  /** Gives each of these watchers the same roster, which is read now; null if there is none. */
  private @Nullable Roster snapshot(
      WatchedConference conference, List<WatchedConference.Waiting> waiting, EventCounter kind) {
    Roster roster;
    try {
      roster = conference.rosters().roster(conference.id());
    } catch (RuntimeException e) {
      LOG.warn("no roster for an events socket: {}", e.toString());
      closeAll(waiting, CloseCode.GOING_AWAY, "the store does not answer");
      return null;
    }
    if (roster == null) {
      closeAll(waiting, CloseCode.NOT_FOUND, "no such conference");
      return null;
    }
    for (WatchedConference.Waiting one : waiting) {
      counters.increment(kind);
      String welcome = EventJson.welcome(one.seq(), false, roster, one.watcher().sight());
      one.watcher().welcome(one.hold(), welcome, nanoClock.getAsLong());
    }
    return roster;
  }

  private static void closeAll(List<WatchedConference.Waiting> waiting, int code, String reason) {
    waiting.forEach(one -> one.watcher().close(code, reason));
  }

  /** Deals with all gaps of a conference, one after the other. */
  private void readGaps(WatchedConference conference) {
    int gaps;
    do {
      gaps = conference.gapsUnread();
      gapReads.acquireUninterruptibly();
      try {
        readGap(conference);
      } finally {
        gapReads.release();
      }
    } while (!conference.areGapsRead(gaps));
  }

  private void readGap(WatchedConference conference) {
    if (!conference.takeGap()) {
      // Nothing is known to be missing: only a roster that has changed is worth a snapshot.
      if (isTold(conference)) {
        return;
      }
      conference.holdAll();
    }
    conference.told(snapshot(conference, conference.waiting(), EventCounter.RESYNCED));
  }

  private static boolean isTold(WatchedConference conference) {
    try {
      return Objects.equals(conference.rosters().roster(conference.id()), conference.told());
    } catch (RuntimeException e) {
      LOG.warn("events may be missing and there is no roster: {}", e.toString());
      return true;
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
          if (watcher.isToBeLookedAfter(nowNs)) {
            blocking.execute(() -> lookAfter(entry.getValue(), watcher));
          }
        }
        watched.computeIfPresent(
            entry.getKey(), (_, conference) -> isForgotten(conference, nowNs) ? null : conference);
      }
    } catch (RuntimeException e) {
      // The executor would never call again, and tell nobody.
      LOG.error("events timer failed", e);
    }
  }

  private static boolean isForgotten(WatchedConference conference, long nowNs) {
    boolean isForgotten = conference.isForgotten(nowNs);
    if (isForgotten) {
      conference.unfollow();
    }
    return isForgotten;
  }

  private final class Soon implements WatchedConference.Later {
    @Override
    public void readGap(WatchedConference conference) {
      blocking.execute(() -> readGaps(conference));
    }

    @Override
    public void look(WatchedConference conference, Watcher watcher) {
      blocking.execute(() -> EventHub.this.look(conference, watcher));
    }

    @Override
    public void flushSpeakers(WatchedConference conference, long waitNs) {
      if (!timer.isShutdown()) {
        var _ = timer.schedule(conference::flushSpeakers, waitNs, TimeUnit.NANOSECONDS);
      }
    }
  }
}
