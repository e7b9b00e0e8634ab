package dev.parley.session.coordination.redis;

import dev.parley.session.access.OneTimeUse;
import dev.parley.session.access.RateWindows;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.conference.CallStatuses;
import dev.parley.session.conference.JoinQueues;
import dev.parley.session.conference.QualityBoard;
import dev.parley.session.conference.RosterVersions;
import dev.parley.session.coordination.Coordination;
import dev.parley.session.event.EventLog;
import java.time.Clock;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/**
 * Coordination of several nodes by Redis. Redis may be away, or lose what it holds, at any time:
 * then each node goes on alone, and counts it. Thread-safe.
 */
public final class RedisCoordination implements Coordination {
  private static final Duration CLAIM_AFTER = Duration.ofSeconds(30);

  private final RedisLink link;
  private final RedisRateWindows rateWindows;
  private final RedisOneTimeUse usedTickets;
  private final RedisEventLog eventLog;
  private final RedisRosterVersions rosterVersions;
  private final RedisJoinQueues joinQueues;
  private final RedisCallStatuses callStatuses;
  private final RedisQualityBoard qualityBoard;
  private final Coordination alone;
  private final Clock clock;

  /**
   * What an operator decides.
   *
   * @param timeout how long a command may take until this node goes on without it
   * @param nodeCount how many session nodes share quotas, of which each grants its share while
   *     Redis is away
   */
  public record Plan(RedisAddress address, Duration timeout, IntSupplier nodeCount) {}

  /**
   * Connects if Redis is there.
   *
   * @param secret of the service, from which come keys that keep names and addresses out of Redis
   * @param alone what this node does by itself while Redis is away
   */
  public RedisCoordination(
      Plan plan, ServiceSecret secret, Coordination alone, Clock clock, RandomGenerator random) {
    PayloadSeal seal = new PayloadSeal(secret);
    this.alone = alone;
    this.clock = clock;
    eventLog =
        new RedisEventLog(
            listener -> new RedisLink(plan.address(), plan.timeout(), listener),
            seal,
            clock,
            random);
    link = eventLog.link();
    rateWindows = new RedisRateWindows(link, seal, alone.rateWindows(), plan.nodeCount());
    usedTickets = new RedisOneTimeUse(link, alone.usedTickets());
    rosterVersions = new RedisRosterVersions(link);
    joinQueues = new RedisJoinQueues(link, alone.joinQueues());
    callStatuses = callStatuses(CLAIM_AFTER);
    qualityBoard = new RedisQualityBoard(link, alone.qualityBoard());
  }

  public RedisCounters counters() {
    return link.counters();
  }

  /** True while this node goes on alone. */
  public boolean isAway() {
    return link.isAway();
  }

  @Override
  public RateWindows rateWindows() {
    return rateWindows;
  }

  @Override
  public OneTimeUse usedTickets() {
    return usedTickets;
  }

  @Override
  public EventLog eventLog() {
    return eventLog;
  }

  @Override
  public RosterVersions rosterVersions() {
    return rosterVersions;
  }

  @Override
  public JoinQueues joinQueues() {
    return joinQueues;
  }

  @Override
  public CallStatuses callStatuses() {
    return callStatuses;
  }

  @Override
  public QualityBoard qualityBoard() {
    return qualityBoard;
  }

  /** Statuses that another node gets sooner or later than usual, for tests. */
  RedisCallStatuses callStatuses(Duration claimAfter) {
    return new RedisCallStatuses(link, alone.callStatuses(), clock, claimAfter);
  }

  @Override
  public void close() {
    link.close();
    alone.close();
  }
}
