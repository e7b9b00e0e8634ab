package dev.parley.systemtests.show.talk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.systemtests.browser.BrowserDriver;
import dev.parley.systemtests.browser.ToneFile;
import dev.parley.systemtests.nodes.EventsSocket;
import dev.parley.systemtests.show.ParleyUp;
import dev.parley.systemtests.show.PrivateNetwork;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.talk.Caller.Listening;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The program that {@link NetworkChangeIT} runs: goes into a private network, lets two browsers
 * call each other, and has its firewall drop for good what the first of them sends and gets by the
 * UDP port that it has, as a NAT does that has forgotten it. Only an ICE restart opens another.
 */
final class CallOverNetworkChange {
  private static final String ROOM = "network-change";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A browser takes some seconds to call a connection broken (ICE, and its own). */
  private static final double HEALED_WITHIN_MS = 20_000;

  /** As long as anything that was sent before the break may take to be heard. */
  private static final long UNDER_WAY_MS = 1000;

  private static final long POLL_MS = 100;

  /** The local port that the media of the only open connection goes by. */
  private static final String PORT =
      """
      for (const connection of parleyProbe.connections) {
        const stats = await connection.getStats();
        for (const one of stats.values()) {
          if (one.type === 'transport' && one.selectedCandidatePairId) {
            return stats.get(stats.get(one.selectedCandidatePairId).localCandidateId).port;
          }
        }
      }
      return 0;
      """;

  private static final String BANNER =
      "!document.getElementById('banner').hidden"
          + " && document.getElementById('banner-text').textContent.startsWith('Connection lost')";

  private final JsonMapper json = new JsonMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Report report;
  private final Caller alice;
  private final Caller bob;
  private final URI api;
  private final String key;

  private CallOverNetworkChange(Report report, Caller alice, Caller bob, URI api, String key) {
    this.report = report;
    this.alice = alice;
    this.bob = bob;
    this.api = api;
    this.key = key;
  }

  public static void main(String[] arguments) throws Exception {
    System.exit(
        PrivateNetwork.isInside()
            ? call(Path.of(arguments[0]))
            : PrivateNetwork.runInside(CallOverNetworkChange.class, List.of(arguments)));
  }

  private static int call(Path root) throws Exception {
    Report report = new Report("a change of network", System.out);
    // By TCP it would go on without a restart.
    Map<String, String> settings = Map.of("PARLEY_TCP", "false");
    try (WorkFolder folder = WorkFolder.create("parley-network-change-");
        ParleyUp parley = ParleyUp.start(root, folder.path(), settings);
        BrowserDriver driver = BrowserDriver.start(root)) {
      String url = parley.url();
      Path aliceTone = ToneFile.write(folder.path(), Leg.ALICE_HZ);
      Path bobTone = ToneFile.write(folder.path(), Leg.BOB_HZ);
      new CallOverNetworkChange(
              report,
              Caller.open(driver.chromium(aliceTone), url, "Alice", Listening.FORWARD),
              Caller.open(driver.chromium(bobTone), url, "Bob", Listening.MIX),
              URI.create(url).resolve("/v1/"),
              Files.readString(folder.path().resolve("session/server-key")).strip())
          .run();
    }
    report.print(System.out);
    return report.holds() ? 0 : 1;
  }

  private void run() throws Exception {
    report.step("a call");
    alice.join(ROOM);
    bob.join(ROOM);
    Leg.awaitHeard(alice, Leg.BOB_HZ);
    Leg.awaitHeard(bob, Leg.ALICE_HZ);
    String conference =
        post("open-rooms/" + ROOM, "{\"name\":\"Asks\"}").path("conference").path("id").asText();
    String ticket =
        post("conferences/" + conference + "/event-tickets", "").path("ticket").asText();
    EventsSocket events =
        EventsSocket.connect(http, api, new EventsSocket.Entrance(conference, ticket), -1);
    JsonNode before = aliceIn(events.next("welcome").path("snapshot").path("participants"));
    int port = alice.page().evaluate(PORT).asInt();

    report.step("the port that Alice's media goes by is shut");
    alice.hearRemote();
    long brokenAtMs = System.currentTimeMillis();
    for (String end : List.of("--sport", "--dport")) {
      drop(end, port);
    }
    alice.page().await(BANNER, PATIENCE);
    alice.page().await("document.getElementById('banner').hidden", PATIENCE);
    double againMs = awaitSound(brokenAtMs);
    Leg.awaitHeard(alice, Leg.BOB_HZ);
    Leg.awaitHeard(bob, Leg.ALICE_HZ);

    judgeSound(againMs - brokenAtMs);
    int nextPort = alice.page().evaluate(PORT).asInt();
    report.check("Alice's media goes by another port", nextPort != port, port + ", " + nextPort);
    int connections = alice.page().evaluate("return parleyProbe.connections.length").asInt();
    report.check("her connection is the one she had", connections == 1, connections + " made");
    judgeRoster(events, before);
    alice.leave();
    bob.leave();
  }

  /**
   * Returns when Alice heard the first burst of Bob's tone since the break, or not-a-number. What
   * she hears is told once, so nobody may ask before.
   */
  private double awaitSound(long brokenAtMs) throws IOException, InterruptedException {
    long deadlineMs = System.currentTimeMillis() + PATIENCE.toMillis();
    while (System.currentTimeMillis() < deadlineMs) {
      for (double onsetMs : alice.hearRemote().onsetsMs()) {
        // What was under way when the port was shut is not what comes after.
        if (onsetMs > brokenAtMs + UNDER_WAY_MS) {
          return onsetMs;
        }
      }
      Thread.sleep(POLL_MS);
    }
    return Double.NaN;
  }

  private void judgeSound(double healedMs) throws IOException, InterruptedException {
    report.atMost("from the break until Alice hears Bob", healedMs, HEALED_WITHIN_MS, "ms");
    report.atLeast("Alice hears Bob", Leg.loudest(alice, Leg.BOB_HZ), Leg.HEARD_DB, "dBFS");
    report.atLeast("Bob hears Alice", Leg.loudest(bob, Leg.ALICE_HZ), Leg.HEARD_DB, "dBFS");
  }

  /** She is who she was: away for a while, and never gone. */
  private void judgeRoster(EventsSocket events, JsonNode before) throws InterruptedException {
    String id = before.path("id").asText();
    List<JsonNode> told = events.rest();
    List<String> states =
        told.stream()
            .filter(event -> event.path("type").asText().equals("participant.updated"))
            .map(event -> event.path("data"))
            .filter(data -> data.path("id").asText().equals(id))
            .map(data -> data.path("state").asText())
            .distinct()
            .toList();
    report.check(
        "Alice is told to be reconnecting, then connected",
        states.equals(List.of("reconnecting", "connected")),
        states.toString());
    List<String> other =
        told.stream()
            .map(event -> event.path("type").asText())
            .filter(type -> type.equals("participant.left") || type.equals("participant.joined"))
            .toList();
    report.check("nobody is told to leave or to come", other.isEmpty(), other.toString());
  }

  private static JsonNode aliceIn(JsonNode participants) {
    for (JsonNode participant : participants) {
      if (participant.path("name").asText().equals("Alice")) {
        return participant;
      }
    }
    throw new IllegalStateException("Alice is not in " + participants);
  }

  private JsonNode post(String path, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(api.resolve(path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(path + ": " + response.statusCode() + ' ' + response.body());
    }
    return json.readTree(response.body());
  }

  private static void drop(String end, int port) throws IOException, InterruptedException {
    String rule = "iptables -A OUTPUT -p udp " + end + ' ' + port + " -j DROP";
    int status = new ProcessBuilder(rule.split(" ", -1)).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException(rule + " ended with status " + status);
    }
  }
}
