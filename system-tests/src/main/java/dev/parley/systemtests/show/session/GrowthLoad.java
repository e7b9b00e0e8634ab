package dev.parley.systemtests.show.session;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Fills one session node with conferences through its API, and tells at each size how many requests
 * of each kind it answers in a second, asked by as many callers as keep it busy, each of which
 * waits for its answer: {@code GrowthLoad API ADMIN PID SIZE,SIZE... ROUNDS ROUND-MS}. A process of
 * its own that prints a line of JSON for each size.
 */
final class GrowthLoad {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Each may list 5 times a second, and has a page of conferences when there are 3,000. */
  private static final int TENANTS = 3_000;

  private static final int PAGE = 1;
  private static final int CALLERS = 32;

  /**
   * The first of all, at each size the same: a media server keeps each as long as it is open, and
   * what it reports of them is no cost of what is stored.
   */
  private static final int JOINED_CONFERENCES = 1_000;

  private static final int WARM_UP_ROUNDS = 6;

  /** A node that does less in a second has come to rest when it has for some. */
  private static final Duration AT_REST = Duration.ofMillis(200);

  private static final int AT_REST_SECONDS = 3;
  private static final int REST_SECONDS_MAX = 300;

  /** A day: none may end while it is measured. */
  private static final String CREATE = "{\"tags\":{\"a\":\"b\"},\"emptyTimeoutSec\":86400}";

  /** Steps through all that is stored in no order; a prime. */
  private static final long STRIDE = 7_919;

  private final List<String> keys;
  private final ProcessHandle node;
  private final List<Caller> callers = new ArrayList<>();
  private final List<Made> stored = new ArrayList<>();
  private final AtomicInteger number = new AtomicInteger();
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

  private GrowthLoad(URI api, ProcessHandle node, List<String> keys) throws IOException {
    this.keys = keys;
    this.node = node;
    for (int i = 0; i < CALLERS; i++) {
      callers.add(new Caller(new HttpWire(api)));
    }
  }

  /** What is asked, in this order: creates last, for they add to what is stored. */
  enum Work {
    READ,
    LIST_AND_READ,
    JOIN_AND_LEAVE,
    CREATE
  }

  /** A conference, and whose it is. */
  private record Made(String path, String key) {}

  public static void main(String[] arguments) throws Exception {
    List<String> keys = tenantKeys(URI.create(arguments[1]));
    ProcessHandle node = ProcessHandle.of(Long.parseLong(arguments[2])).orElseThrow();
    GrowthLoad load = new GrowthLoad(URI.create(arguments[0]), node, keys);
    int[] sizes = Arrays.stream(arguments[3].split(",")).mapToInt(Integer::parseInt).toArray();
    int rounds = Integer.parseInt(arguments[4]);
    Duration time = Duration.ofMillis(Long.parseLong(arguments[5]));
    for (int size : sizes) {
      load.growTo(size);
      // What is compiled only after thousands of requests is not what is measured.
      Duration warmUp = size == sizes[0] ? time.multipliedBy(WARM_UP_ROUNDS) : Duration.ZERO;
      System.out.println(JSON.writeValueAsString(load.measured(warmUp, rounds, time)));
    }
    System.exit(0);
  }

  private static List<String> tenantKeys(URI admin) throws IOException {
    List<String> keys = new ArrayList<>();
    try (HttpWire wire = new HttpWire(admin)) {
      for (int i = 0; i < TENANTS; i++) {
        String wish = "{\"tenant\":\"load-%d\",\"scopes\":[\"conferences\"]}".formatted(i);
        keys.add(text(wire.send(HttpWire.Request.post("/admin/keys", "", wish)), "key"));
      }
    }
    return keys;
  }

  /** The median of some rounds, each kind of request after its warming up. */
  private ObjectNode measured(Duration warmUp, int rounds, Duration time) throws Exception {
    ObjectNode line = JSON.createObjectNode().put("stored", stored.size());
    line.put("restSeconds", rest());
    for (Work work : Work.values()) {
      double _ = rate(work, warmUp);
      double[] rates = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        rates[round] = rate(work, time);
      }
      Arrays.sort(rates);
      line.put(work.name(), rates[rounds / 2]);
    }
    ObjectNode why = line.putObject("failures");
    failures.forEach((reason, times) -> why.put(reason, times.sum()));
    return line;
  }

  /**
   * Waits until the node has tidied what was stored as fast as it went, which is part of the cost
   * of storing it and not of what is asked now; returns for how many seconds.
   */
  private int rest() throws InterruptedException {
    int seconds = 0;
    for (int still = 0; still < AT_REST_SECONDS && seconds < REST_SECONDS_MAX; seconds++) {
      Duration before = node.info().totalCpuDuration().orElseThrow();
      // The second that is measured.
      Thread.sleep(1000);
      Duration spent = node.info().totalCpuDuration().orElseThrow().minus(before);
      still = spent.compareTo(AT_REST) < 0 ? still + 1 : 0;
    }
    return seconds;
  }

  private double rate(Work work, Duration time) throws Exception {
    long startNs = System.nanoTime();
    long endNs = startNs + time.toNanos();
    int count =
        together(caller -> {
          int done = 0;
          while (System.nanoTime() < endNs) {
            done += caller.ask(work) ? 1 : 0;
          }
          return done;
        });
    return count * 1e9 / (System.nanoTime() - startNs);
  }

  private void growTo(int size) throws Exception {
    AtomicInteger left = new AtomicInteger(size - stored.size());
    int _ =
        together(caller -> {
          while (left.getAndDecrement() > 0) {
            boolean _ = caller.create();
          }
          return 0;
        });
  }

  /** What one of the callers does; returns how often with success. */
  @FunctionalInterface
  private interface Turn {
    int of(Caller caller) throws IOException;
  }

  /** All callers at once; what they made is stored when all have ended. */
  private int together(Turn turn) throws Exception {
    int count = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> turns = new ArrayList<>();
      callers.forEach(caller -> turns.add(() -> turn.of(caller)));
      for (Future<Integer> each : threads.invokeAll(turns)) {
        count += each.get();
      }
    }
    for (Caller caller : callers) {
      stored.addAll(caller.made);
      caller.made.clear();
    }
    return count;
  }

  private static String text(HttpWire.Reply reply, String field) throws IOException {
    return JSON.readTree(reply.body()).path(field).asText();
  }

  /** Asks one thing after the other on a connection of its own. One thread at a time. */
  private final class Caller {
    private final HttpWire wire;
    private final List<Made> made = new ArrayList<>();

    Caller(HttpWire wire) {
      this.wire = wire;
    }

    /** False if anything was refused: that is no rate of a server. */
    boolean ask(Work work) throws IOException {
      int turn = number.getAndIncrement();
      Made any = stored.get((int) (turn * STRIDE % stored.size()));
      HttpWire.Request read = HttpWire.Request.get(any.path, any.key);
      return switch (work) {
        case READ -> send(read).isSuccess();
        case LIST_AND_READ ->
            send(HttpWire.Request.get("/v1/conferences?limit=" + PAGE, key(turn))).isSuccess()
                && send(read).isSuccess();
        case JOIN_AND_LEAVE -> joinAndLeave(turn);
        case CREATE -> create();
      };
    }

    boolean create() throws IOException {
      String key = key(number.getAndIncrement());
      HttpWire.Reply reply = send(HttpWire.Request.post("/v1/conferences", key, CREATE));
      if (reply.isSuccess()) {
        made.add(new Made("/v1/conferences/" + text(reply, "id"), key));
      }
      return reply.isSuccess();
    }

    private boolean joinAndLeave(int turn) throws IOException {
      Made conference = stored.get(turn % JOINED_CONFERENCES);
      String wish = "{\"identity\":\"guest-" + turn + "\"}";
      HttpWire.Reply minted =
          send(HttpWire.Request.post(conference.path + "/tokens", conference.key, wish));
      if (!minted.isSuccess()) {
        return false;
      }
      String token = text(minted, "token");
      String roster = conference.path + "/participants";
      HttpWire.Reply joined = send(HttpWire.Request.post(roster, token, "{}"));
      String stay = roster + "/" + text(joined, "id");
      return joined.isSuccess()
          && send(new HttpWire.Request("DELETE", stay, token, "")).isSuccess();
    }

    private HttpWire.Reply send(HttpWire.Request request) throws IOException {
      HttpWire.Reply reply = wire.send(request);
      if (!reply.isSuccess()) {
        failures.computeIfAbsent(ApiLoad.reason(reply), _ -> new LongAdder()).increment();
      }
      return reply;
    }

    private String key(int turn) {
      return keys.get(turn % TENANTS);
    }
  }
}
