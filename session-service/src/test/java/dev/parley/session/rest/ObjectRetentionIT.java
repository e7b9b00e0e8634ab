package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EndedCalls;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.session.object.directory.DirectoryStoreHandle;
import dev.parley.testsupport.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long objects are kept, by whose word, with a directory store behind it. */
@Timeout(60)
final class ObjectRetentionIT {
  private static final String RETENTION = "/v1/retention";
  private static final String CONTENT_SHA256 =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  /** What is stored already is looked at after that when a rule changes. */
  private static final Duration SETTLE_TIME = Duration.ofSeconds(11);

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private DirectoryStoreHandle store;
  private RunningService service;
  private ApiClient client;

  @BeforeEach
  void start() throws IOException {
    Path objects = Files.createDirectory(folder.resolve("objects"));
    InstantSource now = () -> service == null ? RunningService.START : service.clock().instant();
    store = DirectoryStoreHandle.start(objects, now.withZone(ZoneOffset.UTC));
    service = new RunningService(folder.resolve("session"), store.arguments());
    client = service.client();
  }

  @AfterEach
  void stop() {
    service.close();
    store.close();
    http.close();
  }

  @Test
  void whatATenantSaysIsMadeReadChangedAndTakenBack() {
    client.get(RETENTION, service.key()).expect(404, "not-found");
    put("{\"days\":{\"file\":-1}}").expect(422, "invalid");
    put("{\"days\":{\"file\":36501}}").expect(422, "invalid");
    put("{\"days\":{\"song\":1}}").expect(422, "invalid");
    put("{}").expect(422, "invalid");
    client
        .send(
            "PUT",
            RETENTION,
            service.key("default", "library"),
            "application/json",
            "{\"days\":{\"file\":1}}")
        .expect(403, "scope-missing");

    ApiClient.Reply made = put("{\"days\":{\"file\":30,\"recording\":0}}").expect(201);
    assertThat(made.header("ETag")).isEqualTo("\"1\"");
    assertThat(made.json().path("days")).isEqualTo(Wire.parse("{\"recording\":0,\"file\":30}"));
    put("{\"days\":{\"recording\":0,\"file\":30}}").expect(200);
    put("{\"days\":{\"file\":31}}").expect(428, "if-match-missing");
    put("{\"days\":{\"file\":31}}", "If-Match", "\"7\"").expect(412, "version-mismatch");
    put("{\"days\":{\"file\":31}}", "If-Match", "\"1\"").expect(200);
    ApiClient.Reply read = client.get(RETENTION, service.key()).expect(200);
    assertThat(read.header("ETag")).isEqualTo("\"2\"");
    assertThat(read.json().path("days")).isEqualTo(Wire.parse("{\"file\":31}"));
    client.get(RETENTION, service.key("other", "library")).expect(404, "not-found");

    client.delete(RETENTION, service.key()).expect(204);
    client.delete(RETENTION, service.key()).expect(404, "not-found");
    client.get(RETENTION, service.key()).expect(404, "not-found");
    assertThat(put("{\"days\":{}}").expect(201).text("version")).isEqualTo("4");
    assertThat(service.admin().get("/admin/audit", null).expect(200).body())
        .contains("PUT /v1/retention", "DELETE /v1/retention");
  }

  @Test
  void whatHasBeenKeptLongEnoughIsErasedWithAReceipt() throws Exception {
    put("{\"days\":{\"file\":30}}").expect(201);
    String file = available("\"tags\":{\"a\":\"1\"}");
    String photo = available("\"kind\":\"photo\"");
    String pending = register("\"kind\":\"file\"").text("id");
    JsonNode told = object(file).path("retention");
    assertThat(told.path("days").asInt()).isEqualTo(30);
    assertThat(told.path("from").asText()).isEqualTo("tenant");
    assertThat(Instant.parse(told.path("until").asText()))
        .isEqualTo(
            Instant.parse(object(file).path("availableAt").asText()).plus(Duration.ofDays(30)));
    assertThat(object(photo).has("retention")).isFalse();
    assertThat(object(pending).path("retention").has("until")).isFalse();

    service.clock().advance(Duration.ofDays(29));
    String later = available("\"kind\":\"file\"");
    awaitState(pending, "erased");
    assertThat(state(file)).isEqualTo("available");
    service.clock().advance(Duration.ofDays(1).plusMinutes(1));
    awaitState(file, "erased");

    JsonNode receipt = object(file);
    assertThat(receipt.path("erasedBy").asText()).isEqualTo("retention");
    assertThat(receipt.path("erasedAt").asText()).isNotEmpty();
    assertThat(receipt.has("name")).isFalse();
    assertThat(object(pending).has("erasedBy")).isFalse();
    client.post(path(file) + "/link", service.key(), "{}").expect(410, "object-erased");
    assertThat(state(photo)).isEqualTo("available");
    assertThat(state(later)).isEqualTo("available");
    assertThat(service.admin().sendUnchecked("GET", "/metrics", null, null, null).body().lines())
        .contains("parley_library_expired_total 1.0");
  }

  @Test
  void theNearestWordHolds() throws Exception {
    put("{\"days\":{\"file\":10,\"photo\":10}}").expect(201);
    String channel = channel("{\"name\":\"Sales\",\"retention\":{\"file\":20}}");
    String plain = service.conference("{\"channel\":\"" + channel + "\"}");
    JsonNode call =
        client
            .post(
                "/v1/conferences",
                service.key(),
                "{\"channel\":\"%s\",\"retention\":{\"file\":30}}".formatted(channel))
            .expect(201)
            .json();
    assertThat(call.at("/retention/file").asInt()).isEqualTo(30);
    String of = "\"conference\":\"" + call.path("id").asText() + "\"";
    String tenants = available("\"kind\":\"file\"");
    String channels = available("\"conference\":\"" + plain + "\"");
    String photo = available("\"kind\":\"photo\",\"conference\":\"" + plain + "\"");
    String calls = available(of);
    String own = available(of + ",\"retentionDays\":40");
    String kept = available(of + ",\"retentionDays\":0");

    assertThat(from(tenants)).isEqualTo("tenant 10");
    assertThat(from(channels)).isEqualTo("channel 20");
    assertThat(from(photo)).isEqualTo("tenant 10");
    assertThat(from(calls)).isEqualTo("conference 30");
    assertThat(from(own)).isEqualTo("object 40");
    assertThat(from(kept)).isEqualTo("object 0");
    service.clock().advance(Duration.ofDays(10).plusMinutes(1));
    awaitState(tenants, "erased");
    awaitState(photo, "erased");
    assertThat(state(channels)).isEqualTo("available");
    service.clock().advance(Duration.ofDays(10));
    awaitState(channels, "erased");
    assertThat(state(calls)).isEqualTo("available");
    service.clock().advance(Duration.ofDays(10));
    awaitState(calls, "erased");
    assertThat(state(own)).isEqualTo("available");
    service.clock().advance(Duration.ofDays(10));
    awaitState(own, "erased");
    assertThat(state(kept)).isEqualTo("available");
    patch(path(kept), "{\"retentionDays\":null}").expect(200);
    awaitState(kept, "erased");
  }

  @Test
  void whatIsOnHoldStaysUntilTheHoldEnds() throws Exception {
    put("{\"days\":{\"file\":5}}").expect(201);
    String channel = channel("{\"name\":\"Law\"}");
    String itself = available("\"legalHold\":true");
    String inChannel;
    String inCall;
    try (ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      EndedCalls calls = new EndedCalls(service, media);
      String filed = calls.over("{\"channel\":\"" + channel + "\"}", "ana");
      String call = calls.over("{}", "ana");
      calls.settle();
      inChannel = available("\"conference\":\"" + filed + "\"");
      inCall = available("\"conference\":\"" + call + "\"");
      hold("/v1/channels/" + channel).expect(200);
      hold("/v1/conversations/" + call).expect(200);
      String other = available("\"kind\":\"file\"");

      service.clock().advance(Duration.ofDays(6));
      awaitState(other, "erased");
      for (int day = 0; day < 3; day++) {
        String goes = available("\"kind\":\"file\"");
        service.clock().advance(Duration.ofDays(5).plusMinutes(1));
        awaitState(goes, "erased");
      }
      for (String held : new String[] {itself, inChannel, inCall}) {
        assertThat(state(held)).isEqualTo("available");
      }

      client.delete("/v1/conversations/" + call + "/legal-hold", service.key()).expect(200);
    }
    client.delete("/v1/channels/" + channel + "/legal-hold", service.key()).expect(200);
    client.delete(path(itself) + "/legal-hold", service.key()).expect(200);
    awaitState(itself, "erased");
    service.clock().advance(Duration.ofDays(1).plusMinutes(1));
    awaitState(inChannel, "erased");
    awaitState(inCall, "erased");
  }

  @Test
  void anotherRuleHoldsForWhatIsThereAlready() throws Exception {
    String channel = channel("{\"name\":\"Sales\"}");
    String conference = service.conference("{\"channel\":\"" + channel + "\"}");
    String filed = available("\"conference\":\"" + conference + "\"");
    String mustStay = available("\"retainUntil\":\"2027-03-01T00:00:00Z\"");
    String file = available("\"kind\":\"file\"");
    service.clock().advance(Duration.ofDays(20));

    ApiClient.Reply said = put("{\"days\":{\"file\":60}}").expect(201);
    assertThat(said.json().path("applied").asBoolean()).isFalse();
    awaitApplied();
    put("{\"days\":{\"file\":10}}", "If-Match", "*").expect(200);
    JsonNode longer =
        patch("/v1/channels/" + channel, "{\"retention\":{\"file\":90}}").expect(200).json();
    assertThat(longer.at("/retention/file").asInt()).isEqualTo(90);
    awaitApplied();
    awaitState(file, "erased");
    assertThat(state(filed)).isEqualTo("available");
    assertThat(state(mustStay)).as("it must be kept").isEqualTo("available");
    assertThat(object(mustStay).at("/retention/until").asText()).isEqualTo("2027-03-01T00:00:00Z");

    patch("/v1/channels/" + channel, "{\"retention\":{}}").expect(200);
    awaitApplied();
    awaitState(filed, "erased");
    service.clock().advance(Duration.ofDays(120));
    awaitState(mustStay, "erased");
  }

  @Test
  void aNodeThatIsBackGoesOn() throws Exception {
    String file = available("\"kind\":\"file\"");
    put("{\"days\":{\"file\":10}}").expect(201);
    service.close();

    service = new RunningService(folder.resolve("session"), store.arguments());
    client = service.client();
    service.clock().advance(Duration.ofDays(11));

    awaitState(file, "erased");
  }

  private void awaitApplied() {
    RedisServer.await(
        "what is there is looked at",
        () -> {
          service.clock().advance(SETTLE_TIME);
          return client
              .get(RETENTION, service.key())
              .expect(200)
              .json()
              .path("applied")
              .asBoolean();
        });
  }

  private void awaitState(String id, String state) {
    RedisServer.await(id + " is " + state, () -> state(id).equals(state));
  }

  private String state(String id) {
    return object(id).path("state").asText();
  }

  private String from(String id) {
    JsonNode retention = object(id).path("retention");
    return retention.path("from").asText() + " " + retention.path("days").asInt();
  }

  private JsonNode object(String id) {
    return client.get(path(id), service.key()).expect(200).json();
  }

  private ApiClient.Reply put(String body, String... headers) {
    // Quotas refill.
    service.clock().advance(Duration.ofSeconds(1));
    return client.send("PUT", RETENTION, service.key(), "application/json", body, headers);
  }

  private ApiClient.Reply patch(String path, String body) {
    return client.patch(path, service.key(), body, "If-Match", "*");
  }

  private ApiClient.Reply hold(String path) {
    return client.send("PUT", path + "/legal-hold", service.key(), null, null);
  }

  private String channel(String body) {
    return client.post("/v1/channels", service.key(), body).expect(201).text("id");
  }

  private ApiClient.Reply register(String more) {
    service.clock().advance(Duration.ofSeconds(1));
    return client
        .post(
            "/v1/objects",
            service.key(),
            "{\"name\":\"a\",\"size\":4,\"contentType\":\"text/plain\",\"sha256\":\"%s\",%s}"
                .formatted(CONTENT_SHA256, more))
        .expect(201);
  }

  /** Registers an object, uploads its content and commits it; returns its id. */
  private String available(String more) throws Exception {
    JsonNode registered = register(more).json();
    JsonNode upload = registered.path("upload");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(upload.path("url").asText()))
            .PUT(HttpRequest.BodyPublishers.ofString("test"));
    upload
        .path("headers")
        .properties()
        .forEach(header -> request.header(header.getKey(), header.getValue().asText()));
    assertThat(http.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    String id = registered.path("id").asText();
    client.post(path(id) + "/commit", service.key(), "").expect(200);
    return id;
  }

  private static String path(String id) {
    return "/v1/objects/" + id;
  }
}
