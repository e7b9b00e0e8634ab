package dev.parley.session;

import dev.parley.common.id.Region;
import dev.parley.common.metrics.Metrics;
import dev.parley.session.capacity.Capacity;
import dev.parley.session.capacity.Priority;
import dev.parley.session.conference.Moves;
import dev.parley.session.conference.Notices;
import dev.parley.session.conference.RegionLine;
import dev.parley.session.conference.Unrecorded;
import dev.parley.session.conference.WaitReason;
import dev.parley.session.conference.Waits;
import dev.parley.session.conversation.Conversations;
import dev.parley.session.coordination.redis.RedisCoordination;
import dev.parley.session.coordination.redis.RedisCounter;
import dev.parley.session.event.EventCounter;
import dev.parley.session.event.EventHub;
import dev.parley.session.library.Library;
import dev.parley.session.library.TrackUploads;
import dev.parley.session.media.ControlCounter;
import dev.parley.session.media.LinkedServers;
import dev.parley.session.media.RegionScaling;
import dev.parley.session.media.RegionScaling.State;
import dev.parley.session.recording.Recordings;
import dev.parley.session.rest.AuditTrail;
import dev.parley.session.rest.RestApi;
import dev.parley.session.store.StoreMemory;
import dev.parley.session.webhook.Courier;
import dev.parley.session.webhook.Outcome;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/** Gives the counts of the service's parts their names in {@code /metrics}. One thread. */
final class SessionMetrics {
  /** The longest wait that the histogram tells from longer ones. */
  private static final Duration WAIT_MAX = Duration.ofMinutes(30);

  private static final int REGIONS_MAX = 100;

  private final Metrics metrics;

  SessionMetrics(Metrics metrics) {
    this.metrics = metrics;
  }

  void register(RestApi api, DueLoop dueLoop, LinkedServers servers) {
    metrics.counter("parley.http.problems", "Requests answered with a problem", api::problemCount);
    metrics.counter("parley.http.failures", "Requests that failed by our fault", api::failureCount);
    metrics.counter("parley.due.done", "Due work done", dueLoop::doneCount);
    metrics.counter("parley.due.failures", "Due work that failed", dueLoop::failureCount);
    metrics.gauge(
        "parley.media.servers",
        "Media servers that beat",
        () -> servers.statuses().stream().filter(LinkedServers.Status::isLive).count());
  }

  void register(Capacity capacity) {
    metrics.gauge(
        "parley.capacity.limit",
        "How many operations the store may be asked for at once, by how it answers",
        capacity::limit);
    metrics.gauge(
        "parley.capacity.inflight", "Operations of the store under way", capacity::inFlight);
    metrics.gauge(
        "parley.capacity.waiting", "Operations that wait for a place", capacity::waitingCount);
    metrics.gauge(
        "parley.capacity.arriving",
        "Requests that wait a moment to be let in",
        capacity::arrivingCount);
    metrics.counter(
        "parley.capacity.late", "Operations that found no place in time", capacity::lateCount);
    for (Priority priority : Priority.values()) {
      metrics.counter(
          "parley.capacity.shed",
          "Requests refused because the store has too much to do, by priority",
          () -> capacity.shedCount(priority),
          "priority",
          priority.name().toLowerCase(Locale.ROOT));
    }
  }

  void register(Courier courier, DueLoop loop, Notices notices) {
    metrics.gauge(
        "parley.webhooks.waiting",
        "Conferences, for each endpoint, with something that it has yet to take",
        courier::waitingCount);
    metrics.gauge(
        "parley.webhooks.waiting.seconds",
        "How long the one that waits longest has not come on",
        courier::waitingSec);
    for (Outcome outcome : Outcome.values()) {
      metrics.counter(
          "parley.webhooks.attempts." + dotted(outcome),
          outcome.description(),
          () -> courier.count(outcome));
    }
    metrics.counter(
        "parley.webhooks.failures",
        "Deliveries that broke off by our fault or the store's, and are tried again",
        () -> courier.failureCount() + loop.failureCount());
    metrics.counter(
        "parley.notices.failures",
        "Notices that were not handed on at once, and are later",
        notices::failureCount);
  }

  void register(StoreMemory memory, Unrecorded unrecorded, AuditTrail trail) {
    metrics.gauge(
        "parley.store.away",
        "1 while the store answers nothing, and the node goes by what it remembers",
        () -> memory.isAway() ? 1 : 0);
    metrics.counter(
        "parley.unrecorded.done",
        "Moderation and departures carried out while the store was away",
        unrecorded::carriedOutCount);
    metrics.counter(
        "parley.unrecorded.recorded",
        "Moderation and departures recorded after the store was away",
        unrecorded::recordedCount);
    metrics.gauge(
        "parley.audit.owed", "Entries of the audit log that wait for the store", trail::owedCount);
    metrics.counter(
        "parley.audit.lost",
        "Entries of the audit log that neither the store nor this node could take",
        trail::lostCount);
  }

  void register(EventHub events, LinkedServers servers, Moves moves) {
    metrics.counter(
        "parley.moves.rescued",
        "Conferences taken from media servers that were lost or failed",
        moves::rescuedCount);
    metrics.counter(
        "parley.moves.led",
        "Conferences led away from media servers that are drained",
        moves::ledCount);
    metrics.counter(
        "parley.moves.stuck",
        "Times that a conference could not be led away for want of another server",
        moves::stuckCount);
    metrics.gauge("parley.events.sockets", "Events sockets open now", events::watcherCount);
    for (EventCounter counter : EventCounter.values()) {
      metrics.counter(
          "parley.events." + dotted(counter),
          counter.description(),
          () -> events.counters().value(counter));
    }
    for (ControlCounter counter : ControlCounter.values()) {
      metrics.counter(
          "parley.control." + dotted(counter),
          counter.description(),
          () -> servers.counters().value(counter));
    }
  }

  /** Registers what autoscalers ask about a region; once for each. */
  void register(RegionScaling scaling, Region region) {
    gauge(scaling, region, "demand", "Participants on the region's media servers", State::demand);
    gauge(
        scaling,
        region,
        "headroom",
        "Participants more that the region's media servers admit",
        State::headroom);
    gauge(
        scaling,
        region,
        "servers.wanted",
        "Media servers that the region should have",
        state -> state.advice().servers());
    metrics.gauge(
        "parley.region.load",
        "How busy the region's media servers are on average, 0 to 1",
        () -> {
          State state = scaling.of(region);
          return state == null || state.entry() == null ? 0 : state.entry().load();
        },
        "region",
        region.value());
  }

  private void gauge(
      RegionScaling scaling,
      Region region,
      String name,
      String description,
      ToIntFunction<State> read) {
    metrics.gauge(
        "parley.region." + name,
        description,
        () -> {
          State state = scaling.of(region);
          return state == null ? 0 : read.applyAsInt(state);
        },
        "region",
        region.value());
  }

  void register(Waits waits) {
    for (WaitReason reason : WaitReason.values()) {
      metrics.gauge(
          "parley.waiting",
          "Who waits to be let in, and was seen by this node of late",
          () -> waits.waitingCount(reason),
          "reason",
          reason.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    metrics.counter("parley.waiting.admitted", "Let in after a wait", waits::admittedCount);
    metrics.counter(
        "parley.waiting.refused",
        "Sent away while they waited, by a moderator or by the end",
        waits::refusedCount);
    metrics.counter(
        "parley.waiting.expired", "Not heard of any more while they waited", waits::expiredCount);
    waits.measure(
        metrics.timer("parley.waiting.time", "How long those waited who were let in", WAIT_MAX)
            ::record);
  }

  void register(RegionLine line) {
    Set<Region> known = ConcurrentHashMap.newKeySet();
    line.onLengths(region -> {
      if (known.size() < REGIONS_MAX && known.add(region)) {
        metrics.gauge(
            "parley.queue.length",
            "Who waits for a media server of the region, over all nodes",
            () -> line.lengths().getOrDefault(region, 0),
            "region",
            region.value());
      }
    });
  }

  void register(Library library, Recordings recordings) {
    metrics.gauge(
        "parley.library.stores",
        "Object stores of the configuration",
        () -> library.stores().all().size());
    metrics.counter("parley.library.links", "URLs signed for clients", library::linkCount);
    metrics.counter(
        "parley.library.erasures.unconfirmed",
        "Times that a store did not confirm an erasure, which is tried again",
        library::unconfirmedCount);
    metrics.counter(
        "parley.recordings.failures",
        "Times that a recording could not be looked after, which is tried again",
        recordings::failureCount);
  }

  void register(Conversations conversations) {
    metrics.counter(
        "parley.conversations.kept",
        "Conferences that were filed as conversations when they were over",
        conversations::keptCount);
  }

  void register(TrackUploads uploads) {
    metrics.counter(
        "parley.library.uploads.signed",
        "Requests to stores signed for media servers",
        uploads::signedCount);
    metrics.counter(
        "parley.library.uploads.available",
        "Tracks of recordings that became available",
        uploads::availableCount);
    metrics.counter(
        "parley.library.uploads.different",
        "Times that a store had something else than a media server had sent",
        uploads::differentCount);
    metrics.counter(
        "parley.library.uploads.failed",
        "Tracks that media servers could not read",
        uploads::failedCount);
    metrics.counter(
        "parley.library.uploads.unknown",
        "Questions about recordings that are not known",
        uploads::unknownCount);
    metrics.counter(
        "parley.library.uploads.left",
        "Available tracks whose store keeps uploads in parts that were given up",
        uploads::leftCount);
  }

  void register(RedisCoordination redis) {
    metrics.gauge(
        "parley.redis.away", "1 while Redis does not answer", () -> redis.isAway() ? 1 : 0);
    for (RedisCounter counter : RedisCounter.values()) {
      metrics.counter(
          "parley.redis." + dotted(counter),
          counter.description(),
          () -> redis.counters().value(counter));
    }
  }

  private static String dotted(Enum<?> counter) {
    return counter.name().toLowerCase(Locale.ROOT).replace('_', '.');
  }
}
