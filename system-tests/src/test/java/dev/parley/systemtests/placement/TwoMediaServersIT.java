package dev.parley.systemtests.placement;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.media.MediaServer;
import dev.parley.session.SessionService;
import dev.parley.systemtests.browser.BrowserDriver;
import dev.parley.systemtests.browser.ToneFile;
import dev.parley.systemtests.show.talk.Caller;
import dev.parley.systemtests.show.talk.Caller.Listening;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two people in browsers, at one session service with two media servers. Whatever happens to the
 * server they are on, they hear each other again and are who they were.
 */
@Timeout(180)
class TwoMediaServersIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int ANA_HZ = 700;
  private static final int BEN_HZ = 1100;
  private static final double HEARD_DB = -45;

  /** The longest between two bursts of a {@link ToneFile}. */
  private static final double BURST_INTERVAL_MS = 1300;

  /** No longer gap is promised while a server is drained, however busy this machine is. */
  private static final double DRAIN_GAP_MS = 1000;

  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(40);

  @TempDir Path folder;

  private final JsonMapper json = new JsonMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, Service> media = new TreeMap<>();
  private Service session;
  private int httpPort;
  private BrowserDriver driver;

  @BeforeEach
  void startServices() throws Exception {
    List<Integer> ports = freePorts(5);
    httpPort = ports.get(0);
    session =
        Service.start(
            SessionService.class,
            folder.resolve("session.log"),
            ports.get(2),
            List.of(
                "--http-port=" + httpPort,
                "--link-port=" + ports.get(1),
                "--data-dir=" + folder.resolve("data"),
                "--open-rooms=true"));
    for (String name : List.of("ms-1", "ms-2")) {
      media.put(
          name,
          Service.start(
              MediaServer.class,
              folder.resolve(name + ".log"),
              ports.get(2 + name.charAt(3) - '0'),
              List.of(
                  "--server-id=" + name,
                  "--control-urls=ws://127.0.0.1:" + ports.get(1) + "/control",
                  "--bind-addresses=127.0.0.1",
                  "--udp-port=0",
                  "--media-threads=1",
                  "--probe-port=0")));
    }
    driver = BrowserDriver.start(ROOT);
    session.awaitReady();
    for (Service server : media.values()) {
      server.awaitReady();
    }
  }

  @AfterEach
  void stopServices() {
    driver.close();
    media.values().forEach(Service::close);
    session.close();
  }

  @Test
  void peopleHearEachOtherAgainWhenTheirServerHangsIsDrainedOrDies() throws Exception {
    Caller ana = enter("Ana", ANA_HZ);
    Caller ben = enter("Ben", BEN_HZ);
    awaitHeard(ana, ben, "at first");
    Map<String, String> ids = ids();
    String hanging = serverInUse();
    String other = hanging.equals("ms-1") ? "ms-2" : "ms-1";

    media(hanging).signal("STOP");
    awaitMetric(media(other), "parley_participants", 2);
    awaitHeard(ana, ben, "after the first server hung");
    assertThat(ids()).isEqualTo(ids);

    media(hanging).signal("CONT");
    awaitMetric(media(hanging), "parley_control_fenced_total", 1);
    awaitMetric(media(hanging), "parley_participants", 0);
    media(hanging).awaitReady();

    assertThat(longestPauseWhileDrained(other, media(hanging), ana, ben))
        .as("ms between a burst's beginning and the next one's, which are up to 1300 ms apart")
        .isLessThan(BURST_INTERVAL_MS + DRAIN_GAP_MS);
    assertThat(ids()).isEqualTo(ids);

    media(hanging).signal("KILL");
    awaitMetric(media(other), "parley_participants", 2);
    awaitHeard(ana, ben, "after the server died");
    assertThat(ids()).isEqualTo(ids);
    assertThat(session.metric("parley_moves_led_total")).isEqualTo(1);
    assertThat(session.metric("parley_moves_rescued_total")).isEqualTo(2);
    assertThat(session.metric("parley_control_servers_lost_total")).isEqualTo(2);
  }

  /** Drains a server, and listens until its people have come to the other one and long after. */
  private double longestPauseWhileDrained(String server, Service to, Caller ana, Caller ben)
      throws Exception {
    List<Double> onsetsMs = new ArrayList<>();
    ana.hearRemote(BEN_HZ);
    HttpResponse<String> drained =
        session.post("/admin/servers/" + server + "/drain", "{\"deadlineSec\":4}");
    assertThat(drained.statusCode()).as(drained.body()).isEqualTo(202);
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    while (to.metric("parley_participants") != 2
        || media(server).metric("parley_participants") != 0) {
      onsetsMs.addAll(ana.hearRemote(BEN_HZ).onsetsMs());
      assertThat(System.nanoTime())
          .as(() -> trouble("not led away", ana, ben))
          .isLessThan(deadlineNs);
    }
    int arrived = onsetsMs.size();
    while (onsetsMs.size() < arrived + 3) {
      onsetsMs.addAll(ana.hearRemote(BEN_HZ).onsetsMs());
      assertThat(System.nanoTime())
          .as(() -> trouble("Ana hears nothing", ana, ben))
          .isLessThan(deadlineNs);
    }
    awaitHeard(ana, ben, "after the drain");
    assertThat(session.post("/admin/servers/" + server + "/undrain", "").statusCode())
        .isEqualTo(200);
    onsetsMs.sort(null);
    double longestMs = 0;
    for (int i = 1; i < onsetsMs.size(); i++) {
      longestMs = Math.max(longestMs, onsetsMs.get(i) - onsetsMs.get(i - 1));
    }
    return longestMs;
  }

  private Caller enter(String name, int hertz) throws IOException {
    Caller caller =
        Caller.open(
            driver.chromium(ToneFile.write(folder, hertz)),
            "http://127.0.0.1:" + httpPort + "/",
            name,
            Listening.FORWARD);
    caller.join("tower");
    return caller;
  }

  private void awaitHeard(Caller ana, Caller ben, String when) throws IOException {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    double anaHears = -200;
    double benHears = -200;
    while (anaHears < HEARD_DB || benHears < HEARD_DB) {
      anaHears = Math.max(anaHears, ana.hearRemote(BEN_HZ).levelsDb().getFirst());
      benHears = Math.max(benHears, ben.hearRemote(ANA_HZ).levelsDb().getFirst());
      assertThat(System.nanoTime()).as(() -> trouble(when, ana, ben)).isLessThan(deadlineNs);
    }
  }

  private String trouble(String what, Caller ana, Caller ben) {
    try {
      return "%s; Ana's page: %s; Ben's: %s; session service: %s"
          .formatted(what, ana.page().story(), ben.page().story(), session.said());
    } catch (IOException e) {
      return what + "; pages do not answer: " + e;
    }
  }

  private Service media(String name) {
    return Objects.requireNonNull(media.get(name), name);
  }

  /** The server with both people on it. */
  private String serverInUse() throws Exception {
    for (Map.Entry<String, Service> one : media.entrySet()) {
      if (one.getValue().metric("parley_participants") == 2) {
        return one.getKey();
      }
    }
    throw new AssertionError("nobody is anywhere");
  }

  private static void awaitMetric(Service service, String name, double wanted) throws Exception {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    double value = service.metric(name);
    while (value != wanted) {
      assertThat(System.nanoTime())
          .as("%s is %s; %s", name, value, service.said())
          .isLessThan(deadlineNs);
      TimeUnit.MILLISECONDS.sleep(20);
      value = service.metric(name);
    }
  }

  /** Each one's participant id by name, from the API. */
  private Map<String, String> ids() throws Exception {
    String conference = get("/v1/conferences").path("data").get(0).path("id").asText();
    Map<String, String> ids = new TreeMap<>();
    for (JsonNode one : get("/v1/conferences/" + conference + "/participants").path("data")) {
      ids.put(one.path("name").asText(), one.path("id").asText());
    }
    assertThat(ids).hasSize(2);
    return ids;
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
                .header(
                    "Authorization",
                    "Bearer " + Files.readString(folder.resolve("data/server-key")).strip())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json.readTree(answer.body());
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }
}
