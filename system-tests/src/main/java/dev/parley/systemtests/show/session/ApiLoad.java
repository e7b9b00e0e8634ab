package dev.parley.systemtests.show.session;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.benchmarks.client.ClientLoop;
import dev.parley.benchmarks.client.ClientSettings;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;

/**
 * A load on one session node, in a process of its own: {@code ApiLoad WHAT API ADMIN PER-SEC
 * WARM-UP-MS TIME-MS}. Prints its figures as one line of JSON.
 */
final class ApiLoad {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Their quotas are each tenant's own. */
  private static final int TENANTS = 50;

  private static final int CONFERENCES = 200;
  private static final int CONNECTIONS_MAX = 256;

  /** A day: those of an earlier row must not end in the midst of a later one. */
  private static final int EMPTY_TIMEOUT_SEC = 86_400;

  private static final String CREATE =
      "{\"tags\":{\"a\":\"b\"},\"emptyTimeoutSec\":" + EMPTY_TIMEOUT_SEC + "}";

  private final URI api;
  private final List<String> keys = new ArrayList<>();
  private final List<String> conferences = new ArrayList<>();
  private final ConcurrentLinkedDeque<HttpWire> idle = new ConcurrentLinkedDeque<>();
  private final Semaphore connections = new Semaphore(CONNECTIONS_MAX);

  private ApiLoad(URI api) {
    this.api = api;
  }

  /** What is asked. */
  private enum What {
    CREATE,
    READ,
    MIXED,
    JOIN
  }

  public static void main(String[] arguments) throws Exception {
    What what = What.valueOf(arguments[0]);
    ApiLoad load = new ApiLoad(URI.create(arguments[1]));
    load.makeKeys(URI.create(arguments[2]));
    int perSec = Integer.parseInt(arguments[3]);
    Duration warmUp = Duration.ofMillis(Long.parseLong(arguments[4]));
    Duration time = Duration.ofMillis(Long.parseLong(arguments[5]));
    int count = (int) (perSec * warmUp.plus(time).toMillis() / 1_000);
    load.makeConferences();
    System.out.println("begins");
    OpenLoop.Result result =
        switch (what) {
          case CREATE -> load.requests(perSec, load::create).run(warmUp, time);
          case READ -> load.requests(perSec, load::read).run(warmUp, time);
          case MIXED -> load.requests(perSec, load::mixed).run(warmUp, time);
          case JOIN -> new OpenLoop(perSec, load.joins(count)).run(warmUp, time);
        };
    ObjectNode line = JSON.createObjectNode();
    line.put("count", result.us().getTotalCount());
    line.put("p50", result.ms(50)).put("p95", result.ms(95));
    line.put("p99", result.ms(99)).put("max", result.ms(100));
    ObjectNode failures = line.putObject("failures");
    result.failures().forEach((why, times) -> failures.put(why, times.sum()));
    System.out.println(JSON.writeValueAsString(line));
    System.exit(0);
  }

  private RequestLoop requests(int perSec, IntFunction<HttpWire.Request> requests) {
    return new RequestLoop(api, perSec, requests);
  }

  private HttpWire.Request create(int number) {
    return HttpWire.Request.post("/v1/conferences", key(number), CREATE);
  }

  private HttpWire.Request read(int number) {
    int conference = number % CONFERENCES;
    return HttpWire.Request.get(conferences.get(conference), key(conference));
  }

  /** Of twenty three write, three read a roster, and the others a conference. */
  private HttpWire.Request mixed(int number) {
    int conference = (number / 20) % CONFERENCES;
    String path = conferences.get(conference);
    String key = key(conference);
    return switch (number % 20) {
      case 0 -> HttpWire.Request.post(path + "/messages", key, "{\"text\":\"Can you hear me?\"}");
      case 7 ->
          HttpWire.Request.post(path + "/tokens", key, "{\"identity\":\"guest-" + number + "\"}");
      case 14 -> create(number / 20);
      case 3, 10, 17 -> HttpWire.Request.get(path + "/participants", key);
      default -> read(number);
    };
  }

  /** Tokens are minted before, for it is the join that is timed; who has come leaves again. */
  private OpenLoop.Call joins(int count) throws Exception {
    String offer = JSON.writeValueAsString(offer());
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String path = conferences.get(i % CONFERENCES) + "/tokens";
      String wish = "{\"identity\":\"guest-" + i + "\"}";
      tokens.add(text(ask(HttpWire.Request.post(path, key(i % CONFERENCES), wish)), "token"));
    }
    return number -> {
      String path = conferences.get(number % CONFERENCES) + "/participants";
      HttpWire.Reply joined =
          ask(HttpWire.Request.post(path, tokens.get(number), "{\"sdp\":" + offer + "}"));
      if (!joined.isSuccess()) {
        return reason(joined);
      }
      Thread.ofVirtual().start(() -> leave(path + "/" + text(joined, "id"), tokens.get(number)));
      return text(joined, "answer").isEmpty() ? "no answer" : null;
    };
  }

  private void leave(String path, String token) {
    try {
      HttpWire.Reply _ = ask(new HttpWire.Request("DELETE", path, token, ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void makeConferences() throws IOException {
    for (int i = 0; i < CONFERENCES; i++) {
      HttpWire.Reply made = ask(HttpWire.Request.post("/v1/conferences", key(i), CREATE));
      conferences.add("/v1/conferences/" + text(made, "id"));
    }
  }

  private void makeKeys(URI admin) throws IOException {
    try (HttpWire wire = new HttpWire(admin)) {
      for (int i = 0; i < TENANTS; i++) {
        String wish = "{\"tenant\":\"load-%d\",\"scopes\":[\"conferences\"]}".formatted(i);
        keys.add(text(wire.send(HttpWire.Request.post("/admin/keys", "", wish)), "key"));
      }
    }
  }

  private String key(int number) {
    return keys.get(number % TENANTS);
  }

  /** Why an answer is none that was wanted. */
  static String reason(HttpWire.Reply reply) {
    return reply.status() + " " + text(reply, "code");
  }

  /** Asks on a connection that nobody uses just now. */
  private HttpWire.Reply ask(HttpWire.Request request) throws IOException {
    connections.acquireUninterruptibly();
    try {
      HttpWire wire = idle.pollFirst();
      if (wire == null) {
        wire = new HttpWire(api);
      }
      HttpWire.Reply reply = wire.send(request);
      idle.addFirst(wire);
      return reply;
    } finally {
      connections.release();
    }
  }

  private static String text(HttpWire.Reply reply, String field) {
    try {
      return JSON.readTree(reply.body()).path(field).asText();
    } catch (IOException e) {
      return "";
    }
  }

  /** What a client that is never started would send. */
  private static String offer() throws IOException {
    SecureRandom random = new SecureRandom();
    DtlsClient dtls =
        new DtlsClient(
            DtlsIdentity.selfSigned(Instant.now(), random),
            DtlsLimits.ofProcessors(1),
            random,
            System::nanoTime);
    ClientSettings settings =
        new ClientSettings(0, 3, VoiceSource.speech(1, 2, -22), 20, true, true);
    return new WebRtcClient(settings, new ClientLoop("offer", false), dtls, 1).offer();
  }
}
