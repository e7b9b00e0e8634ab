package dev.parley.systemtests.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.benchmarks.client.ClientLoop;
import dev.parley.benchmarks.client.ClientSettings;
import dev.parley.benchmarks.client.RemoteDescription;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.media.MediaServer;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import dev.parley.media.record.KeyFile;
import dev.parley.media.record.Recorder;
import dev.parley.media.record.SpooledTrack;
import dev.parley.session.SessionService;
import dev.parley.systemtests.nodes.NodeApi;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A call at a real session service and real media servers, recorded through the API, and what lies
 * in the media servers' spools then.
 */
@Timeout(180)
final class RecordedCallIT {
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(40);
  private static final long PAUSE_MS = 100;

  @TempDir Path folder;

  private final JsonMapper json = new JsonMapper();
  private final List<Service> services = new ArrayList<>();
  private final List<WebRtcClient> clients = new ArrayList<>();
  private ClientLoop loop;
  private List<Integer> ports;
  private DtlsClient dtls;
  private NodeApi api;
  private String key;
  private String path;
  private String token;

  @BeforeEach
  void start() throws Exception {
    ports = freePorts(5);
    loop = new ClientLoop("recorded", false);
    SecureRandom random = new SecureRandom();
    dtls =
        new DtlsClient(
            DtlsIdentity.selfSigned(Instant.now(), random),
            DtlsLimits.ofProcessors(1),
            random,
            System::nanoTime);
    Service session =
        Service.start(
            SessionService.class,
            folder.resolve("session.log"),
            ports.get(2),
            List.of(
                "--http-port=" + ports.get(0),
                "--link-port=" + ports.get(1),
                "--data-dir=" + folder.resolve("data")));
    services.add(session);
    api = new NodeApi(URI.create("http://127.0.0.1:" + ports.get(0)));
    session.awaitReady();
    media("ms-1").awaitReady();
    key = Files.readString(folder.resolve("data").resolve("server-key")).strip();
    path = "/v1/conferences/" + posted("/v1/conferences", "{}").path("id").asText();
    token = token("ana", "host");
  }

  @AfterEach
  void stop() {
    for (WebRtcClient client : clients) {
      var _ = client.close();
    }
    loop.close();
    api.close();
    services.reversed().forEach(Service::close);
  }

  private Service media(String name) throws IOException {
    Service service =
        Service.start(
            MediaServer.class,
            folder.resolve(name + '-' + services.size() + ".log"),
            ports.get(2 + name.charAt(3) - '0'),
            List.of(
                "--server-id=" + name,
                "--control-urls=ws://127.0.0.1:" + ports.get(1) + "/control",
                "--bind-addresses=127.0.0.1",
                "--udp-port=0",
                "--media-threads=1",
                "--probe-port=0",
                "--recordings-directory=" + folder.resolve(name),
                "--recordings-keys=file"));
    services.add(service);
    return service;
  }

  private String token(String identity, String role) throws InterruptedException {
    String wish = "{\"identity\":\"%s\",\"role\":\"%s\"}".formatted(identity, role);
    return posted(path + "/tokens", wish).path("token").asText();
  }

  /** Asks until there is an answer: the first ones of a process take their time. */
  private JsonNode posted(String address, String body) throws InterruptedException {
    long endNs = System.nanoTime() + PATIENCE_NS;
    NodeApi.Reply reply = api.post(address, key, body);
    while (!reply.isOk()) {
      assertThat(System.nanoTime() - endNs).as("in time: %s", reply).isNegative();
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      reply = api.post(address, key, body);
    }
    return reply.body();
  }

  private WebRtcClient newClient(int hertz) {
    int number = clients.size() + 1;
    VoiceSource voice = VoiceSource.tone(hertz, -20);
    WebRtcClient client =
        new WebRtcClient(new ClientSettings(number, 3, voice, 20, true, true), loop, dtls, number);
    clients.add(client);
    return client;
  }

  /** Joins, and returns once media flows. */
  private void join(String credential, int hertz) throws Exception {
    WebRtcClient client = newClient(hertz);
    String body = json.createObjectNode().put("sdp", client.offer()).toString();
    NodeApi.Reply joined = api.post(path + "/participants", credential, body);
    assertThat(joined.status()).as("%s", joined).isEqualTo(201);
    client.start(RemoteDescription.parse(joined.body().path("answer").asText()));
    client.connected().get(15, TimeUnit.SECONDS);
  }

  /** Sends an offer anew until it is connected to whichever server the conference is on. */
  private void joinAgain(String credential, int hertz) throws Exception {
    long endNs = System.nanoTime() + PATIENCE_NS;
    while (!isConnected(credential, newClient(hertz))) {
      assertThat(System.nanoTime() - endNs).as("media again in time").isNegative();
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    }
  }

  /** While a server is in doubt, an offer may wait for it longer than a client does. */
  private boolean isConnected(String credential, WebRtcClient client) throws Exception {
    try {
      HttpResponse<String> answer =
          api.http()
              .send(
                  api.request(path + "/rtc", credential)
                      .header("Content-Type", "application/sdp")
                      .POST(HttpRequest.BodyPublishers.ofString(client.offer()))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 201) {
        return false;
      }
      client.start(RemoteDescription.parse(answer.body()));
      client.connected().get(3, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException | HttpTimeoutException _) {
      return false;
    }
  }

  private JsonNode begin() throws InterruptedException {
    awaitLive();
    NodeApi.Reply begun = api.post(path + "/recordings", token, "{\"mode\":\"mix\"}");
    assertThat(begun.status()).as("%s", begun).isEqualTo(201);
    return begun.body();
  }

  private void awaitLive() throws InterruptedException {
    await(path, conference -> conference.path("state").asText().equals("live"));
  }

  private void change(JsonNode recording, String state) throws InterruptedException {
    NodeApi.Reply changed = api.patch(place(recording), token, "{\"state\":\"" + state + "\"}");
    assertThat(changed.status()).as("%s", changed).isEqualTo(200);
  }

  private String place(JsonNode recording) {
    return path + "/recordings/" + recording.path("id").asText();
  }

  private JsonNode await(String address, Predicate<JsonNode> isSo) throws InterruptedException {
    long endNs = System.nanoTime() + PATIENCE_NS;
    while (true) {
      NodeApi.Reply reply = api.get(address, key);
      if (reply.isOk() && isSo.test(reply.body())) {
        return reply.body();
      }
      assertThat(System.nanoTime() - endNs).as("in time: %s", reply).isNegative();
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    }
  }

  /** Lets people talk so long. */
  private static void talk(long ms) throws InterruptedException {
    // What is recorded is time itself.
    TimeUnit.MILLISECONDS.sleep(ms);
  }

  /** How long the mix of a segment plays, in seconds, as the Opus project's own tools see it. */
  private double seconds(String server, JsonNode recording, int segment) throws Exception {
    String name = recording.path("id").asText() + '.' + segment;
    Path sealed = folder.resolve(server).resolve(name).resolve("mix" + SpooledTrack.SUFFIX);
    KeyFile keys = KeyFile.at(folder.resolve(server + "-keys"), new SecureRandom());
    Path file = folder.resolve(name + ".opus");
    try (OutputStream ogg = Files.newOutputStream(file)) {
      assertThat(SpooledTrack.unseal(sealed, keys, Recorder.context(name, "mix"), ogg)).isTrue();
    }
    assertThat(run("opusinfo", file.toString()))
        .doesNotContainIgnoringCase("warning")
        .doesNotContainIgnoringCase("error");
    String duration =
        run(
            "ffprobe",
            "-v",
            "error",
            "-show_entries",
            "format=duration",
            "-of",
            "csv=p=0",
            file.toString());
    return Double.parseDouble(duration.strip());
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
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

  @Test
  void whatIsSaidBetweenPausesIsInTheSpoolWhenItIsStopped() throws Exception {
    join(token, 440);
    join(token("ben", "speaker"), 660);
    awaitLive();
    long beginningNs = System.nanoTime();
    JsonNode recording = begin();
    assertThat(recording.path("state").asText()).isEqualTo("recording");
    long begunNs = System.nanoTime();
    talk(2_000);
    long pausingNs = System.nanoTime();
    change(recording, "paused");
    long pausedNs = System.nanoTime();
    talk(1_000);
    long resumingNs = System.nanoTime();
    change(recording, "recording");
    long resumedNs = System.nanoTime();
    talk(2_000);
    long stoppingNs = System.nanoTime();
    change(recording, "stopped");
    // Each order was carried out between its request and the answer, however busy the machine is.
    double leastSec = (pausingNs - begunNs + stoppingNs - resumedNs) / 1e9;
    double mostSec = (pausedNs - beginningNs + System.nanoTime() - resumingNs) / 1e9;

    JsonNode stopped =
        await(place(recording), now -> now.path("state").asText().equals("uploading"));

    double seconds = seconds("ms-1", recording, 1);
    assertThat(seconds).isBetween(leastSec - 0.1, mostSec + 0.1);
    assertThat(stopped.path("durationMs").asDouble() / 1000).isCloseTo(seconds, within(0.02));
    assertThat(stopped.path("endReason").asText()).isEqualTo("stopped");
    assertThat(stopped.path("segments")).hasSize(1);
  }

  @Test
  void aRecordingSurvivesItsMediaServer() throws Exception {
    String ben = token("ben", "speaker");
    join(token, 440);
    join(ben, 660);
    JsonNode recording = begin();
    talk(3_000);
    media("ms-2").awaitReady();

    services.get(1).signal("KILL");
    joinAgain(token, 440);
    joinAgain(ben, 660);
    JsonNode moved = await(place(recording), now -> now.path("segments").size() == 2);
    assertThat(moved.path("state").asText()).isEqualTo("recording");
    talk(2_000);
    change(recording, "stopped");
    media("ms-1").awaitReady();
    JsonNode whole =
        await(
            place(recording),
            now ->
                now.at("/segments/0/ended").asText().equals("recovered")
                    && now.at("/segments/1/ended").asText().equals("stopped"));

    assertThat(whole.path("state").asText()).isEqualTo("uploading");
    double first = seconds("ms-1", recording, 1);
    double second = seconds("ms-2", recording, 2);
    // Of what is killed a second is missing at most.
    assertThat(first).isGreaterThan(2.0);
    assertThat(second).isGreaterThan(1.5);
    assertThat(whole.path("durationMs").asDouble() / 1000).isCloseTo(first + second, within(0.05));
  }
}
