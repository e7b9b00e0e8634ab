package dev.parley.systemtests.show.talk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.benchmarks.client.ClientFigures;
import dev.parley.benchmarks.client.ClientLoop;
import dev.parley.benchmarks.client.ClientSettings;
import dev.parley.benchmarks.client.RemoteDescription;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A guest without a browser: our own client, which can move to another UDP port in the middle of a
 * call.
 */
final class RoamingGuest implements AutoCloseable {
  static final int TONE_HZ = 2100;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);
  private static final int SPEAKER_SLOTS = 3;
  private static final int PACKET_INTERVAL_MS = 20;
  private static final double LEVEL_DBOV = -12;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final ClientLoop loop;
  private final WebRtcClient client;

  /** Prepares an offer; nobody is asked yet. */
  RoamingGuest(String url) throws IOException {
    this.url = url;
    this.loop = new ClientLoop("roaming-guest");
    SecureRandom random = new SecureRandom();
    DtlsIdentity identity =
        DtlsIdentity.selfSigned(Instant.now().minus(Duration.ofDays(1)), random);
    DtlsClient dtls =
        new DtlsClient(identity, DtlsLimits.ofProcessors(1), random, System::nanoTime);
    VoiceSource voice = VoiceSource.tone(TONE_HZ, LEVEL_DBOV);
    ClientSettings settings =
        new ClientSettings(1, SPEAKER_SLOTS, voice, PACKET_INTERVAL_MS, true, true);
    this.client = new WebRtcClient(settings, loop, dtls, 1);
  }

  /** Joins as anybody does, over HTTP, and waits until media flows. */
  void join(String room, String name) throws IOException, InterruptedException {
    ObjectNode entry = JsonNodeFactory.instance.objectNode().put("name", name);
    JsonNode opened = post("v1/open-rooms/" + room, "", entry);
    ObjectNode joining =
        JsonNodeFactory.instance
            .objectNode()
            .put("sdp", client.offer())
            .put("listening", "forward");
    String path =
        "v1/conferences/" + opened.path("conference").path("id").asText() + "/participants";
    JsonNode joined = post(path, opened.path("token").asText(), joining);
    client.start(RemoteDescription.parse(joined.path("answer").asText()));
    await(client.connected());
    await(client.heard());
  }

  /**
   * Goes on from another port, as behind a NAT that has forgotten: the server learns of it from
   * what arrives.
   */
  void changePort() throws IOException, InterruptedException {
    await(client.changePort(false));
  }

  /** Loudness of a tone in the last second of what it hears, dB of full scale. */
  double hears(int frequencyHz) throws IOException, InterruptedException {
    return await(client.toneDbov(frequencyHz));
  }

  ClientFigures figures() throws IOException, InterruptedException {
    return await(client.figures());
  }

  @Override
  public void close() {
    try {
      await(client.close());
    } catch (IOException e) {
      // It was over already.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.close();
    http.close();
  }

  private JsonNode post(String path, String token, ObjectNode body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(ANSWER_TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException("POST /" + path + ": " + response.statusCode() + ' ' + response.body());
    }
    return JSON.readTree(response.body());
  }

  private static <T> T await(CompletableFuture<T> answer) throws IOException, InterruptedException {
    try {
      return answer.get(ANSWER_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("our own client: " + e.getMessage(), e);
    }
  }
}
