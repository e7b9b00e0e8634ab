package dev.parley.systemtests.show.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.systemtests.history.Entry;
import dev.parley.systemtests.history.Outcome;
import dev.parley.systemtests.history.Request;
import dev.parley.systemtests.nodes.EventsFollower;
import dev.parley.systemtests.nodes.NodeApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Somebody who tries all the time whether the service serves: joins a conference with an offer and
 * leaves it, and says something that two others, who watch the events, should hear of within a
 * second. Two threads of its own.
 */
final class Probes implements AutoCloseable {
  private static final long INTERVAL_MS = 200;
  private static final long LATE_NS = TimeUnit.SECONDS.toNanos(1);
  private static final int WATCHERS = 2;
  private static final int ENOUGH = 3;

  private final Guest.Engine engine;
  private final String path;
  private final String conference;
  private final String offer;
  private final List<Thread> threads = new ArrayList<>();
  private final List<EventsFollower> watchers = new ArrayList<>();
  private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> heard = new ConcurrentHashMap<>();
  private volatile boolean isStopping;

  /**
   * One attempt.
   *
   * @param status the worst answer; 0 if there was none
   * @param isGood whether it was done, and in time
   */
  record Sample(What what, long atNs, long endedNs, int status, boolean isGood) {
    boolean isDone() {
      return status / 100 == 2;
    }

    @Override
    public String toString() {
      return "%s took %d ms and ended %s"
          .formatted(what, (endedNs - atNs) / 1_000_000, status == 0 ? "without answer" : status);
    }

    /** Whether the service failed, rather than asked to come again. */
    boolean isError() {
      return status / 100 == 5 || status == 0;
    }
  }

  /** What was tried. */
  enum What {
    JOIN_AND_LEAVE,
    MESSAGE
  }

  /**
   * Begins.
   *
   * @param path of a conference of its own
   * @param offer of a client that will not connect
   */
  Probes(Guest.Engine engine, String path, String offer) {
    this.engine = engine;
    this.path = path;
    conference = path.substring(path.lastIndexOf('/') + 1);
    this.offer = JsonNodeFactory.instance.objectNode().put("sdp", offer).toString();
    EventsFollower.Conference watched =
        new EventsFollower.Conference(engine.api(), path, engine.key());
    for (int i = 1; i <= WATCHERS; i++) {
      String name = "watcher-" + i;
      watchers.add(new EventsFollower(watched, frame -> hear(name, frame), () -> ""));
    }
    threads.add(Thread.ofVirtual().name("join-probe").start(() -> repeat(this::joinAndLeave)));
    threads.add(Thread.ofVirtual().name("message-probe").start(() -> repeat(this::say)));
  }

  List<Sample> since(long fromNs) {
    return samples.stream().filter(sample -> sample.endedNs() >= fromNs).toList();
  }

  /** Whether the newest attempts that began after a moment, three of each kind, were all good. */
  boolean areWellSince(long fromNs) {
    for (What what : What.values()) {
      List<Sample> after =
          samples.stream().filter(one -> one.what() == what && one.atNs() >= fromNs).toList();
      if (after.size() < ENOUGH
          || !after.subList(after.size() - ENOUGH, after.size()).stream()
              .allMatch(Sample::isGood)) {
        return false;
      }
    }
    return true;
  }

  /** Ends what is tried, and waits for the last of it. */
  void stop() throws InterruptedException {
    // An interrupted request would leave open whether it was carried out.
    isStopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** What the conference has of what was said. */
  Entry log() throws InterruptedException {
    List<Entry.Said> said = new ArrayList<>();
    while (true) {
      long after = said.isEmpty() ? 0 : said.getLast().sequence();
      NodeApi.Reply page = engine.api().get(path + "/messages?after=" + after, engine.key());
      if (!page.isOk()) {
        throw new IllegalStateException("messages cannot be read: " + page);
      }
      if (page.body().path("data").isEmpty()) {
        return new Entry.Log(conference, said, System.nanoTime());
      }
      for (JsonNode one : page.body().path("data")) {
        said.add(new Entry.Said(one.path("sequence").asLong(), one.path("text").asText()));
      }
    }
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    watchers.forEach(EventsFollower::close);
  }

  private void hear(String watcher, JsonNode frame) {
    Guest.record(engine, watcher, conference, frame);
    if (frame.path("type").asText().equals("message")) {
      heard.merge(frame.at("/data/text").asText(), 1, Integer::sum);
    }
  }

  /** Something to try, by its number. */
  private interface Attempt {
    void make(int number) throws InterruptedException;
  }

  private void repeat(Attempt attempt) {
    try {
      for (int number = 1; !isStopping; number++) {
        attempt.make(number);
        TimeUnit.MILLISECONDS.sleep(INTERVAL_MS);
      }
    } catch (InterruptedException e) {
      // It was closed.
      Thread.currentThread().interrupt();
    }
  }

  private void joinAndLeave(int number) throws InterruptedException {
    NodeApi api = engine.api();
    long fromNs = System.nanoTime();
    NodeApi.Reply worst =
        api.post(path + "/tokens", engine.key(), "{\"identity\":\"probe" + number + "\"}");
    if (worst.isOk()) {
      String token = worst.body().path("token").asText();
      NodeApi.Reply joined = api.post(path + "/participants", token, offer);
      worst = joined;
      if (joined.isOk()) {
        engine.seen().accept(Admissions.of(conference, joined));
        worst = api.delete(path + "/participants/" + joined.body().path("id").asText(), token);
      }
    }
    add(What.JOIN_AND_LEAVE, fromNs, worst.status(), worst.isOk());
  }

  private void say(int number) throws InterruptedException {
    long fromNs = System.nanoTime();
    String text = "message " + number;
    NodeApi.Reply said =
        engine.api().post(path + "/messages", engine.key(), "{\"text\":\"" + text + "\"}");
    engine.seen().accept(operation(text, fromNs, said));
    boolean isHeard = false;
    while (said.isOk() && !isHeard && System.nanoTime() - fromNs < LATE_NS) {
      isHeard = heard.getOrDefault(text, 0) >= WATCHERS;
      TimeUnit.MILLISECONDS.sleep(2);
    }
    add(What.MESSAGE, fromNs, said.status(), isHeard);
  }

  /** Only the service's own refusals are sure. */
  private Entry operation(String text, long fromNs, NodeApi.Reply said) {
    Outcome outcome =
        said.isOk() ? Outcome.OK : said.status() / 100 == 4 ? Outcome.FAIL : Outcome.INFO;
    return new Entry.Operation(
        "message-probe",
        conference,
        new Request.Send(text, text),
        fromNs,
        System.nanoTime(),
        outcome,
        said.isOk() ? said.body().path("sequence").asText() : "");
  }

  private void add(What what, long fromNs, int status, boolean isDone) {
    long nowNs = System.nanoTime();
    samples.add(new Sample(what, fromNs, nowNs, status, isDone && nowNs - fromNs < LATE_NS));
  }
}
