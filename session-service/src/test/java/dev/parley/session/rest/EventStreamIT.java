package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events as a stream, through the HTTP door. */
final class EventStreamIT {
  @TempDir Path folder;

  private RunningService service;
  private ApiClient client;
  private String path = "";

  @BeforeEach
  void start() {
    service = new RunningService(folder);
    client = service.client();
    path = "/v1/conferences/" + service.conference("{}");
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void streamBeginsWithASnapshotAndEndsWithTheConference() throws Exception {
    try (Events events = watch(ticket(), null)) {
      Event welcome = events.next();
      assertThat(welcome.data().path("type").asText()).isEqualTo("welcome");
      assertThat(welcome.data().path("snapshot").isObject()).isTrue();
      assertThat(welcome.id()).isEqualTo(welcome.data().path("seq").asText());

      say("line\\nbreak");
      Event message = events.next();
      assertThat(message.data().at("/data/text").asText()).isEqualTo("line\nbreak");
      assertThat(message.id()).isEqualTo(message.data().path("seq").asText());
      client.delete(path, service.key()).expect(200);

      assertThat(events.next().data().path("type").asText()).isEqualTo("conference.ended");
      Event closed = events.next();
      assertThat(closed.data().path("code").asInt()).isEqualTo(1000);
      assertThat(closed.id()).isEmpty();
      assertThat(events.hasNext()).as("nothing follows").isFalse();
    }
  }

  @Test
  void brokenStreamGoesOnWhereItStopped() throws Exception {
    try (Events other = watch(ticket(), null)) {
      // Somebody watches all the time, so that events are remembered.
      other.next();
      String last;
      try (Events events = watch(ticket(), null)) {
        events.next();
        say("first");
        last = events.next().id();
      }
      say("second");
      say("third");

      try (Events events = watch(ticket(), last)) {
        Event welcome = events.next();
        assertThat(welcome.data().path("resumed").asBoolean()).isTrue();
        assertThat(events.next().data().at("/data/text").asText()).isEqualTo("second");
        assertThat(events.next().data().at("/data/text").asText()).isEqualTo("third");
      }
      String query = "&lastEventId=" + last;
      try (Events events = open(path + "/events?ticket=" + ticket() + query, null)) {
        assertThat(events.next().data().path("resumed").asBoolean()).isTrue();
      }
      try (Events events = watch(ticket(), "nonsense")) {
        assertThat(events.next().data().path("snapshot").isObject()).isTrue();
      }
    }
  }

  @Test
  void ticketOpensOneStream() throws Exception {
    String ticket = ticket();
    try (Events events = watch(ticket, null)) {
      events.next();
      String address = path + "/events?ticket=" + ticket;
      client.get(address, null, "Accept", "text/event-stream").expect(401, "ticket-invalid");
      client.get(address, null).expect(426, "upgrade-required");
    }
  }

  @Test
  void serviceThatStopsSaysSo() throws Exception {
    try (Events events = watch(ticket(), null)) {
      events.next();

      service.close();

      assertThat(events.next().data().path("code").asInt()).isEqualTo(1001);
      assertThat(events.hasNext()).isFalse();
    }
  }

  private String ticket() {
    service.clock().advance(Duration.ofSeconds(1));
    return client.post(path + "/event-tickets", service.key(), "").expect(201).text("ticket");
  }

  private void say(String text) {
    client.post(path + "/messages", service.key(), "{\"text\":\"" + text + "\"}").expect(201);
  }

  private Events watch(String ticket, @Nullable String lastEventId) throws Exception {
    return open(path + "/events?ticket=" + ticket, lastEventId);
  }

  private Events open(String address, @Nullable String lastEventId) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.httpPort() + address))
            .header("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpClient http = HttpClient.newHttpClient();
    HttpResponse<Stream<String>> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofLines());
    service.contract().check("GET", address, response.statusCode(), response.headers(), "");
    return new Events(http, response.body());
  }

  /** One event of a stream. */
  private record Event(String id, JsonNode data) {}

  /** A stream of events, read as the standard says. */
  private static final class Events implements AutoCloseable {
    private final HttpClient http;
    private final Iterator<String> lines;

    Events(HttpClient http, Stream<String> lines) {
      this.http = http;
      this.lines = lines.iterator();
    }

    Event next() throws IOException {
      String id = "";
      String data = "";
      for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ")) {
          data += line.substring(6);
        }
      }
      return new Event(id, new JsonMapper().readTree(data));
    }

    boolean hasNext() {
      return lines.hasNext();
    }

    @Override
    public void close() {
      http.shutdownNow();
    }
  }
}
