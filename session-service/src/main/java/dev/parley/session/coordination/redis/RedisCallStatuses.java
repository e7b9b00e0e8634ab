package dev.parley.session.coordination.redis;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.session.conference.CallStatus;
import dev.parley.session.conference.CallStatuses;
import dev.parley.session.conference.ParticipantState;
import io.lettuce.core.Consumer;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Call statuses as a stream for each region, which one consumer group shares out among the nodes.
 * While Redis does not answer, each node's statuses go by a stream of its own. Thread-safe; takers
 * of one region on one node wait for each other.
 */
final class RedisCallStatuses implements CallStatuses {
  private static final String GROUP = "nodes";
  private static final String FIELD = "s";
  private static final String ALONE = "alone-";
  private static final int LENGTH = 100_000;
  private static final Duration KEEP = Duration.ofHours(1);
  private static final Duration KEEP_NUMBER = Duration.ofMinutes(10);
  private static final Duration WAIT_MAX = Duration.ofSeconds(5);
  private static final int ATTEMPTS = 2;
  private static final long SPARE_MS = 1_000;

  /** How often to look for what is overdue, in the time after which it is. */
  private static final int CLAIMS_PER_DELAY = 4;

  private final RedisLink link;
  private final CallStatuses alone;
  private final Clock clock;
  private final Duration claimAfter;
  private final Duration claimInterval;

  /** When it was last seen that others are late with nothing. */
  private final Map<Region, Instant> nothingLateAt = new ConcurrentHashMap<>();

  /** Connections that wait for statuses: each is blocked meanwhile. */
  private final Map<Region, RedisClients.Commands> waiting = new ConcurrentHashMap<>();

  /**
   * Takes what it needs.
   *
   * @param claimAfter how long a node may take for what it took until another gets it
   */
  RedisCallStatuses(RedisLink link, CallStatuses alone, Clock clock, Duration claimAfter) {
    this.link = link;
    this.alone = alone;
    this.clock = clock;
    this.claimAfter = claimAfter;
    this.claimInterval = claimAfter.dividedBy(CLAIMS_PER_DELAY);
  }

  @Override
  public boolean send(Region region, CallStatus status) {
    String key = key(region);
    try {
      long sent =
          link.await(
              link.<Long>eval(
                  Script.SEND,
                  ScriptOutputType.INTEGER,
                  new String[] {key, key + ":" + status.participant()},
                  Long.toString(status.number()),
                  text(status),
                  Integer.toString(LENGTH),
                  Long.toString(KEEP.toMillis()),
                  Long.toString(KEEP_NUMBER.toMillis())));
      return sent == 1;
    } catch (RedisAwayException _) {
      link.counters().increment(RedisCounter.STATUSES_ALONE);
      return alone.send(region, status);
    }
  }

  @Override
  public List<Delivery> take(Region region, String node, int countMax, Duration wait) {
    List<Delivery> here = takeAlone(region, node, countMax, Duration.ZERO);
    if (!here.isEmpty()) {
      return here;
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        List<Delivery> claimed = claim(region, node, countMax);
        return claimed.isEmpty() ? read(region, node, countMax, wait) : claimed;
      } catch (RedisAwayException _) {
        // Or it knows no group, for it lost everything or nobody has taken before.
        if (!isGroupMade(region)) {
          break;
        }
      }
    }
    return takeAlone(region, node, countMax, wait);
  }

  @Override
  public void done(Region region, List<Delivery> deliveries) {
    List<String> there = new ArrayList<>();
    List<Delivery> here = new ArrayList<>();
    for (Delivery delivery : deliveries) {
      if (delivery.id().startsWith(ALONE)) {
        here.add(new Delivery(delivery.id().substring(ALONE.length()), delivery.status()));
      } else {
        there.add(delivery.id());
      }
    }
    alone.done(region, here);
    if (!there.isEmpty()) {
      // If this is lost they are delivered again, which may happen anyway.
      var _ =
          link.send(commands -> commands.xack(key(region), GROUP, there.toArray(String[]::new)));
    }
  }

  private List<Delivery> takeAlone(Region region, String node, int countMax, Duration wait) {
    return alone.take(region, node, countMax, wait).stream()
        .map(delivery -> new Delivery(ALONE + delivery.id(), delivery.status()))
        .toList();
  }

  /**
   * Takes over what another node has not done in time. Looks only now and then: each look is a
   * round trip before what is new.
   */
  private List<Delivery> claim(Region region, String node, int countMax) {
    Instant now = clock.instant();
    Instant seenAt = nothingLateAt.get(region);
    if (seenAt != null && Duration.between(seenAt, now).abs().compareTo(claimInterval) < 0) {
      return List.of();
    }
    XAutoClaimArgs<String> overdue =
        new XAutoClaimArgs<String>()
            .consumer(Consumer.from(GROUP, node))
            .minIdleTime(claimAfter)
            .startId("0-0")
            .count(countMax);
    List<Delivery> claimed =
        deliveries(
            link.await(link.send(commands -> commands.xautoclaim(key(region), overdue)))
                .getMessages());
    if (claimed.isEmpty()) {
      nothingLateAt.put(region, now);
    }
    return claimed;
  }

  // Lettuce takes a generic array.
  @SuppressWarnings("unchecked")
  private List<Delivery> read(Region region, String node, int countMax, Duration wait) {
    long waitMs = Math.clamp(wait.toMillis(), 1, WAIT_MAX.toMillis());
    try {
      RedisClients.Commands connection = waiting.computeIfAbsent(region, _ -> open());
      return deliveries(
          connection
              .commands()
              .xreadgroup(
                  Consumer.from(GROUP, node),
                  XReadArgs.Builder.count(countMax).block(waitMs),
                  StreamOffset.lastConsumed(key(region)))
              .get(waitMs + SPARE_MS, TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException | RedisException e) {
      throw new RedisAwayException(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private RedisClients.Commands open() {
    RedisClients.Commands made = link.clients().open();
    made.connection().setTimeout(WAIT_MAX.plusMillis(SPARE_MS));
    return made;
  }

  /** Returns true if Redis has the group now. */
  private boolean isGroupMade(Region region) {
    String key = key(region);
    XGroupCreateArgs withStream = XGroupCreateArgs.Builder.mkstream();
    try {
      link.await(
          link.send(c -> c.xgroupCreate(StreamOffset.from(key, "0-0"), GROUP, withStream))
              .exceptionally(RedisCallStatuses::wasThere));
      link.await(link.send(c -> c.pexpire(key, KEEP)));
      return true;
    } catch (RedisAwayException _) {
      return false;
    }
  }

  /** Another node may have been faster. */
  private static String wasThere(Throwable failure) {
    if (failure instanceof RedisBusyException || failure.getCause() instanceof RedisBusyException) {
      return GROUP;
    }
    throw new CompletionException(failure);
  }

  private static List<Delivery> deliveries(List<StreamMessage<String, String>> messages) {
    List<Delivery> deliveries = new ArrayList<>(messages.size());
    for (StreamMessage<String, String> message : messages) {
      String text = message.getBody() == null ? null : message.getBody().get(FIELD);
      // What was trimmed before it was done has no body any more.
      if (text != null) {
        deliveries.add(new Delivery(message.getId(), status(text)));
      }
    }
    return deliveries;
  }

  private static String text(CallStatus status) {
    return String.join(
        " ",
        status.conference().value(),
        status.participant().value(),
        Long.toString(status.number()),
        status.state().name());
  }

  private static CallStatus status(String text) {
    String[] fields = text.split(" ", -1);
    return new CallStatus(
        new ConferenceId(fields[0]),
        new ParticipantId(fields[1]),
        Long.parseLong(fields[2]),
        ParticipantState.valueOf(fields[3]));
  }

  private static String key(Region region) {
    return "cs:{" + region + "}";
  }
}
