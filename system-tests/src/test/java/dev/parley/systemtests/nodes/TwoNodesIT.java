package dev.parley.systemtests.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.benchmarks.client.ClientLoop;
import dev.parley.benchmarks.client.ClientSettings;
import dev.parley.benchmarks.client.SessionApi;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import dev.parley.testsupport.RedisServer;
import dev.parley.testsupport.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two session nodes behind haproxy, with DynamoDB Local, Redis and two media servers, and a call
 * through all of it while one node is killed and comes back elsewhere.
 */
@Timeout(120)
final class TwoNodesIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long RESUMED_WITHIN_MS = 3_000;

  @TempDir private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void theCallAndItsEventsGoOnWhenANodeIsKilled() throws Exception {
    try (Deployment deployment = new Deployment(folder, Deployment.Patience.LONG);
        ExecutorService starting = Executors.newVirtualThreadPerTaskExecutor()) {
      Deployment.Node one = deployment.node("one");
      Future<Deployment.Node> other = starting.submit(() -> deployment.node("two"));
      Future<ServiceProcess> first = starting.submit(() -> deployment.media("ms-1", one));
      deployment.media("ms-2", one);
      first.get();
      Deployment.Node two = other.get();
      // They know one node, which tells them of the other.
      deployment.awaitMediaServers(one, 2);
      deployment.awaitMediaServers(two, 2);
      URI door = URI.create("http://127.0.0.1:" + deployment.balancer(List.of(one, two)).port());

      String key = deployment.key();
      String conference =
          send(request(door, "/v1/conferences", key).POST(body("{}")), 201).path("id").asText();
      String path = "/v1/conferences/" + conference;
      EventsSocket onOne = watch(one.url(), conference, key, -1);
      EventsSocket onTwo = watch(two.url(), conference, key, -1);
      onOne.next("welcome");
      onTwo.next("welcome");
      try (Call call = new Call()) {
        WebRtcClient ana = call.join(one.url(), key, conference, "ana");
        JsonNode anaJoined = onOne.next("participant.joined");
        assertThat(onTwo.next("participant.joined")).isEqualTo(anaJoined);
        WebRtcClient ben = call.join(two.url(), key, conference, "ben");
        JsonNode benJoined = onOne.next("participant.joined");
        assertThat(onTwo.next("participant.joined")).isEqualTo(benJoined);
        ana.heard().get(10, TimeUnit.SECONDS);
        ben.heard().get(10, TimeUnit.SECONDS);
        JsonNode roster = send(request(one.url(), path + "/participants", key).GET(), 200);
        assertThat(roster.findValuesAsText("identity")).containsExactly("ana", "ben");
        assertThat(send(request(two.url(), path + "/participants", key).GET(), 200))
            .isEqualTo(roster);
        assertThatQuotasAreShared(one, two, path, call.ticket(0).token());

        long killedNs = System.nanoTime();
        one.process().kill();
        onOne.awaitEnd();
        EventsSocket resumed = watch(door, conference, key, benJoined.path("seq").asLong());
        assertThat(resumed.next("welcome").path("resumed").asBoolean()).isTrue();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNs))
            .isLessThanOrEqualTo(RESUMED_WITHIN_MS);
        String anaPath = path + "/participants/" + anaJoined.at("/data/id").asText();
        HttpRequest.Builder mute = request(door, anaPath, key);
        send(mute.method("PATCH", body("{\"muted\":true}")), 200);
        JsonNode muted = resumed.next("participant.updated");
        assertThat(muted.path("seq").asLong()).isEqualTo(benJoined.path("seq").asLong() + 1);
        assertThat(onTwo.next("participant.updated")).isEqualTo(muted);
        long heard = call.received(ana);
        RedisServer.await("media goes on", () -> call.received(ana) > heard + 10);

        Deployment.Node again = deployment.node("one");
        // It is on another port, which only the directory tells.
        assertThat(again.linkPort()).isNotEqualTo(one.linkPort());
        deployment.awaitMediaServers(again, 2);
        send(request(again.url(), anaPath, key).DELETE(), 204);
        assertThat(resumed.next("participant.left").at("/data/id"))
            .isEqualTo(anaJoined.at("/data/id"));
      }
    }
  }

  private void assertThatQuotasAreShared(
      Deployment.Node one, Deployment.Node two, String path, String token) {
    long allowed =
        IntStream.range(0, 30)
            .mapToObj(i -> request((i % 2 == 0 ? one : two).url(), path + "/event-tickets", token))
            .filter(request -> status(request.POST(body("{}"))) == 201)
            .count();
    assertThat(allowed).as("20 in 10 s").isEqualTo(20);
  }

  private EventsSocket watch(URI service, String conference, String key, long resumeSeq)
      throws IOException, InterruptedException {
    String path = "/v1/conferences/" + conference + "/event-tickets";
    String ticket = send(request(service, path, key).POST(body("{}")), 201).path("ticket").asText();
    return EventsSocket.connect(
        http, service, new EventsSocket.Entrance(conference, ticket), resumeSeq);
  }

  private static HttpRequest.Builder request(URI service, String path, String key) {
    return HttpRequest.newBuilder(service.resolve(path))
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json");
  }

  private static HttpRequest.BodyPublisher body(String json) {
    return HttpRequest.BodyPublishers.ofString(json);
  }

  private int status(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private JsonNode send(HttpRequest.Builder request, int status)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JSON.readTree(response.body());
  }

  /** Those who talk. */
  private static final class Call implements AutoCloseable {
    private static final long SEED = 7;
    private final DtlsClient dtls;
    private final ClientLoop loop = new ClientLoop("two-nodes", false);
    private final List<SessionApi.Ticket> tickets = new ArrayList<>();

    Call() throws IOException {
      SecureRandom random = new SecureRandom();
      dtls =
          new DtlsClient(
              DtlsIdentity.selfSigned(Instant.now(), random),
              DtlsLimits.ofProcessors(1),
              random,
              System::nanoTime);
    }

    SessionApi.Ticket ticket(int index) {
      return tickets.get(index);
    }

    WebRtcClient join(URI node, String key, String conference, String identity) throws Exception {
      int number = tickets.size();
      ClientSettings settings =
          new ClientSettings(number, 3, VoiceSource.speech(SEED, 2, -22), 20, false, true);
      WebRtcClient client = new WebRtcClient(settings, loop, dtls, SEED + number);
      try (SessionApi api = new SessionApi(node)) {
        SessionApi.Ticket ticket = api.mint(key, conference, identity);
        tickets.add(ticket);
        client.start(api.join(ticket, client.offer(), SessionApi.Listening.FORWARD).answer());
      }
      return client.connected().get(10, TimeUnit.SECONDS);
    }

    long received(WebRtcClient client) {
      return client.counts().join().received();
    }

    @Override
    public void close() {
      loop.close();
    }
  }
}
