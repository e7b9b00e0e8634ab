package dev.parley.systemtests.placement;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.common.stun.ProbeAddress;
import dev.parley.media.MediaServer;
import dev.parley.session.SessionService;
import dev.parley.systemtests.browser.BrowserDriver;
import dev.parley.systemtests.browser.ToneFile;
import dev.parley.systemtests.show.talk.Caller;
import dev.parley.systemtests.show.talk.Caller.Listening;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A media server in each of two regions, of which the one that the operator calls usual is far away
 * from the browser: its page finds that out, and the conference begins in the other one.
 */
@Timeout(180)
class TwoRegionsIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int FAR_MS = 150;
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

  @TempDir Path folder;

  private final JsonMapper json = new JsonMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private int httpPort;
  private Service session;
  private Service eu;
  private Service na;
  private FarAway far;
  private BrowserDriver driver;

  @BeforeEach
  void startServices() throws Exception {
    List<Integer> ports = freePorts(6);
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
                "--default-region=eu",
                "--open-rooms=true"));
    InetAddress elsewhere = InetAddress.ofLiteral("127.0.0.2");
    eu =
        media(
            "eu",
            ports.get(1),
            ports.get(3),
            ports.get(5),
            "--advertised-addresses=" + elsewhere.getHostAddress());
    na = media("na", ports.get(1), ports.get(4), 0, "--probes=true");
    far =
        new FarAway(
            new InetSocketAddress(elsewhere, ports.get(5)),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(5)));
    driver = BrowserDriver.start(ROOT);
    session.awaitReady();
    eu.awaitReady();
    na.awaitReady();
  }

  private Service media(String region, int linkPort, int adminPort, int probePort, String more)
      throws Exception {
    return Service.start(
        MediaServer.class,
        folder.resolve(region + ".log"),
        adminPort,
        List.of(
            "--server-id=ms-" + region,
            "--region=" + region,
            "--control-urls=ws://127.0.0.1:" + linkPort + "/control",
            "--bind-addresses=127.0.0.1",
            more,
            "--udp-port=0",
            "--media-threads=1",
            "--probe-port=" + probePort));
  }

  @AfterEach
  void stopServices() {
    driver.close();
    far.close();
    eu.close();
    na.close();
    session.close();
  }

  @Test
  void thePageMeasuresAndTheConferenceBeginsInTheNearerRegion() throws Exception {
    JsonNode regions = awaitRegions();
    assertThat(regions.path("suggested").asText()).as("by a guess").isEqualTo("eu");
    assertThat(regions.path("via").asText()).isEqualTo("configured");

    Caller ana =
        Caller.open(
            driver.chromium(ToneFile.write(folder, 700)),
            "http://127.0.0.1:" + httpPort + "/",
            "Ana",
            Listening.FORWARD);
    ana.join("tower");

    assertThat(na.metric("parley_participants")).as("%s", regions).isEqualTo(1);
    assertThat(eu.metric("parley_participants")).isZero();
    assertThat(na.metric("parley_probe_answered_total")).isBetween(1.0, 3.0);
    assertThat(far.count()).as("five probes in all").isBetween(1, 3);
    assertThat(regionOfTheConference()).isEqualTo("na");
  }

  /** What docs/api.md tells clients that are no browsers. */
  @Test
  void theDocumentedBindingRequestIsAnswered() throws Exception {
    String address = regionNamed(awaitRegions(), "na").path("probe").path(0).asText("nothing");
    byte[] request = HexFormat.of().parseHex("00010000" + "2112a442" + "000000000000000000000000");
    byte[] transaction = new byte[12];
    new Random(5).nextBytes(transaction);
    System.arraycopy(transaction, 0, request, 8, transaction.length);

    byte[] answer = new byte[200];
    DatagramPacket received = new DatagramPacket(answer, answer.length);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(1000);
      InetSocketAddress target = ProbeAddress.parse(address);
      socket.send(new DatagramPacket(request, request.length, target));
      socket.receive(received);
    }

    assertThat(HexFormat.of().formatHex(answer, 0, 2)).isEqualTo("0101");
    assertThat(Arrays.copyOfRange(answer, 8, 20)).isEqualTo(transaction);
  }

  private static JsonNode regionNamed(JsonNode regions, String id) {
    for (JsonNode region : regions.path("regions")) {
      if (region.path("id").asText().equals(id)) {
        return region;
      }
    }
    throw new AssertionError("no region " + id + " in " + regions);
  }

  /** Both regions, once both media servers have said hello. */
  private JsonNode awaitRegions() throws Exception {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    JsonNode regions = get("/v1/regions");
    while (regions.path("regions").size() < 2) {
      assertThat(System.nanoTime()).as("%s", regions).isLessThan(deadlineNs);
      TimeUnit.MILLISECONDS.sleep(600);
      regions = get("/v1/regions");
    }
    return regions;
  }

  private String regionOfTheConference() throws Exception {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    String region = "";
    while (region.isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(deadlineNs);
      region = get("/v1/conferences").path("data").path(0).path("region").asText();
    }
    return region;
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

  /** The way to a server that is far away: each request takes its time. */
  private static final class FarAway implements AutoCloseable {
    private final DatagramSocket socket;
    private final InetSocketAddress server;
    private final AtomicInteger count = new AtomicInteger();

    FarAway(InetSocketAddress here, InetSocketAddress server) throws IOException {
      this.socket = new DatagramSocket(here);
      this.server = server;
      Thread.ofVirtual().name("far-away").start(this::run);
    }

    int count() {
      return count.get();
    }

    @Override
    public void close() {
      socket.close();
    }

    private void run() {
      byte[] bytes = new byte[1500];
      try {
        while (!socket.isClosed()) {
          DatagramPacket request = new DatagramPacket(bytes, bytes.length);
          socket.receive(request);
          count.incrementAndGet();
          byte[] copy = Arrays.copyOf(bytes, request.getLength());
          InetSocketAddress from = (InetSocketAddress) request.getSocketAddress();
          Thread.ofVirtual().start(() -> carry(copy, from));
        }
      } catch (IOException e) {
        // Closed.
      }
    }

    private void carry(byte[] request, InetSocketAddress from) {
      try (DatagramSocket there = new DatagramSocket()) {
        TimeUnit.MILLISECONDS.sleep(FAR_MS);
        there.setSoTimeout(1000);
        there.send(new DatagramPacket(request, request.length, server));
        DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
        there.receive(answer);
        socket.send(new DatagramPacket(answer.getData(), answer.getLength(), from));
      } catch (IOException e) {
        // Lost on the way.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
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
