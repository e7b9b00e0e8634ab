package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EventsClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options of a conference that runs, and finding conferences again, through the HTTP door. */
final class ConferenceOptionsIT {
  @TempDir static Path folder;
  static RunningService service;
  static ApiClient client;
  static String key;

  @BeforeAll
  static void start() {
    service = new RunningService(folder);
    client = service.client();
    key = service.key();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @BeforeEach
  void letQuotasRefill() {
    service.clock().advance(Duration.ofSeconds(10));
  }

  @Test
  void everyOptionCanBeSetAndChangedAndTakenAway() {
    String all =
        """
        {"locked":true,"lobby":true,"maxParticipants":7,"emptyTimeoutSec":60,"maxDurationSec":3600,
         "endWhen":"host-left","departureTimeoutSec":30,"tags":{"project":"x","lang":"fr"},"attributes":"{\\n}"}
        """;
    String path = "/v1/conferences/" + service.conference(all);
    JsonNode made = client.get(path, key).expect(200).json();
    assertThat(made.path("locked").asBoolean()).isTrue();
    assertThat(made.path("lobby").asBoolean()).isTrue();
    assertThat(made.path("maxDurationSec").asInt()).isEqualTo(3600);
    assertThat(made.path("endWhen").asText()).isEqualTo("host-left");
    assertThat(made.path("departureTimeoutSec").asInt()).isEqualTo(30);
    assertThat(made.at("/tags/lang").asText()).isEqualTo("fr");
    assertThat(made.path("attributes").asText()).isEqualTo("{\n}");

    ApiClient.Reply changed =
        client
            .patch(
                path,
                key,
                """
                {"locked":false,"maxDurationSec":null,"tags":{"project":"y"},"attributes":null}
                """)
            .expect(200);

    assertThat(changed.header("ETag")).isEqualTo("\"2\"");
    assertThat(changed.json().path("locked").asBoolean()).isFalse();
    assertThat(changed.json().path("lobby").asBoolean()).as("left out").isTrue();
    assertThat(changed.json().has("maxDurationSec")).isFalse();
    assertThat(changed.json().has("attributes")).isFalse();
    assertThat(changed.json().path("tags").toString()).isEqualTo("{\"project\":\"y\"}");
    assertThat(client.get(path, key).expect(200).json()).isEqualTo(changed.json());
    assertThat(client.patch(path, key, "{\"lobby\":true}").expect(200).header("ETag"))
        .as("no change")
        .isEqualTo("\"2\"");
  }

  @Test
  void changeMayDependOnTheVersion() {
    String path = "/v1/conferences/" + service.conference("{}");
    String lock = "{\"locked\":true}";

    client.patch(path, key, lock, "If-Match", "\"2\"").expect(412, "version-mismatch");
    client.patch(path, key, lock, "If-Match", "W/\"1\"").expect(412, "version-mismatch");
    client.patch(path, key, lock, "If-Match", "\"1\"").expect(200);
    client.patch(path, key, "{\"locked\":false}", "If-Match", "*").expect(200);
    client.get(path, key, "If-None-Match", "*").expect(304);
    client.get(path, key, "If-None-Match", "W/\"3\"").expect(304);
  }

  @Test
  void whatIsWrongIsToldWithItsPlaceAndChangesNothing() {
    String path = "/v1/conferences/" + service.conference("{}");
    String tooMany = "{\"maxParticipants\":10001,\"locked\":true}";
    String ofWrongKinds =
        """
        {"locked":"yes","maxDurationSec":59,"endWhen":"never","tags":{"a":1},"attributes":{},"alias":"b"}
        """;
    String longText = "é".repeat(8193);

    client.patch(path, key, tooMany).expect(422, "invalid");
    JsonNode errors = client.patch(path, key, ofWrongKinds).expect(422, "invalid").json();
    client.patch(path, key, "{}").expect(422, "invalid");
    client.patch(path, key, "{\"attributes\":\"" + longText + "\"}").expect(422, "invalid");
    client.patch(path, key, "{\"tags\":{\"\":\"a\"}}").expect(422, "invalid");
    client.patch(path, key, "{\"tags\":" + tags(51) + "}").expect(422, "invalid");
    client.patch(path, key, "[]").expect(400, "malformed");

    assertThat(errors.path("errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder(
            "/locked", "/maxDurationSec", "/endWhen", "/tags", "/attributes", "/alias");
    assertThat(client.get(path, key).header("ETag")).isEqualTo("\"1\"");
    client.patch(path, key, "{\"tags\":" + tags(50) + "}").expect(200);
    client.patch(path, key, "{\"attributes\":\"" + longText.substring(1) + "\"}").expect(200);
  }

  @Test
  void moderatorsMayLockAndNoMore() {
    String id = service.conference("{}");
    String path = "/v1/conferences/" + id;
    String host = service.token(id, "{\"identity\":\"host\",\"role\":\"host\"}");
    String guest = service.tokenFor(id, "guest");

    client.patch(path, guest, "{\"locked\":true}").expect(403, "grant-missing");
    client.patch(path, host, "{\"maxParticipants\":1}").expect(403, "key-needed");
    client.patch(path, host, "{\"locked\":true,\"lobby\":true}").expect(200);

    client.post(path + "/participants", guest, "{}").expect(403, "conference-locked");
    client.delete(path, key).expect(200);
    client.patch(path, key, "{\"locked\":false}").expect(410, "ended");
  }

  @Test
  void everyoneInTheConferenceIsToldOfAChange() throws InterruptedException {
    String id = service.conference("{}");
    String path = "/v1/conferences/" + id;
    String ticket = client.post(path + "/event-tickets", key, "{}").expect(201).text("ticket");
    EventsClient watcher = EventsClient.connect(service.httpPort(), id, ticket, -1);
    JsonNode welcome = watcher.next("welcome");
    assertThat(welcome.at("/snapshot/conference/locked").asBoolean(true)).isFalse();

    client.patch(path, key, "{\"locked\":true,\"attributes\":\"secret\"}").expect(200);

    JsonNode told = watcher.next("conference.updated").path("data");
    assertThat(told.path("changed").toString()).isEqualTo("[\"attributes\",\"locked\"]");
    assertThat(told.path("locked").asBoolean()).isTrue();
    assertThat(told.path("version").asLong()).isEqualTo(2);
    assertThat(told.toString()).as("to be read, not told").doesNotContain("secret");
  }

  @Test
  void changesAreLimitedAndSaySo() {
    String path = "/v1/conferences/" + service.conference("{}");
    ApiClient.Reply reply = client.patch(path, key, "{\"locked\":true}").expect(200);
    assertThat(reply.header("RateLimit-Policy")).isEqualTo("\"update\";q=20;w=10");
    for (int i = 0; i < 20 && reply.status() == 200; i++) {
      reply = client.patch(path, key, "{\"locked\":true}");
    }

    reply.expect(429, "quota-exceeded");
  }

  @Test
  void createThatIsRepeatedAnswersAsThenThoughOptionsHaveChanged() {
    String body = "{\"tags\":{\"a\":\"1\",\"b\":\"2\"},\"attributes\":\"first\"}";
    ApiClient.Reply made =
        client.post("/v1/conferences", key, body, "Idempotency-Key", "options").expect(201);
    client.patch(made.header("Location"), key, "{\"attributes\":\"second\"}").expect(200);

    String other = "{\"attributes\":\"first\",\"tags\":{\"b\":\"2\",\"a\":\"1\"}}";
    ApiClient.Reply again =
        client.post("/v1/conferences", key, other, "Idempotency-Key", "options").expect(201);

    assertThat(again.json()).isEqualTo(made.json());
    assertThat(again.header("ETag")).isEqualTo("\"1\"");
    client
        .post("/v1/conferences", key, "{\"attributes\":\"x\"}", "Idempotency-Key", "options")
        .expect(422, "idempotency-key-reused");
  }

  @Test
  void conferencesAreFoundByTimeAndByTheRegionOfTheirMedia() {
    String before = service.conference("{\"alias\":\"before\"}");
    service.clock().advance(Duration.ofMinutes(1));
    String from = service.clock().instant().toString();
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      service.clock().advance(Duration.ofSeconds(1));
      made.addFirst(service.conference("{}"));
    }
    service.clock().advance(Duration.ofSeconds(1));
    String to = service.clock().instant().toString();
    String after = service.conference("{}");
    connect(made.get(1));
    connect(after);

    String time = "from=" + from + "&to=" + to;
    assertThat(ids("?" + time)).isEqualTo(made);
    assertThat(ids("?limit=1&" + time)).isEqualTo(made);
    assertThat(ids("?region=local&" + time)).containsExactly(made.get(1));
    assertThat(ids("?state=live&region=local&from=" + from)).containsExactly(after, made.get(1));
    assertThat(ids("?region=eu&" + time)).isEmpty();
    assertThat(ids("?alias=BEFORE&to=" + to)).containsExactly(before);
    assertThat(ids("?alias=before&from=" + from)).isEmpty();
    assertThat(ids("?from=" + to + "&to=" + from)).isEmpty();
    ApiClient.Reply page = list("?limit=1&" + time).expect(200);
    String next = page.header("Link").replaceFirst("^</v1/conferences(.*)>; rel=\"next\"$", "$1");
    assertThat(list(next).expect(200).json().at("/data/0/id").asText()).isEqualTo(made.get(1));
    list("?cursor=" + page.text("next")).expect(400, "cursor-invalid");
    list("?from=yesterday").expect(422, "invalid");
    list("?to=1969-12-31T00:00:00Z").expect(422, "invalid");
    list("?region=").expect(422, "invalid");
  }

  /** Has somebody's media come up. */
  private static void connect(String conference) {
    try (ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), conference)) {
      String id =
          client
              .post(
                  "/v1/conferences/" + conference + "/participants",
                  service.tokenFor(conference, "ana"),
                  "{\"sdp\":\"v=0\"}")
              .expect(201)
              .text("id");
      media.report(
          new StateEvent.ParticipantConnected(
              new ConferenceId(conference), 1, new ParticipantId(id)));
    }
  }

  private static String tags(int count) {
    List<String> tags = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tags.add("\"t" + i + "\":\"\"");
    }
    return "{" + String.join(",", tags) + "}";
  }

  private static ApiClient.Reply list(String query) {
    service.clock().advance(Duration.ofSeconds(1));
    return client.get("/v1/conferences" + query, key);
  }

  private static List<String> ids(String query) {
    List<String> ids = new ArrayList<>();
    JsonNode page = list(query).expect(200).json();
    page.path("data").forEach(conference -> ids.add(conference.path("id").asText()));
    while (page.has("next")) {
      page = list(query + "&cursor=" + page.path("next").asText()).expect(200).json();
      page.path("data").forEach(conference -> ids.add(conference.path("id").asText()));
    }
    return ids;
  }
}
