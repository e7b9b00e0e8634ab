package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EndedCalls;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.session.object.directory.DirectoryStoreHandle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What must be kept, and what a channel's policy holds for, with a directory store behind it. */
@Timeout(60)
final class LegalHoldIT {
  private static final String CONTENT_SHA256 =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  @TempDir static Path folder;
  static final HttpClient HTTP = HttpClient.newHttpClient();
  static DirectoryStoreHandle store;
  static RunningService service;
  static ScriptedMediaServer media;
  static ApiClient client;
  static EndedCalls calls;

  @BeforeAll
  static void start() throws IOException {
    Path objects = Files.createDirectory(folder.resolve("objects"));
    InstantSource now = () -> service == null ? RunningService.START : service.clock().instant();
    store = DirectoryStoreHandle.start(objects, now.withZone(ZoneOffset.UTC));
    service = new RunningService(folder.resolve("session"), store.arguments());
    media = ScriptedMediaServer.dial(service.linkPort(), "ms-1");
    client = service.client();
    calls = new EndedCalls(service, media);
  }

  @AfterAll
  static void stop() {
    media.close();
    service.close();
    store.close();
    HTTP.close();
  }

  @BeforeEach
  void letQuotasRefill() {
    service.clock().advance(Duration.ofSeconds(10));
  }

  @Test
  void nothingOfAConversationIsErasedWhileItIsHeld() throws Exception {
    String call = calls.live("{}", "ana", "ben");
    String file = share(call, "ana");
    client.delete("/v1/conferences/" + call, service.key()).expect(200);
    calls.settle();
    String hold = "/v1/conversations/" + call + "/legal-hold";

    assertThat(put(hold).expect(200).json().path("legalHold").asBoolean()).isTrue();
    put(hold).expect(200);
    erase(file).expect(409, "object-held");
    calls.erase("ana");
    JsonNode messages = messages(call);
    assertThat(messages.at("/data/0/text").asText()).isEqualTo("Hello from ana");
    assertThat(messages.at("/data/0/sender/identity").asText()).isEqualTo("erased");
    JsonNode object = client.get("/v1/objects/" + file, service.key()).expect(200).json();
    assertThat(object.path("state").asText()).isEqualTo("available");

    String ben = calls.tokenOf("ben");
    calls.awaitListed(ben, call);
    String links = "/v1/conversations/" + call + "/links";
    JsonNode signed =
        client
            .post(links, ben, "{\"ids\":[\"" + file + "\",\"ob_none\"]}")
            .expect(200)
            .json()
            .path("data");
    assertThat(signed.at("/0/url").asText()).startsWith(store.address());
    assertThat(signed.at("/1/code").asText()).isEqualTo("not-found");
    String silent = calls.tokenOf("ben", "{\"files\":false}");
    assertThat(
            client
                .post(links, silent, "{\"ids\":[\"" + file + "\"]}")
                .expect(200)
                .json()
                .at("/data/0/code")
                .asText())
        .as("without the grant")
        .isEqualTo("not-found");
    JsonNode details = client.get("/v1/conversations/" + call, service.key()).expect(200).json();
    assertThat(details.at("/objects/0/id").asText()).isEqualTo(file);
    assertThat(
            client
                .get("/v1/conversations/" + call, ben)
                .expect(200)
                .json()
                .at("/files/0/id")
                .asText())
        .isEqualTo(file);

    client.delete(hold, service.key()).expect(200);
    erase(file).expect(200);
    assertThat(audit())
        .contains(
            "PUT /v1/conversations/{v}/legal-hold", "DELETE /v1/conversations/{v}/legal-hold");
  }

  @Test
  void aChannelThatIsHeldKeepsAllThatIsInItThoughTheCallGoesOn() throws Exception {
    String channel = channel("{\"name\":\"Sales\"}");
    String call = calls.live("{\"channel\":\"" + channel + "\"}", "ana");
    String file = share(call, "ana");
    String hold = "/v1/channels/" + channel + "/legal-hold";

    put(hold).expect(200);

    erase(file).expect(409, "object-held");
    client.delete("/v1/channels/" + channel, service.key()).expect(409, "object-held");
    client
        .delete("/v1/conferences/" + call + "/files/" + file, service.tokenFor(call, "ana"))
        .expect(409, "object-held");
    client.delete(hold, service.key()).expect(200);
    erase(file).expect(200);
    client.delete("/v1/channels/" + channel, service.key()).expect(204);
    put(hold).expect(404, "not-found");
  }

  @Test
  void whoMayKeepObjectsMayNotHoldThem() throws Exception {
    String file = share(calls.live("{}", "ana"), "ana");
    String key = service.key("default", "library");
    String hold = "/v1/objects/" + file + "/legal-hold";

    client.send("PUT", hold, key, null, null).expect(403, "scope-missing");
    client
        .patch("/v1/objects/" + file, key, "{\"legalHold\":true}", "If-Match", "*")
        .expect(403, "scope-missing");
    assertThat(put(hold).expect(200).json().path("legalHold").asBoolean()).isTrue();
    client
        .patch("/v1/objects/" + file, key, "{\"legalHold\":false}", "If-Match", "*")
        .expect(403, "scope-missing");
    client
        .patch("/v1/objects/" + file, key, "{\"tags\":{\"a\":\"b\"}}", "If-Match", "*")
        .expect(200);
    client.delete(hold, key).expect(403, "scope-missing");
    erase(file).expect(409, "object-held");
    client.delete(hold, service.key()).expect(200);
    erase(file).expect(200);
    client
        .send("PUT", "/v1/channels/ch_none/legal-hold", key, null, null)
        .expect(403, "scope-missing");
    client
        .send("PUT", "/v1/conversations/cf_none/legal-hold", key, null, null)
        .expect(403, "scope-missing");
  }

  @Test
  void aChannelsPolicyHoldsForAllInItAtOnceAndAfterItIsDeleted() throws Exception {
    policy("here", "\"local\"");
    policy("there", "\"eu\"");
    String channel = channel("{\"name\":\"Law\",\"residency\":\"here\"}");
    String call = calls.live("{\"channel\":\"" + channel + "\"}", "ana");
    assertThat(
            client
                .get("/v1/conferences/" + call, service.key())
                .expect(200)
                .json()
                .at("/placement/allowed/0")
                .asText())
        .isEqualTo("local");
    String file = share(call, "ana");
    link(file).expect(201);

    ApiClient.Reply moved =
        client
            .patch(
                "/v1/channels/" + channel,
                service.key(),
                "{\"residency\":\"there\"}",
                "If-Match",
                "*")
            .expect(200);
    assertThat(moved.text("residency")).isEqualTo("there");

    assertThat(link(file).expect(403, "residency-denied").json().path("regions").toString())
        .isEqualTo("[\"eu\"]");
    register(call).expect(422, "residency-unsatisfiable");
    client
        .post(
            "/v1/conferences",
            service.key(),
            "{\"channel\":\"%s\",\"placement\":{\"residency\":\"here\"}}".formatted(channel))
        .expect(422, "residency-unsatisfiable");
    client.delete("/v1/channels/" + channel, service.key()).expect(204);
    link(file).expect(403, "residency-denied");
    policy("there", "\"local\"", "If-Match", "*");
    link(file).expect(201);
  }

  /** The whole log, page by page. */
  private static String audit() {
    StringBuilder log = new StringBuilder();
    String cursor = "";
    do {
      ApiClient.Reply page = service.admin().get("/admin/audit" + cursor, null).expect(200);
      log.append(page.body());
      cursor = page.json().has("next") ? "?cursor=" + page.text("next") : "";
    } while (!cursor.isEmpty());
    return log.toString();
  }

  private static String channel(String body) {
    return client.post("/v1/channels", service.key(), body).expect(201).text("id");
  }

  private static void policy(String name, String regions, String... headers) {
    assertThat(
            client
                .send(
                    "PUT",
                    "/v1/residency-policies/" + name,
                    service.key(),
                    "application/json",
                    "{\"allowedRegions\":[" + regions + "]}",
                    headers)
                .status())
        .isBetween(200, 201);
  }

  private static ApiClient.Reply register(String call) {
    return client.post(
        "/v1/objects",
        service.key(),
        "{\"name\":\"a\",\"size\":4,\"contentType\":\"text/plain\",\"sha256\":\"%s\",\"conference\":\"%s\"}"
            .formatted(CONTENT_SHA256, call));
  }

  /** Shares a file, as people do; returns its id. */
  private static String share(String call, String identity) throws Exception {
    String token = service.tokenFor(call, identity);
    String files = "/v1/conferences/" + call + "/files";
    JsonNode shared =
        client
            .post(
                files,
                token,
                "{\"name\":\"a\",\"size\":4,\"contentType\":\"text/plain\",\"sha256\":\"%s\"}"
                    .formatted(CONTENT_SHA256))
            .expect(201)
            .json();
    JsonNode upload = shared.path("upload");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(upload.path("url").asText()))
            .PUT(HttpRequest.BodyPublishers.ofString("test"));
    upload
        .path("headers")
        .properties()
        .forEach(header -> request.header(header.getKey(), header.getValue().asText()));
    assertThat(HTTP.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    String id = shared.path("id").asText();
    client.post(files + "/" + id + "/commit", token, "").expect(200);
    return id;
  }

  private static JsonNode messages(String call) {
    return client.get("/v1/conversations/" + call + "/messages", service.key()).expect(200).json();
  }

  private static ApiClient.Reply link(String id) {
    return client.post("/v1/objects/" + id + "/link", service.key(), "{}");
  }

  private static ApiClient.Reply erase(String id) {
    return client.delete("/v1/objects/" + id, service.key());
  }

  private static ApiClient.Reply put(String path) {
    return client.send("PUT", path, service.key(), null, null);
  }
}
