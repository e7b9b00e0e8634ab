package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.store.dynamo.TestTables;
import dev.parley.testsupport.DynamoDbLocal;
import dev.parley.testsupport.DynamoDbThrottle;
import dev.parley.testsupport.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session service that asks twice as much of DynamoDB as it lets pass. */
@Timeout(120)
final class PrioritiesIT {
  private static final int ROUNDS = 80;
  private static final int ROUND_MS = 250;
  private static final int READS = 16;
  private static final int LISTS = 8;
  private static final double SUCCESS = 0.999;

  @TempDir private Path folder;

  private final DynamoDbThrottle throttle = new DynamoDbThrottle(DynamoDbLocal.shared());
  private final String[] store = TestTables.forService(throttle.port()).toArray(String[]::new);
  private final Tally urgent = new Tally();
  private final Tally reads = new Tally();
  private final Tally lists = new Tally();

  PrioritiesIT() throws IOException {}

  /** What came of requests of one kind. */
  private static final class Tally {
    final AtomicInteger done = new AtomicInteger();
    final AtomicInteger shed = new AtomicInteger();
    final Queue<String> others = new ConcurrentLinkedQueue<>();

    void add(ApiClient.Reply reply) {
      if (reply.status() < 300) {
        done.incrementAndGet();
      } else if (reply.status() == 503 && reply.text("code").equals("temporary-reduced-capacity")) {
        assertThat(Integer.parseInt(reply.header("Retry-After"))).isBetween(1, 32);
        shed.incrementAndGet();
      } else {
        others.add(reply.status() + " " + reply.body());
      }
    }

    int total() {
      return done.get() + shed.get() + others.size();
    }

    double shedShare() {
      return (double) shed.get() / total();
    }

    void clear() {
      done.set(0);
      shed.set(0);
      others.clear();
    }
  }

  @AfterEach
  void close() {
    throttle.close();
  }

  @Test
  void peopleComeAndGoWhileTheStoreLetsHalfPassAndListsWait() throws Exception {
    try (RunningService service = new RunningService(folder, store);
        ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
      String conference = service.conference("{\"maxParticipants\":1000}");
      List<String> tokens = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        tokens.add(service.tokenFor(conference, "guest-" + i));
      }
      Load load = new Load(service, people, "/v1/conferences/" + conference, tokens);
      load.run(10);
      int perRound = load.costOfARound();
      assertThat(urgent.others).isEmpty();
      urgent.clear();
      reads.clear();
      lists.clear();

      throttle.limit(perRound * 1_000 / ROUND_MS / 2);
      load.run(ROUNDS - 11);

      String result =
          "%d a round, %d of %d urgent, %.0f %% of reads and %.0f %% of lists shed, %d passed, %d refused; %s %s"
              .formatted(
                  perRound,
                  urgent.done.get(),
                  urgent.total(),
                  reads.shedShare() * 100,
                  lists.shedShare() * 100,
                  throttle.passedCount(),
                  throttle.refusedCount(),
                  urgent.others,
                  service
                      .admin()
                      .sendUnchecked("GET", "/metrics", null, null, null)
                      .body()
                      .lines()
                      .filter(line -> line.startsWith("parley_capacity"))
                      .toList());
      assertThat(throttle.refusedCount()).as(result).isPositive();
      assertThat(urgent.total()).isEqualTo(3 * (ROUNDS - 11));
      assertThat((double) urgent.done.get() / urgent.total())
          .as(result)
          .isGreaterThanOrEqualTo(SUCCESS);
      assertThat(lists.shedShare()).as(result).isGreaterThan(reads.shedShare());
      assertThat(reads.done.get()).as(result).isPositive();

      throttle.limit(0);
      RedisServer.await(
          "all is served again",
          () ->
              service
                      .client()
                      .get("/v1/conferences/" + conference + "/messages", service.key())
                      .status()
                  == 200);
    }
  }

  /** Each round somebody joins, is muted and leaves, and others read and list. */
  private final class Load {
    private final RunningService service;
    private final ExecutorService people;
    private final String path;
    private final List<String> tokens;
    private int next;

    Load(RunningService service, ExecutorService people, String path, List<String> tokens) {
      this.service = service;
      this.people = people;
      this.path = path;
      this.tokens = tokens;
    }

    void run(int rounds) throws Exception {
      List<Future<?>> all = new ArrayList<>();
      long startNs = System.nanoTime();
      for (int round = 0; round < rounds; round++) {
        service.clock().advance(Duration.ofMillis(ROUND_MS));
        String token = tokens.get(next++);
        all.add(people.submit(() -> stay(token)));
        for (int i = 0; i < READS; i++) {
          all.add(people.submit(() -> reads.add(service.client().get(path, service.key()))));
        }
        for (int i = 0; i < LISTS; i++) {
          all.add(
              people.submit(
                  () -> lists.add(service.client().get(path + "/messages", service.key()))));
        }
        long dueNs = startNs + TimeUnit.MILLISECONDS.toNanos((round + 1L) * ROUND_MS);
        while (System.nanoTime() < dueNs) {
          LockSupport.parkNanos(dueNs - System.nanoTime());
        }
      }
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    }

    /** How much is asked of the store in a round, told by one in which nothing overlaps. */
    int costOfARound() {
      long before = throttle.passedCount();
      stay(tokens.get(next++));
      for (int i = 0; i < READS; i++) {
        service.client().get(path, service.key()).expect(200);
      }
      for (int i = 0; i < LISTS; i++) {
        service.client().get(path + "/messages", service.key()).expect(200);
      }
      return Math.toIntExact(throttle.passedCount() - before);
    }

    private void stay(String token) {
      ApiClient.Reply joined = service.client().post(path + "/participants", token, "{}");
      urgent.add(joined);
      if (joined.status() == 201) {
        String own = path + "/participants/" + joined.text("id");
        urgent.add(service.client().patch(own, token, "{\"handRaised\":true}"));
        urgent.add(service.client().delete(own, token));
      }
    }
  }
}
