package dev.parley.systemtests.chaos;

import dev.parley.systemtests.history.Entry;
import dev.parley.systemtests.history.Entry.Fault;
import dev.parley.systemtests.history.Entry.Operation;
import dev.parley.systemtests.history.History;
import dev.parley.systemtests.history.Outcome;
import dev.parley.systemtests.history.Request;
import dev.parley.systemtests.nodes.NodeApi;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A few people in two conferences for some seconds, while things break, as one number wants it;
 * then quiet, the end, and what was seen. The same number asks for the same; how threads and
 * processes come to run beside each other is not in its hands.
 */
final class SeededRun {
  private static final int PEOPLE = 5;
  private static final int FAULTS_MAX = 3;
  private static final int FAULT_MAX_MS = 1_500;
  private static final int CREATE_ATTEMPTS = 20;
  private static final AtomicLong RUNS = new AtomicLong(System.nanoTime());

  private final Cluster cluster;
  private final long seed;
  private final Conditions conditions;
  private final Random random;
  private final Recorder recorder = new Recorder();
  private final List<Room> rooms = new ArrayList<>();

  /**
   * What may happen in it.
   *
   * @param faults what may be broken
   * @param patience how long to wait for agreement before what is there is taken down as it is
   */
  record Conditions(Set<Breakage> faults, Duration patience) {
    /**
     * Everything. A stay whose node died while it was written is out after 30 s; a count that such
     * a death made wrong is put right two minutes after the last change.
     */
    static final Conditions ALL =
        new Conditions(Set.of(Breakage.values()), Duration.ofSeconds(150));

    /** Nothing is broken from outside, and nothing is waited for: for a store that lies. */
    static final Conditions CALM = new Conditions(Set.of(), Duration.ofSeconds(3));
  }

  SeededRun(Cluster cluster, long seed, Conditions conditions) {
    this.cluster = cluster;
    this.seed = seed;
    this.conditions = conditions;
    this.random = new Random(seed);
  }

  /** Runs it to its end. */
  History run() throws InterruptedException, ExecutionException {
    cluster.tell(recorder);
    String run = seed + "-" + RUNS.incrementAndGet();
    create(run + "-a", "{\"maxParticipants\":3}");
    create(run + "-b", "{\"maxParticipants\":50}");
    List<Watcher> watchers = new ArrayList<>();
    Offers offers = new Offers(cluster, recorder);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Room room : rooms) {
        for (String name : List.of("w1 ", "w2 ")) {
          watchers.add(new Watcher(cluster, recorder, room, name + room.id(), offers::again));
        }
      }
      List<Future<?>> doing = new ArrayList<>();
      for (int i = 0; i < PEOPLE; i++) {
        doing.add(threads.submit(new Person(cluster, recorder, rooms, "p" + i, random.nextLong())));
      }
      breakThings();
      for (Future<?> one : doing) {
        one.get();
      }
      Silence silence = new Silence(cluster, recorder, rooms, offers, conditions.patience());
      silence.await();
      for (Room room : rooms) {
        end(room);
      }
      silence.awaitEnd();
    } finally {
      watchers.forEach(Watcher::close);
      offers.close();
      cluster.tell(_ -> {});
    }
    return recorder.history();
  }

  private void breakThings() throws InterruptedException {
    List<Breakage> all =
        Arrays.stream(Breakage.values()).filter(conditions.faults()::contains).toList();
    int count = all.isEmpty() ? 0 : 1 + random.nextInt(FAULTS_MAX);
    for (int i = 0; i < count; i++) {
      Breakage breakage = all.get(random.nextInt(all.size()));
      TimeUnit.MILLISECONDS.sleep(random.nextInt(FAULT_MAX_MS / 2));
      long fromNs = Recorder.nowNs();
      Runnable mend = breakage.begin(cluster, random);
      try {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(FAULT_MAX_MS));
      } finally {
        mend.run();
      }
      recorder.accept(new Fault(breakage.name(), breakage.takesMedia(), fromNs, Recorder.nowNs()));
    }
  }

  private void create(String key, String options) throws InterruptedException {
    for (int attempt = 1; attempt <= CREATE_ATTEMPTS; attempt++) {
      long fromNs = Recorder.nowNs();
      NodeApi.Reply reply =
          cluster
              .api()
              .send(
                  cluster
                      .api()
                      .request("/v1/conferences", cluster.key())
                      .header("Content-Type", "application/json")
                      .header("Idempotency-Key", key)
                      .POST(HttpRequest.BodyPublishers.ofString(options)));
      if (reply.isOk()) {
        String id = reply.body().path("id").asText();
        recorder.about(id);
        recorder.accept(
            operation(id, new Request.Create(key), fromNs, Recorder.outcome(reply), id));
        rooms.add(new Room(id, key, options));
        return;
      }
      TimeUnit.MILLISECONDS.sleep(250);
    }
    throw new IllegalStateException("no conference could be made");
  }

  private void end(Room room) throws InterruptedException {
    Outcome outcome = Outcome.INFO;
    for (int attempt = 1; outcome == Outcome.INFO && attempt <= CREATE_ATTEMPTS; attempt++) {
      long fromNs = Recorder.nowNs();
      outcome = Recorder.outcome(cluster.api().delete(room.path(), cluster.key()));
      recorder.accept(operation(room.id(), new Request.End(), fromNs, outcome, ""));
    }
  }

  private static Entry operation(
      String room, Request request, long fromNs, Outcome outcome, String result) {
    return new Operation("back end", room, request, fromNs, Recorder.nowNs(), outcome, result);
  }
}
