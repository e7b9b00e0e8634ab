package dev.parley.session.conference;

import dev.parley.common.id.Region;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The queues for media servers as the waiting room sees them: how long, and how many may come out
 * of them now. Thread-safe; blocks for a moment.
 */
public final class RegionLine {
  /** By then the load of its server tells of one who was let in. */
  private static final Duration UNSEEN_MAX = Duration.ofSeconds(5);

  /** Whom the tenant cannot do without comes first. */
  private static final int URGENT = 0;

  private static final int USUAL = 1;

  private final JoinQueues queues;
  private final MediaServers mediaServers;
  private final Clock clock;
  private final int lengthMax;
  private final Map<Region, Deque<Instant>> letIn = new HashMap<>();
  private final Map<Region, Integer> lengths = new ConcurrentHashMap<>();
  private volatile Consumer<Region> looked = _ -> {};

  /**
   * Takes what it needs.
   *
   * @param lengthMax how many may wait in a region; 0 if nobody is to wait for a server
   */
  public RegionLine(JoinQueues queues, MediaServers mediaServers, Clock clock, int lengthMax) {
    this.queues = queues;
    this.mediaServers = mediaServers;
    this.clock = clock;
    this.lengthMax = Math.min(lengthMax, JoinQueues.LENGTH_MAX);
  }

  /** Returns how many wait in each region that has been looked at, as of half a second ago. */
  public Map<Region, Integer> lengths() {
    return Map.copyOf(lengths);
  }

  /** Names who hears of each region that is looked at. */
  public void onLengths(Consumer<Region> listener) {
    looked = listener;
  }

  /** Returns whether one more finds room, without getting ahead of those who wait. */
  Vacancy vacancy(@Nullable MediaServer server, RegionWish regions) {
    if (lengthMax == 0) {
      return Vacancy.UNKNOWN;
    }
    Vacancy vacancy = mediaServers.vacancy(server, regions);
    Region region = vacancy.region();
    return region != null && lengths.getOrDefault(region, 0) > 0
        ? new Vacancy(false, region)
        : vacancy;
  }

  /** The same for one whose turn it is. */
  Vacancy vacancyInTurn(@Nullable MediaServer server, RegionWish regions) {
    return mediaServers.vacancy(server, regions);
  }

  boolean isFull(Region region) {
    return queues.length(region) >= lengthMax;
  }

  /** Lines one up, or says that it is still there; returns how many are before it. */
  int enter(Region region, Participant stay) {
    int urgency = stay.person().grants().moderate() ? URGENT : USUAL;
    int before =
        queues.enter(
            region,
            new JoinQueues.Waiting(stay.id(), stay.conference(), urgency),
            Wait.SILENCE_MAX);
    lengths.merge(region, 1, Math::max);
    return Math.max(before, 0);
  }

  void leave(Region region, Participant stay) {
    queues.leave(region, stay.id());
  }

  List<JoinQueues.Taken> take(Region region, int countMax) {
    return queues.take(region, countMax);
  }

  void giveBack(Region region, JoinQueues.Taken taken) {
    queues.giveBack(region, taken, Wait.SILENCE_MAX);
  }

  /** Looks how many may come in now, by region; only where somebody waits. One thread. */
  Map<Region, Integer> places() {
    Map<Region, Integer> places = new HashMap<>();
    mediaServers
        .seats()
        .forEach((region, seats) -> {
          int length = queues.length(region);
          lengths.put(region, length);
          looked.accept(region);
          int free = seats - unseenCount(region);
          if (length > 0 && free > 0) {
            places.put(region, free);
          }
        });
    return places;
  }

  /** Counts one who was let in, whom no server's load can show yet. The same thread. */
  void onLetIn(Region region) {
    letIn.computeIfAbsent(region, _ -> new ArrayDeque<>()).add(clock.instant());
  }

  private int unseenCount(Region region) {
    Deque<Instant> recent = letIn.get(region);
    if (recent == null) {
      return 0;
    }
    Instant seen = clock.instant().minus(UNSEEN_MAX);
    while (!recent.isEmpty() && recent.getFirst().isBefore(seen)) {
      recent.removeFirst();
    }
    return recent.size();
  }
}
