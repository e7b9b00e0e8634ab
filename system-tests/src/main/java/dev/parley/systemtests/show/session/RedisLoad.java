package dev.parley.systemtests.show.session;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.session.access.Quota;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.conference.CallStatus;
import dev.parley.session.conference.CallStatuses;
import dev.parley.session.conference.JoinQueues;
import dev.parley.session.conference.ParticipantState;
import dev.parley.session.coordination.local.LocalCoordination;
import dev.parley.session.coordination.redis.RedisAddress;
import dev.parley.session.coordination.redis.RedisCoordination;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a session node asks of Redis, in a process of its own: {@code RedisLoad ADDRESS PER-SEC
 * WARM-UP-MS TIME-MS}. Prints the 99th percentile of each as one line of JSON.
 */
final class RedisLoad {
  private static final Duration KEEP = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int TAKE_MAX = 100;

  /** Of this process's own: Redis remembers what it was told of others. */
  private static final String PARTICIPANT = "pt_" + ProcessHandle.current().pid() + "x";

  private static final ConferenceId CONFERENCE = new ConferenceId("cf_1");

  private final RedisCoordination node;
  private final Map<Long, CompletableFuture<Boolean>> awaited = new ConcurrentHashMap<>();

  /** A status is told once, whatever comes again under its number. */
  private final AtomicInteger statuses = new AtomicInteger();

  private RedisLoad(RedisCoordination node) {
    this.node = node;
  }

  public static void main(String[] arguments) throws Exception {
    int perSec = Integer.parseInt(arguments[1]);
    Duration warmUp = Duration.ofMillis(Long.parseLong(arguments[2]));
    Duration time = Duration.ofMillis(Long.parseLong(arguments[3]));
    RandomGenerator random = RandomGenerator.getDefault();
    Clock clock = Clock.systemUTC();
    RedisLoad load =
        new RedisLoad(
            new RedisCoordination(
                new RedisCoordination.Plan(RedisAddress.parse(arguments[0]), TIMEOUT, () -> 2),
                new ServiceSecret(new byte[ServiceSecret.LENGTH]),
                new LocalCoordination(clock, System::nanoTime, random),
                clock,
                random));
    Quota quota = new Quota("load", 1_000, Duration.ofSeconds(1));
    Region region = new Region("load");
    Thread taker = Thread.ofVirtual().unstarted(() -> load.take(region));
    ObjectNode line = new ObjectMapper().createObjectNode();
    ObjectNode failures = line.putObject("failures");
    Map<String, OpenLoop.Call> calls =
        Map.<String, OpenLoop.Call>of(
            "limiter",
            i -> load.node.rateWindows().take("t" + i % 10, quota).isAllowed() ? null : "refused",
            "queue",
            i -> load.queue(region, i),
            "status",
            _ -> load.status(region, load.statuses.incrementAndGet()));
    taker.start();
    List<String> names = List.of("limiter", "queue", "status");
    for (String name : names) {
      // A node does all of it from its first minute on: none is measured before all are compiled.
      OpenLoop.Result _ = new OpenLoop(perSec, requireNonNull(calls.get(name))).run(warmUp, time);
    }
    for (String name : names) {
      OpenLoop.Result result =
          new OpenLoop(perSec, requireNonNull(calls.get(name))).run(warmUp, time);
      line.put(name, result.ms(99)).put(name + "Count", result.us().getTotalCount());
      result.failures().forEach((why, times) -> failures.put(name + ": " + why, times.sum()));
    }
    System.out.println(new ObjectMapper().writeValueAsString(line));
    System.exit(0);
  }

  private @Nullable String queue(Region region, int number) {
    node.joinQueues()
        .enter(
            region,
            new JoinQueues.Waiting(new ParticipantId(PARTICIPANT + number), CONFERENCE, 1),
            KEEP);
    return node.joinQueues().take(region, 1).size() <= 1 ? null : "too many";
  }

  private @Nullable String status(Region region, int number) throws Exception {
    CompletableFuture<Boolean> taken = new CompletableFuture<>();
    awaited.put((long) number, taken);
    node.callStatuses()
        .send(
            region,
            new CallStatus(
                CONFERENCE,
                new ParticipantId(PARTICIPANT + number),
                number,
                ParticipantState.CONNECTED));
    return taken.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS) ? null : "lost";
  }

  private void take(Region region) {
    while (true) {
      List<CallStatuses.Delivery> taken = node.callStatuses().take(region, "node", TAKE_MAX, KEEP);
      for (CallStatuses.Delivery delivery : taken) {
        CompletableFuture<Boolean> waiting = awaited.remove(delivery.status().number());
        if (waiting != null) {
          waiting.complete(true);
        }
      }
      node.callStatuses().done(region, taken);
    }
  }
}
