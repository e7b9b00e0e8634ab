package dev.parley.systemtests.show.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.benchmarks.client.ClientLoop;
import dev.parley.benchmarks.client.ClientSettings;
import dev.parley.benchmarks.client.RemoteDescription;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.benchmarks.client.WebRtcClient;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.systemtests.history.Entry;
import dev.parley.systemtests.nodes.EventsFollower;
import dev.parley.systemtests.nodes.NodeApi;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One who sends a tone and listens for another, and does what {@code parley-client.js} does:
 * watches the events and resumes, says each five seconds whether media flows, and sends an offer
 * anew when the media has moved. Thread-safe.
 */
final class Guest implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final AtomicInteger CLIENTS = new AtomicInteger();
  private static final double LEVEL_DBOV = -22;
  private static final int ATTEMPTS = 60;
  private static final long PAUSE_MS = 150;
  private static final long CONNECT_MS = 4_000;
  private static final long WORD_EVERY_NS = TimeUnit.SECONDS.toNanos(5);

  /** After so long without a packet media has stopped; browsers need about as long to say so. */
  private static final long FLOWS_MS = 5_000;

  private final Engine engine;
  private final Place place;
  private final VoiceSource voice;
  private final String token;
  private final String participant;
  private final Ear ear;
  private final EventsFollower events;
  private final AtomicLong epoch;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile long movedNs;
  private volatile long welcomedNs;

  // Guarded by the lock.
  private int clientNumber;
  private WebRtcClient client;

  // Of the thread that follows the events.
  private long wordNs = System.nanoTime() - WORD_EVERY_NS;
  private boolean saidFlows = true;

  /**
   * What all guests are made of.
   *
   * @param seen takes down what the history is judged by
   */
  record Engine(
      NodeApi api, String key, ClientLoop loop, DtlsClient dtls, Ears ears, Consumer<Entry> seen) {}

  /**
   * Who one is.
   *
   * @param path of the conference
   * @param toneHertz what one sends
   * @param hearsHertz what one is to hear
   */
  record Place(String path, String identity, int toneHertz, int hearsHertz) {
    String conference() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /** Joins, and returns once media may flow. */
  Guest(Engine engine, Place place) throws Exception {
    this.engine = engine;
    this.place = place;
    voice = VoiceSource.tone(place.toneHertz(), LEVEL_DBOV);
    ear = new Ear(place.hearsHertz());
    NodeApi api = engine.api();
    String wish = "{\"identity\":\"" + place.identity() + "\"}";
    token = api.post(place.path() + "/tokens", engine.key(), wish).body().path("token").asText();
    clientNumber = CLIENTS.incrementAndGet();
    client = newClient(clientNumber);
    String body =
        JSON.createObjectNode().put("sdp", client.offer()).put("listening", "forward").toString();
    NodeApi.Reply joined = api.post(place.path() + "/participants", token, body);
    if (!joined.isOk() || joined.body().path("answer").isMissingNode()) {
      throw new IOException(place.identity() + " could not join: " + joined);
    }
    participant = joined.body().path("id").asText();
    epoch = new AtomicLong(joined.body().at("/media/epoch").asLong());
    engine.seen().accept(Admissions.of(place.conference(), joined));
    client.start(RemoteDescription.parse(joined.body().path("answer").asText()));
    client.connected().get(15, TimeUnit.SECONDS);
    events =
        new EventsFollower(
            new EventsFollower.Conference(api, place.path(), token), this::onFrame, this::word);
  }

  Ear ear() {
    return ear;
  }

  String path() {
    return place.path();
  }

  String participant() {
    return participant;
  }

  /** Which of its conference's places it was told of last. */
  long epoch() {
    return epoch.get();
  }

  /** When it last heard that its media is elsewhere; 0 if never. Of {@link System#nanoTime}. */
  long movedNs() {
    return movedNs;
  }

  /** When its events last began, or went on. */
  long welcomedNs() {
    return welcomedNs;
  }

  @Override
  public void close() {
    events.close();
    lock.lock();
    try {
      var _ = client.close();
      engine.ears().forget(clientNumber);
    } finally {
      lock.unlock();
    }
    ear.close();
  }

  /** What to say of its media now, or nothing. */
  private String word() {
    long silentMs = ear.silentMs();
    boolean flows = silentMs < FLOWS_MS;
    long nowNs = System.nanoTime();
    if (flows == saidFlows && nowNs - wordNs < WORD_EVERY_NS) {
      return "";
    }
    saidFlows = flows;
    wordNs = nowNs;
    return flows
        ? "{\"type\":\"media\",\"flows\":true,\"ageMs\":" + silentMs + "}"
        : "{\"type\":\"media\",\"flows\":false}";
  }

  private void onFrame(JsonNode frame) {
    record(engine, participant, place.conference(), frame);
    switch (frame.path("type").asText()) {
      case "welcome" -> welcomedNs = System.nanoTime();
      case "media.move" -> {
        long now = frame.at("/data/epoch").asLong();
        if (epoch.getAndAccumulate(now, Math::max) < now) {
          movedNs = System.nanoTime();
          Thread.ofVirtual().name("move").start(this::move);
        }
      }
      default -> {}
    }
  }

  /** Takes down a frame for the history, if it has a number. */
  static void record(Engine engine, String watcher, String conference, JsonNode frame) {
    if (frame.has("seq")) {
      engine
          .seen()
          .accept(
              new Entry.Frame(
                  watcher,
                  conference,
                  frame.path("seq").asLong(),
                  frame.path("type").asText(),
                  frame.path("resumed").asBoolean(),
                  System.nanoTime()));
    }
  }

  /** Tries with new clients, until one is connected or the media is elsewhere again. */
  private void move() {
    long wanted = epoch.get();
    lock.lock();
    try {
      for (int attempt = 1; attempt <= ATTEMPTS && epoch.get() == wanted; attempt++) {
        int number = CLIENTS.incrementAndGet();
        WebRtcClient next = newClient(number);
        String answer = offer(next);
        if (answer == null || !isConnected(next, answer)) {
          var _ = next.close();
          engine.ears().forget(number);
          TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
          continue;
        }
        var _ = client.close();
        engine.ears().forget(clientNumber);
        client = next;
        clientNumber = number;
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private static boolean isConnected(WebRtcClient next, String answer) throws InterruptedException {
    next.start(RemoteDescription.parse(answer));
    try {
      next.connected().get(CONNECT_MS, TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private @Nullable String offer(WebRtcClient next) throws InterruptedException {
    HttpRequest.Builder request =
        engine
            .api()
            .request(place.path() + "/rtc?listening=forward", token)
            .header("Content-Type", "application/sdp")
            .POST(HttpRequest.BodyPublishers.ofString(next.offer()));
    try {
      HttpResponse<String> answer =
          engine.api().http().send(request.build(), HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 201 ? answer.body() : null;
    } catch (IOException e) {
      return null;
    }
  }

  private WebRtcClient newClient(int number) {
    engine.ears().hearBy(number, ear);
    ClientSettings settings =
        new ClientSettings(number, 3, voice, 20, false, true, null, null, false, engine.ears());
    return new WebRtcClient(settings, engine.loop(), engine.dtls(), number);
  }
}
