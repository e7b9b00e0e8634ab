package dev.parley.systemtests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.benchmarks.client.ClientLoop;
import dev.parley.benchmarks.client.ClientSettings;
import dev.parley.benchmarks.client.RemoteDescription;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client is told by a media server whose thread has no time, and what an operator sees. */
@Timeout(90)
class BusyIT {
  private static final double BUSY_SHARE = 0.10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String OFFER =
      """
      v=0
      o=- 1 1 IN IP4 127.0.0.1
      s=-
      t=0 0
      a=group:BUNDLE 0
      m=audio 9 UDP/TLS/RTP/SAVPF 111
      c=IN IP4 0.0.0.0
      a=rtcp:9 IN IP4 0.0.0.0
      a=ice-ufrag:+dbV
      a=ice-pwd:ZOtIIN3AA8iOTCQm72yeQL6m
      a=fingerprint:sha-256 32:AD:69:9E:91:A5:0F:22:93:01:10:32:E5:F4:20:DF:BB:B6:\
      1D:B1:03:0F:06:69:C9:BB:18:36:8F:49:DA:F9
      a=setup:actpass
      a=mid:0
      a=recvonly
      a=rtcp-mux
      a=rtpmap:111 opus/48000/2
      """
          .replace("\n", "\r\n");

  private final JsonMapper json = new JsonMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private URI service = URI.create("http://127.0.0.1/");
  private URI metrics = service;

  @TempDir Path data;

  @Test
  void whoComesIsSentAwayUntilTheServerHasTimeAgain() throws Exception {
    List<Integer> ports = LauncherIT.freePorts(4);
    service = URI.create("http://127.0.0.1:" + ports.get(0));
    metrics = URI.create("http://127.0.0.1:" + (ports.get(2) + 1) + "/metrics");
    Map<String, String> settings = Map.of("PARLEY_BUSY_PERCENT", "10", "PARLEY_MEDIA_THREADS", "1");
    Process up = LauncherIT.up(ports, data, settings);
    try (BufferedReader output = up.inputReader(StandardCharsets.UTF_8);
        ClientLoop clients = new ClientLoop("clients")) {
      assertThat(output.readLine()).startsWith("Parley is up:");
      awaitProcessorShare(share -> share < BUSY_SHARE);
      Entry ana = enter("ana");
      WebRtcClient client = client(clients);
      HttpResponse<String> joined = join(ana, client.offer());
      assertThat(joined.statusCode()).as(joined.body()).isEqualTo(201);
      JsonNode stay = json.readTree(joined.body());
      // With somebody to forward to, the thread reads whatever comes as soon as it comes.
      client.start(RemoteDescription.parse(stay.path("answer").asText()));
      client.connected().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

      try (DatagramFlood flood = new DatagramFlood(ports.get(3))) {
        awaitProcessorShare(share -> share >= BUSY_SHARE);
        assertThat(flood.sentCount()).isPositive();
        HttpResponse<String> refused = join(enter("ben"), OFFER);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Content-Type"))
            .contains("application/problem+json");
        assertThat(refused.headers().firstValue("Retry-After")).contains("5");
        JsonNode problem = json.readTree(refused.body());
        assertThat(problem.path("type").asText()).endsWith("no-capacity");
        assertThat(problem.path("status").asInt()).isEqualTo(503);
        assertThat(metric("parley_participants_busy_total")).isEqualTo(1);
        String renewal = stay.path("media").path("rtcUrl").asText();
        assertThat(post(renewal, ana.token(), "application/sdp", OFFER).statusCode())
            .as("who is in a call may renew it")
            .isEqualTo(201);
        HttpResponse<String> again = join(enter("ana"), OFFER, true);
        assertThat(again.statusCode())
            .as("who is in a call may join it anew: %s", again.body())
            .isEqualTo(201);
      }

      awaitProcessorShare(share -> share < BUSY_SHARE);
      assertThat(join(enter("ben"), OFFER).statusCode()).isEqualTo(201);
      assertThat(metric("parley_participants_busy_total")).isEqualTo(1);
    } finally {
      up.destroy();
      up.waitFor();
    }
  }

  private static WebRtcClient client(ClientLoop loop) {
    SecureRandom random = new SecureRandom();
    DtlsClient dtls =
        new DtlsClient(
            DtlsIdentity.selfSigned(Instant.now(), random),
            DtlsLimits.ofProcessors(1),
            random,
            System::nanoTime);
    VoiceSource voice = VoiceSource.tone(400, -20);
    return new WebRtcClient(new ClientSettings(1, 1, voice, 20, false, true), loop, dtls, 1);
  }

  private record Entry(String conference, String token) {}

  /** Enters the open room of this test. */
  private Entry enter(String identity) throws IOException, InterruptedException {
    ObjectNode entry = json.createObjectNode().put("name", identity).put("identity", identity);
    HttpResponse<String> room =
        post("/v1/open-rooms/busy", "", "application/json", entry.toString());
    assertThat(room.statusCode()).as(room.body()).isBetween(200, 201);
    JsonNode entered = json.readTree(room.body());
    return new Entry(
        entered.path("conference").path("id").asText(), entered.path("token").asText());
  }

  /** Joins with an offer, as a client does. */
  private HttpResponse<String> join(Entry entry, String offer)
      throws IOException, InterruptedException {
    return join(entry, offer, false);
  }

  private HttpResponse<String> join(Entry entry, String offer, boolean replace)
      throws IOException, InterruptedException {
    return post(
        "/v1/conferences/" + entry.conference() + "/participants",
        entry.token(),
        "application/json",
        json.createObjectNode()
            .put("sdp", offer)
            .put("listening", "forward")
            .put("replace", replace)
            .toString());
  }

  private HttpResponse<String> post(String path, String token, String contentType, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.resolve(path))
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The server looks at it once a second. */
  private void awaitProcessorShare(DoublePredicate isAwaited)
      throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    double share = metric("parley_media_processor_share");
    while (!isAwaited.test(share)) {
      assertThat(System.nanoTime()).as("the share stays at %s", share).isLessThan(deadlineNs);
      share = metric("parley_media_processor_share");
    }
  }

  private double metric(String name) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(metrics).build();
    String text = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    Matcher line = Pattern.compile("(?m)^" + name + "(?:\\{[^}]*})? (\\S+)$").matcher(text);
    assertThat(line.find()).as(name).isTrue();
    return Double.parseDouble(line.group(1));
  }
}
