package dev.parley.systemtests.signalling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.benchmarks.client.ClientLoop;
import dev.parley.benchmarks.client.ClientSettings;
import dev.parley.benchmarks.client.RemoteDescription;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import dev.parley.systemtests.link.TestAuthority;
import dev.parley.systemtests.show.JavaProgram;
import dev.parley.testsupport.RedisServer;
import dev.parley.testsupport.ServiceProcess;
import dev.parley.testsupport.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A session service that redirects, and a media server with a door, each a process; between them a
 * link that can be cut. Clients are WebRTC clients without a browser.
 */
@Timeout(120)
final class RegionalSignallingIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long SEED = 7;
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Pattern SERVICE_READY =
      Pattern.compile("ready: http port (\\d+), control link port (\\d+), admin port (\\d+)");
  private static final Pattern MEDIA_READY = Pattern.compile("admin on .*:(\\d+)");

  @TempDir private Path folder;

  private HttpClient following;
  private HttpClient staying;
  private ClientLoop loop;
  private DtlsClient dtls;
  private ServiceProcess session;
  private ServiceProcess media;
  private TcpProxy link;
  private URI service;
  private URI admin;
  private String key;
  private String conference;
  private int clientCount;

  @BeforeEach
  void start() throws Exception {
    loop = new ClientLoop("redirected", false);
    SecureRandom random = new SecureRandom();
    dtls =
        new DtlsClient(
            DtlsIdentity.selfSigned(Instant.now(), random),
            DtlsLimits.ofProcessors(1),
            random,
            System::nanoTime);
    TestAuthority authority = new TestAuthority(folder, "door-authority");
    authority.issue("door");
    HttpClient.Builder trusting = HttpClient.newBuilder().sslContext(authority.trustOnly());
    staying = trusting.build();
    following = trusting.followRedirects(HttpClient.Redirect.NORMAL).build();
    session =
        process(
            "dev.parley.session.SessionService",
            SERVICE_READY,
            "--store=memory",
            "--data-dir=" + folder.resolve("data"),
            "--signalling=redirect",
            "--http-port=0",
            "--link-port=0",
            "--admin-port=0");
    service = URI.create("http://127.0.0.1:" + session.said().group(1));
    link = new TcpProxy(Integer.parseInt(session.said().group(2)));
    media =
        process(
            "dev.parley.media.MediaServer",
            MEDIA_READY,
            "--server-id=ms-1",
            "--region=eu",
            "--control-urls=ws://127.0.0.1:" + link.port() + "/control",
            "--bind-addresses=127.0.0.1",
            "--udp-port=0",
            "--probe-port=0",
            "--media-threads=1",
            "--door=true",
            "--door-port=0",
            "--door-certificate=" + folder.resolve("door.pem"),
            "--door-key=" + folder.resolve("door.key"),
            "--admin-port=0");
    admin = URI.create("http://127.0.0.1:" + media.said().group(1));
    RedisServer.await("the link is up", () -> metric("parley_control_links") == 1);
    key = Files.readString(folder.resolve("data").resolve("server-key")).strip();
    conference =
        send(request("/v1/conferences", key).POST(BodyPublishers.ofString("{}")), 201)
            .path("id")
            .asText();
  }

  @AfterEach
  void end() throws IOException {
    if (loop != null) {
      loop.close();
    }
    if (media != null) {
      media.close();
    }
    if (link != null) {
      link.close();
    }
    if (session != null) {
      session.close();
    }
  }

  @Test
  void clientsThatFollowAreHeardAndChangeAndEndTheirSessionsAtTheDoor() throws Exception {
    WebRtcClient ana = client();
    HttpResponse<String> answer = post(following, rtc("ana", ""), ana.offer());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(answer.uri().getPath()).as("followed by itself").startsWith("/rtc/");
    WebRtcClient ben = client();
    HttpResponse<String> other = post(following, rtc("ben", "?listening=mix"), ben.offer());
    ana.start(RemoteDescription.parse(answer.body()));
    ben.start(RemoteDescription.parse(other.body()));

    ana.heard().get(20, TimeUnit.SECONDS);
    ben.heard().get(20, TimeUnit.SECONDS);
    RedisServer.await("both are known", () -> roster("state", "connected") == 2);
    assertThat(roster("listening", "forward")).isEqualTo(1);
    assertThat(roster("listening", "mix")).isEqualTo(1);

    URI held = URI.create(answer.headers().firstValue("Location").orElseThrow());
    assertThat(held.getPort()).as("at the door").isEqualTo(answer.uri().getPort());
    HttpResponse<String> restarted =
        staying.send(
            HttpRequest.newBuilder(held)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/trickle-ice-sdpfrag")
                .header("If-Match", "*")
                .method(
                    "PATCH",
                    BodyPublishers.ofString(
                        "a=ice-ufrag:anew\r\na=ice-pwd:aPasswordOfTwentyTwoChars\r\n"))
                .build(),
            BodyHandlers.ofString());
    assertThat(restarted.statusCode()).as(restarted.body()).isEqualTo(200);
    assertThat(restarted.headers().firstValue("ETag")).hasValue("\"1\"");
    String leg = held.getPath().substring("/rtc-sessions/".length());
    RedisServer.await(
        "the session tier knows the ICE session of now", () -> trickle(leg, "\"1\"") == 204);
    assertThat(trickle(leg, "\"0\"")).as("the one before is over").isEqualTo(412);

    int ended =
        staying
            .send(
                HttpRequest.newBuilder(held).timeout(TIMEOUT).DELETE().build(),
                BodyHandlers.discarding())
            .statusCode();
    assertThat(ended).isEqualTo(200);
    RedisServer.await("ana has left", () -> roster("identity", "ana") == 0);
    assertThat(roster("identity", "ben")).isEqualTo(1);
    assertThat(metric("parley_door_offers_answered_total")).isEqualTo(2);
  }

  @Test
  void ticketOpensTheDoorThoughTheLinkIsCutAndTheRosterLearnsLater() throws Exception {
    WebRtcClient ana = client();
    ana.start(RemoteDescription.parse(post(following, rtc("ana", ""), ana.offer()).body()));
    RedisServer.await("ana is known", () -> roster("state", "connected") == 1);
    WebRtcClient ben = client();
    URI door = doorFor("ben", ben);

    link.isolate();
    HttpResponse<String> answer = post(staying, HttpRequest.newBuilder(door), ben.offer());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    ben.start(RemoteDescription.parse(answer.body()));
    ana.heard().get(20, TimeUnit.SECONDS);
    ben.heard().get(20, TimeUnit.SECONDS);
    RedisServer.await("cut", () -> metric("parley_control_links") == 0);
    assertThat(roster("state", "connected")).as("the session tier does not know yet").isEqualTo(1);

    WebRtcClient carol = client();
    HttpResponse<String> during = post(following, rtc("carol", ""), carol.offer());
    assertThat(during.statusCode()).as("while the link is cut: " + during.body()).isEqualTo(201);
    carol.start(RemoteDescription.parse(during.body()));
    carol.heard().get(20, TimeUnit.SECONDS);

    link.restore();
    RedisServer.await("all are known", () -> roster("state", "connected") == 3);
    assertThat(metric("parley_participants")).isEqualTo(3);
  }

  @Test
  void ticketsOpenNothingThatTheyAreNotFor() throws Exception {
    WebRtcClient ana = client();
    URI door = doorFor("ana", ana);
    String text = door.toString();
    String altered = text.substring(0, text.length() - 3) + "AAA";

    assertThat(code(altered, ana)).isEqualTo("ticket-invalid");
    assertThat(post(staying, HttpRequest.newBuilder(door), ana.offer()).statusCode())
        .isEqualTo(201);
    assertThat(code(text, ana)).isEqualTo("ticket-used");

    WebRtcClient ben = client();
    String kicked = doorFor("ben", ben).toString();
    String id = participant("ben").path("id").asText();
    // What the node was told of ana's session brings one about, which is not to be taken for the
    // next.
    RedisServer.await("ana's is done", () -> metric("parley_control_commands_applied_total") >= 1);
    double done = metric("parley_control_commands_applied_total");
    send(request(path() + "/participants/" + id, key).DELETE(), 204);
    RedisServer.await(
        "ben is out, there too", () -> metric("parley_control_commands_applied_total") > done);
    assertThat(code(kicked, ben)).isEqualTo("left");

    WebRtcClient carol = client();
    String late = doorFor("carol", carol).toString();
    double before = metric("parley_control_commands_applied_total");
    send(request(path(), key).DELETE(), 200);
    RedisServer.await(
        "the end is known there", () -> metric("parley_control_commands_applied_total") > before);
    assertThat(code(late, carol)).isIn("left", "allocation-stale");
    assertThat(metric("parley_door_refused_ticket_used_total")).isEqualTo(1);
  }

  @Test
  void doorSpeaksOnlyTlsAndProvesWhoItIs() throws Exception {
    WebRtcClient ana = client();
    URI door = doorFor("ana", ana);
    assertThat(door.getScheme()).isEqualTo("https");

    try (HttpClient stranger = HttpClient.newHttpClient()) {
      assertThatThrownBy(() -> post(stranger, HttpRequest.newBuilder(door), ana.offer()))
          .as("its authority is not trusted")
          .isInstanceOf(SSLHandshakeException.class);
      URI clear = URI.create(door.toString().replace("https://", "http://"));
      assertThatThrownBy(() -> post(stranger, HttpRequest.newBuilder(clear), ana.offer()))
          .as("without TLS")
          .isInstanceOf(IOException.class);
    }

    assertThat(metric("parley_door_offers_answered_total")).isZero();
    HttpResponse<String> answer = post(staying, HttpRequest.newBuilder(door), ana.offer());
    assertThat(answer.statusCode()).as("the ticket is good still").isEqualTo(201);
    assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
    ana.start(RemoteDescription.parse(answer.body()));
    ana.connected().get(20, TimeUnit.SECONDS);
  }

  @Test
  void whoCannotReachTheDoorIsRelayed() throws Exception {
    WebRtcClient ana = client();

    HttpResponse<String> relayed = post(following, rtc("ana", "?signalling=relay"), ana.offer());

    assertThat(relayed.statusCode()).isEqualTo(201);
    assertThat(relayed.headers().firstValue("Location").orElseThrow())
        .startsWith("/v1/rtc-sessions/");
    ana.start(RemoteDescription.parse(relayed.body()));
    ana.connected().get(20, TimeUnit.SECONDS);
    assertThat(metric("parley_door_offers_answered_total")).isZero();

    String token = token("ben");
    WebRtcClient ben = client();
    JsonNode joined =
        send(
            request(path() + "/participants", token)
                .POST(
                    BodyPublishers.ofString(
                        JSON.createObjectNode()
                            .put("sdp", ben.offer())
                            .put("redirect", true)
                            .toString())),
            201);
    assertThat(joined.has("answer")).isFalse();
    URI door = URI.create(joined.at("/media/offerUrl").asText());
    ben.start(
        RemoteDescription.parse(post(staying, HttpRequest.newBuilder(door), ben.offer()).body()));
    ben.heard().get(20, TimeUnit.SECONDS);
  }

  /** Sends a candidate by way of the session service; returns the status. */
  private int trickle(String leg, String iceSession) {
    try {
      return staying
          .send(
              request("/v1/rtc-sessions/" + leg, key)
                  .timeout(TIMEOUT)
                  .setHeader("Content-Type", "application/trickle-ice-sdpfrag")
                  .header("If-Match", iceSession)
                  .method(
                      "PATCH",
                      BodyPublishers.ofString("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"))
                  .build(),
              BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String code(String door, WebRtcClient client) throws Exception {
    HttpResponse<String> answer =
        post(staying, HttpRequest.newBuilder(URI.create(door)), client.offer());
    assertThat(answer.statusCode()).isBetween(400, 499);
    return JSON.readTree(answer.body()).path("code").asText();
  }

  /** Asks for the way to the door, and does not go there. */
  private URI doorFor(String identity, WebRtcClient client) throws Exception {
    HttpResponse<String> answer = post(staying, rtc(identity, ""), client.offer());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(307);
    return URI.create(answer.headers().firstValue("Location").orElseThrow());
  }

  private HttpRequest.Builder rtc(String identity, String query) throws Exception {
    return request(path() + "/rtc" + query, token(identity));
  }

  private String token(String identity) throws Exception {
    String body = JSON.createObjectNode().put("identity", identity).toString();
    return send(request(path() + "/tokens", key).POST(BodyPublishers.ofString(body)), 201)
        .path("token")
        .asText();
  }

  private static HttpResponse<String> post(
      HttpClient http, HttpRequest.Builder request, String offer) throws Exception {
    return http.send(
        request
            .setHeader("Content-Type", "application/sdp")
            .timeout(TIMEOUT)
            .POST(BodyPublishers.ofString(offer))
            .build(),
        BodyHandlers.ofString());
  }

  private String path() {
    return "/v1/conferences/" + conference;
  }

  private HttpRequest.Builder request(String path, String bearer) {
    return HttpRequest.newBuilder(service.resolve(path))
        .timeout(TIMEOUT)
        .setHeader("Authorization", "Bearer " + bearer)
        .setHeader("Content-Type", "application/json");
  }

  private JsonNode send(HttpRequest.Builder request, int status) throws Exception {
    HttpResponse<String> response = staying.send(request.build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JSON.readTree(response.body());
  }

  private JsonNode participant(String identity) throws Exception {
    for (JsonNode one : send(request(path() + "/participants", key).GET(), 200).path("data")) {
      if (one.path("identity").asText().equals(identity)) {
        return one;
      }
    }
    throw new AssertionError(identity + " is not there");
  }

  /** How many of the roster have a field of this value. */
  private long roster(String field, String value) {
    try {
      return send(request(path() + "/participants", key).GET(), 200)
          .path("data")
          .findValuesAsText(field)
          .stream()
          .filter(value::equals)
          .count();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private double metric(String name) {
    try {
      return staying
          .send(
              HttpRequest.newBuilder(admin.resolve("/metrics")).timeout(TIMEOUT).build(),
              BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElse(-1);
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  private WebRtcClient client() {
    int number = clientCount++;
    ClientSettings settings =
        new ClientSettings(number, 3, VoiceSource.speech(SEED, 2, -22), 20, false, true);
    return new WebRtcClient(settings, loop, dtls, SEED + number);
  }

  private static ServiceProcess process(String mainClass, Pattern ready, String... arguments)
      throws IOException {
    List<String> flags =
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            // Not the tests' own, which is silent.
            "-Dlogback.configurationFile=logback.xml");
    return ServiceProcess.start(
        new ServiceProcess.Program(mainClass, JavaProgram.classPath(), flags, ready),
        List.of(arguments));
  }
}
