package dev.parley.systemtests.show.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.benchmarks.client.ClientFigures;
import dev.parley.benchmarks.client.ClientSettings;
import dev.parley.benchmarks.client.ImpairedNetwork;
import dev.parley.benchmarks.client.PacketWatch;
import dev.parley.benchmarks.client.SessionApi;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One conference with its clients, and what is recorded of it. One thread. */
final class RecordedCall implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final AtomicInteger CLIENTS = new AtomicInteger();
  private static final int PEOPLE_MAX = 16;
  private static final int PACKET_MS = 20;
  private static final long CONNECTED_SEC = 20;
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
  private static final long LOOK_EACH_MS = 20;

  private final Studio studio;
  private final String key;
  private final String conference;
  private final List<WebRtcClient> clients = new ArrayList<>();

  /** Makes a conference of the key's tenant. */
  RecordedCall(Studio studio, String key) throws IOException, InterruptedException {
    this.studio = studio;
    this.key = key;
    conference = studio.people().create(key, PEOPLE_MAX);
  }

  String path() {
    return "/v1/conferences/" + conference;
  }

  /** Lets somebody in who talks all the time; returns once media flows. */
  WebRtcClient join(VoiceSource voice, SessionApi.Listening listening) throws Exception {
    return join(voice, listening, PACKET_MS, null);
  }

  /** Lets somebody in who only listens. */
  WebRtcClient listen(SessionApi.Listening listening) throws Exception {
    return join(VoiceSource.quietRoom(1), listening, 0, null);
  }

  /** Lets somebody in who talks over a bad network. */
  WebRtcClient join(VoiceSource voice, ImpairedNetwork network) throws Exception {
    return join(voice, SessionApi.Listening.FORWARD, PACKET_MS, network);
  }

  private WebRtcClient join(
      VoiceSource voice,
      SessionApi.Listening listening,
      int packetIntervalMs,
      @Nullable ImpairedNetwork network)
      throws Exception {
    int number = CLIENTS.incrementAndGet();
    int lines = listening == SessionApi.Listening.MIX ? 1 : 3;
    ClientSettings settings =
        new ClientSettings(
            number,
            lines,
            voice,
            packetIntervalMs,
            false,
            true,
            null,
            network,
            false,
            PacketWatch.NONE);
    WebRtcClient client = new WebRtcClient(settings, studio.loop(), studio.dtls(), number);
    clients.add(client);
    SessionApi.Ticket ticket = studio.people().mint(key, conference, "person-" + number);
    SessionApi.Stay stay = studio.people().join(ticket, client.offer(), listening);
    client.start(stay.answer());
    WebRtcClient _ = client.connected().get(CONNECTED_SEC, TimeUnit.SECONDS);
    return client;
  }

  /** RTP packets that those who listen have missed so far, in percent of what was sent to them. */
  double missedPercent() throws Exception {
    long missed = 0;
    long received = 0;
    for (WebRtcClient client : clients) {
      ClientFigures figures = client.figures().get(CONNECTED_SEC, TimeUnit.SECONDS);
      missed += figures.lost();
      received += figures.received();
    }
    return received == 0 ? 100 : 100.0 * missed / (missed + received);
  }

  /** RTP packets of a client that its network has lost on the way to the server. */
  static long lostOut(WebRtcClient client) throws Exception {
    ClientFigures figures = client.figures().get(CONNECTED_SEC, TimeUnit.SECONDS);
    return figures.injected().lostOut();
  }

  /**
   * A recording that was begun, and when its beginning was asked for and answered, on this
   * machine's clock in milliseconds since 1970.
   */
  record Begun(String id, long askedMs, long answeredMs) {}

  /**
   * Begins to record.
   *
   * @param mode mix or tracks
   */
  Begun begin(String mode, String tag) throws IOException, InterruptedException {
    JsonNode _ = await(path(), now -> now.path("state").asText().equals("live"));
    String wish = "{\"mode\":\"%s\",\"tags\":{\"show\":\"%s\"}}".formatted(mode, tag);
    long askedMs = System.currentTimeMillis();
    JsonNode begun = studio.post(path() + "/recordings", key, wish);
    long answeredMs = System.currentTimeMillis();
    String id = begun.path("id").asText();
    if (!begun.path("state").asText().equals("recording")) {
      JsonNode _ = await(place(id), now -> now.path("state").asText().equals("recording"));
      answeredMs = System.currentTimeMillis();
    }
    return new Begun(id, askedMs, answeredMs);
  }

  /** When an end was asked for and answered, as above. */
  record Stopped(long askedMs, long answeredMs) {}

  /** Stops a recording; returns once that is answered. */
  Stopped stop(Begun recording) throws IOException, InterruptedException {
    long askedMs = System.currentTimeMillis();
    JsonNode _ = studio.patch(place(recording.id()), key, "{\"state\":\"stopped\"}");
    return new Stopped(askedMs, System.currentTimeMillis());
  }

  /** Ends the conference, and its recordings with it; its media server may just have died. */
  void end() throws IOException, InterruptedException {
    long endNs = System.nanoTime() + PATIENCE_NS;
    int status = studio.api().delete(path(), key).status();
    while (status / 100 != 2) {
      if (System.nanoTime() - endNs > 0) {
        throw new IOException("the conference does not end: " + status);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EACH_MS);
      status = studio.api().delete(path(), key).status();
    }
  }

  /** Waits until all of a recording can be fetched; returns it. */
  JsonNode awaitAvailable(Begun recording) throws IOException, InterruptedException {
    JsonNode over =
        await(
            "/v1/recordings/" + recording.id(),
            now -> List.of("available", "failed").contains(now.path("state").asText()));
    if (!over.path("state").asText().equals("available")) {
      throw new IOException("the recording came to nothing: " + over);
    }
    return over;
  }

  /**
   * A track of a recording.
   *
   * @param manifest as it lies beside it
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
  record Track(byte[] file, JsonNode manifest) {
    /** By the media server's clock. */
    long wallMs() {
      return millis("endedAt") - millis("startedAt");
    }

    long startedMs() {
      return millis("startedAt");
    }

    private long millis(String field) {
      return Instant.parse(manifest.path(field).asText()).toEpochMilli();
    }

    double gapsMs() {
      double sum = 0;
      for (JsonNode gap : manifest.path("gaps")) {
        sum += gap.path("durationMs").asDouble();
      }
      return sum;
    }

    double longestGapMs() {
      double longest = 0;
      for (JsonNode gap : manifest.path("gaps")) {
        longest = Math.max(longest, gap.path("durationMs").asDouble());
      }
      return longest;
    }
  }

  /** Fetches every track by signed URLs. */
  List<Track> tracks(JsonNode recording) throws IOException, InterruptedException {
    List<Track> tracks = new ArrayList<>();
    for (JsonNode segment : recording.path("segments")) {
      for (JsonNode track : segment.path("tracks")) {
        tracks.add(track(track));
      }
    }
    return tracks;
  }

  /** Fetches the one track of a recording's first segment. */
  Track first(JsonNode recording, String about) throws IOException, InterruptedException {
    JsonNode tracks = recording.path("segments").path(0).path("tracks");
    if (tracks.size() != 1) {
      throw new IOException(about + ": " + tracks.size() + " tracks: " + recording);
    }
    return track(tracks.path(0));
  }

  /** The ids of recorded tracks that are found by a tag. */
  List<String> find(String tag) throws IOException, InterruptedException {
    List<String> ids = new ArrayList<>();
    String query = "/v1/objects?kind=recording&limit=200&tag=show:" + tag;
    studio.get(query, key).path("data").forEach(one -> ids.add(one.path("id").asText()));
    return ids;
  }

  private Track track(JsonNode told) throws IOException, InterruptedException {
    String id = told.path("objectId").asText();
    String manifest = studio.get("/v1/objects/" + id, key).path("manifest").asText();
    return new Track(fetch(id), JSON.readTree(fetch(manifest)));
  }

  private byte[] fetch(String objectId) throws IOException, InterruptedException {
    JsonNode link = studio.post("/v1/objects/" + objectId + "/link", key, "{\"ttlSec\":600}");
    HttpResponse<byte[]> answer =
        studio
            .api()
            .http()
            .send(
                HttpRequest.newBuilder(URI.create(link.path("url").asText())).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException("the store answers a signed URL with " + answer.statusCode());
    }
    return answer.body();
  }

  private String place(String recording) {
    return path() + "/recordings/" + recording;
  }

  private JsonNode await(String address, Predicate<JsonNode> isSo)
      throws IOException, InterruptedException {
    long endNs = System.nanoTime() + PATIENCE_NS;
    while (true) {
      JsonNode now = studio.api().get(address, key).body();
      if (isSo.test(now)) {
        return now;
      }
      if (System.nanoTime() - endNs > 0) {
        throw new IOException("waited in vain: " + now);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EACH_MS);
    }
  }

  @Override
  public void close() {
    clients.forEach(client -> {
      var _ = client.close();
    });
  }
}
