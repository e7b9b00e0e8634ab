package dev.parley.session.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.MovableClock;
import dev.parley.session.harness.RunningService;
import dev.parley.session.object.directory.DirectoryStoreHandle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Library by its own door, with a directory store behind it. */
final class ObjectApiIT {
  private static final long PATIENCE_NS = Duration.ofSeconds(20).toNanos();

  @TempDir Path folder;

  private final MovableClock storeClock = new MovableClock(RunningService.START);
  private final HttpClient http = HttpClient.newHttpClient();
  private DirectoryStoreHandle store;
  private RunningService service;
  private ApiClient client;

  @BeforeEach
  void start() throws IOException {
    store = DirectoryStoreHandle.start(Files.createDirectory(folder.resolve("store")), storeClock);
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
  void whatIsUploadedIsReadByALink() throws Exception {
    ApiClient.Reply registered = register("\"tags\":{\"lang\":\"fr\"},\"attributes\":\"e30=\"");
    assertThat(registered.text("state")).isEqualTo("pending");
    assertThat(registered.header("Location")).isEqualTo("/v1/objects/" + registered.text("id"));
    String id = registered.text("id");

    client.post(object(id) + "/link", service.key(), "{}").expect(409, "object-pending");
    client.post(object(id) + "/commit", service.key(), "").expect(409, "object-absent");
    assertThat(upload(registered, "test").statusCode()).isEqualTo(200);
    ApiClient.Reply committed = client.post(object(id) + "/commit", service.key(), "").expect(200);

    assertThat(committed.text("state")).isEqualTo("available");
    assertThat(committed.text("verified")).isEqualTo("sha256");
    assertThat(committed.json().has("upload")).isFalse();
    ApiClient.Reply link =
        client.post(object(id) + "/link", service.key(), "{\"ttlSec\":60}").expect(201);
    HttpResponse<String> content = fetch(link.text("url"));
    assertThat(content.statusCode()).isEqualTo(200);
    assertThat(content.body()).isEqualTo("test");
    assertThat(content.headers().firstValue("content-type")).contains("text/plain");
    assertThat(content.headers().firstValue("content-disposition"))
        .contains("attachment; filename=\"pl_n.txt\"; filename*=UTF-8''pl%C3%A4n.txt");
    storeClock.advance(Duration.ofSeconds(61));
    assertThat(fetch(link.text("url")).statusCode()).isEqualTo(403);
  }

  @Test
  void onlyWhatWasAnnouncedCanBeUploaded() throws Exception {
    ApiClient.Reply registered = register("\"kind\":\"photo\"");

    assertThat(upload(registered, "tset").statusCode()).isEqualTo(400);
    assertThat(upload(registered, "tests").statusCode()).isEqualTo(403);

    client
        .post(object(registered.text("id")) + "/commit", service.key(), "")
        .expect(409, "object-absent");
  }

  @Test
  void objectsAreFoundByAllOfTheirTags() throws Exception {
    String conference = service.conference("{}");
    String both = available("\"tags\":{\"a\":\"1\",\"b\":\"2\"}");
    String one = available("\"tags\":{\"a\":\"1\"},\"conference\":\"" + conference + "\"");
    register("\"tags\":{\"a\":\"1\"}");

    assertThat(found("tag=a:1")).containsExactly(one, both);
    assertThat(found("tag=a:1&tag=b:2")).containsExactly(both);
    assertThat(found("tag=b:2&tag=a:2")).isEmpty();
    assertThat(found("tag=a:1&conference=" + conference)).containsExactly(one);
    assertThat(found("conference=" + conference)).containsExactly(one);
    assertThat(found("kind=recording")).isEmpty();
    assertThat(found("kind=file")).hasSize(3);

    client.patch(object(both), service.key(), "{}").expect(428, "if-match-missing");
    client
        .patch(object(both), service.key(), "{\"name\":\"x\"}", "If-Match", "\"77\"")
        .expect(412, "version-mismatch");
    ApiClient.Reply changed =
        client
            .patch(object(both), service.key(), "{\"tags\":{\"b\":\"2\"}}", "If-Match", "*")
            .expect(200);
    assertThat(changed.text("name")).isEqualTo("plän.txt");
    assertThat(found("tag=a:1")).containsExactly(one);
    assertThat(found("tag=b:2")).containsExactly(both);
  }

  @Test
  void pagesOfAListFollowEachOther() throws Exception {
    String first = available("\"tags\":{\"a\":\"1\",\"b\":\"2\"}");
    String second = available("\"tags\":{\"a\":\"1\",\"b\":\"2\"}");

    ApiClient.Reply page = client.get("/v1/objects?tag=a:1&limit=1", service.key()).expect(200);
    assertThat(page.json().at("/data/0/id").asText()).isEqualTo(second);
    String cursor = page.text("next");
    ApiClient.Reply next =
        client.get("/v1/objects?tag=a:1&limit=1&cursor=" + cursor, service.key()).expect(200);
    assertThat(next.json().at("/data/0/id").asText()).isEqualTo(first);
    client.get("/v1/objects?tag=a:2&cursor=" + cursor, service.key()).expect(400, "cursor-invalid");
    String link =
        client.get("/v1/objects?tag=a:1&tag=b:2&limit=1", service.key()).expect(200).header("Link");
    assertThat(link).contains("tag=a%3A1", "tag=b%3A2");
  }

  @Test
  void whatIsHeldStaysAndWhatIsErasedLeavesAReceipt() throws Exception {
    String id = available("\"legalHold\":true,\"tags\":{\"a\":\"1\"}");
    String url = client.post(object(id) + "/link", service.key(), "{}").expect(201).text("url");

    client.delete(object(id), service.key()).expect(409, "object-held");
    client.patch(object(id), service.key(), "{\"legalHold\":false}", "If-Match", "*").expect(200);
    ApiClient.Reply receipt = client.delete(object(id), service.key()).expect(200);

    assertThat(receipt.text("state")).isEqualTo("erased");
    assertThat(receipt.text("erasedAt")).isNotEmpty();
    assertThat(receipt.text("sha256")).isEqualTo(hash("test"));
    assertThat(receipt.json().has("name")).isFalse();
    assertThat(receipt.json().has("tags")).isFalse();
    assertThat(fetch(url).statusCode()).isEqualTo(404);
    assertThat(found("tag=a:1")).isEmpty();
    client.get(object(id), service.key()).expect(200);
    client.delete(object(id), service.key()).expect(200);
    client.post(object(id) + "/link", service.key(), "{}").expect(410, "object-erased");
    client.post(object(id) + "/commit", service.key(), "").expect(410, "object-erased");
    client.patch(object(id), service.key(), "{}", "If-Match", "*").expect(410, "object-erased");
  }

  @Test
  void whatMustBeKeptCanBeErasedAfterwards() throws Exception {
    String id = available("\"retainUntil\":\"2026-11-21T05:00:00Z\"");

    client
        .patch(
            object(id),
            service.key(),
            "{\"retainUntil\":\"2026-11-21T04:30:00Z\"}",
            "If-Match",
            "*")
        .expect(422, "invalid");
    client.delete(object(id), service.key()).expect(409, "object-held");
    service.clock().advance(Duration.ofHours(1));
    storeClock.advance(Duration.ofHours(1));
    client.delete(object(id), service.key()).expect(200);
  }

  @Test
  void anErasureThatTheStoreDoesNotConfirmIsTriedAgain() throws Exception {
    String id = available("\"tags\":{}");
    store.close();

    client.delete(object(id), service.key()).expect(202);
    assertThat(client.get(object(id), service.key()).expect(200).text("state"))
        .isEqualTo("erasing");
    store.restart();
    service.clock().advance(Duration.ofSeconds(31));

    awaitState(id, "erased");
  }

  @Test
  void anUploadUrlFromBeforeBringsNothingBack() throws Exception {
    ApiClient.Reply registered = register("\"tags\":{}");
    String id = registered.text("id");
    client.delete(object(id), service.key()).expect(200);
    assertThat(upload(registered, "test").statusCode()).isEqualTo(200);

    service.clock().advance(Duration.ofSeconds(3601));
    storeClock.advance(Duration.ofSeconds(3601));

    Path objects = folder.resolve("store/data/objects");
    await(() -> {
      try (var files = Files.walk(objects)) {
        return files.noneMatch(Files::isRegularFile);
      }
    });
  }

  @Test
  void whatIsNeverUploadedIsGivenUpAfterADay() {
    String id = register("\"tags\":{}").text("id");

    service.clock().advance(Duration.ofHours(24));
    storeClock.advance(Duration.ofHours(24));

    awaitState(id, "erased");
  }

  @Test
  void manyLinksAreSignedAtOnce() throws Exception {
    String one = available("\"tags\":{}");
    String pending = register("\"tags\":{}").text("id");

    JsonNode links =
        client
            .post(
                "/v1/objects/batch",
                service.key(),
                "{\"ids\":[\"%s\",\"%s\",\"ob_none\"]}".formatted(one, pending))
            .expect(200)
            .json()
            .path("data");

    assertThat(fetch(links.at("/0/url").asText()).body()).isEqualTo("test");
    assertThat(links.at("/1/code").asText()).isEqualTo("object-pending");
    assertThat(links.at("/2/code").asText()).isEqualTo("not-found");
  }

  @Test
  void aRepetitionIsTheSameObject() {
    String body = body("\"tags\":{}");
    String first =
        client
            .post("/v1/objects", service.key(), body, "Idempotency-Key", "k")
            .expect(201)
            .text("id");

    ApiClient.Reply again = client.post("/v1/objects", service.key(), body, "Idempotency-Key", "k");
    assertThat(again.expect(201).text("id")).isEqualTo(first);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    client
        .post("/v1/objects", service.key(), body("\"tags\":{\"a\":\"1\"}"), "Idempotency-Key", "k")
        .expect(422, "idempotency-key-reused");
  }

  @Test
  void nobodyElseSeesIt() throws Exception {
    String id = available("\"tags\":{\"a\":\"1\"}");
    String other = service.key("other", "library");
    String unscoped = service.key("other", "conferences");

    client.get(object(id), other).expect(404);
    client.delete(object(id), other).expect(404);
    client.post(object(id) + "/link", other, "{}").expect(404);
    assertThat(client.get("/v1/objects?tag=a:1", other).expect(200).json().path("data")).isEmpty();
    client.get(object(id), unscoped).expect(403, "scope-missing");
  }

  @Test
  void aRequestThatIsWrongIsToldWhy() {
    String id = service.conference("{}");

    client.post("/v1/objects", service.key(), "{}").expect(422, "invalid");
    client
        .post("/v1/objects", service.key(), body("\"region\":\"mars\""))
        .expect(422, "no-object-store");
    client
        .post("/v1/objects", service.key(), body("\"conference\":\"" + id + "x\""))
        .expect(404, "not-found");
    client.post("/v1/objects", service.key(), body("\"kind\":\"song\"")).expect(422, "invalid");
    client.get("/v1/objects?tag=a", service.key()).expect(422, "invalid");
  }

  @Test
  void storesAreListedWithoutTheirKeys() {
    ApiClient.Reply stores = client.get("/v1/stores", service.key()).expect(200);

    assertThat(stores.json().at("/data/0"))
        .isEqualTo(
            Wire.parse("{\"id\":\"directory\",\"kind\":\"directory\",\"region\":\"local\"}"));
  }

  @Test
  void namesAndAttributesStayOutOfMetricsAndProblems() throws Exception {
    String id =
        available("\"attributes\":\"canary-attribute\",\"tags\":{\"canary-tag\":\"canary-value\"}");

    String problem = client.get(object(id) + "x", service.key()).expect(404).body();
    String metrics = fetch("http://127.0.0.1:" + service.adminPort() + "/metrics").body();

    assertThat(problem + metrics).doesNotContain("canary").doesNotContain("plän");
    assertThat(metrics).contains("parley_library_links_total 1");
  }

  private String available(String more) throws Exception {
    // Lists are in order of registration, which a clock that stands still does not tell.
    service.clock().advance(Duration.ofSeconds(1));
    ApiClient.Reply registered = register(more);
    assertThat(upload(registered, "test").statusCode()).isEqualTo(200);
    String id = registered.text("id");
    client.post(object(id) + "/commit", service.key(), "").expect(200);
    return id;
  }

  private ApiClient.Reply register(String more) {
    return client.post("/v1/objects", service.key(), body(more)).expect(201);
  }

  private static String body(String more) {
    return "{\"name\":\"plän.txt\",\"size\":4,\"contentType\":\"text/plain\",\"sha256\":\""
        + hash("test")
        + "\","
        + more
        + "}";
  }

  private HttpResponse<String> upload(ApiClient.Reply registered, String content) throws Exception {
    JsonNode upload = registered.json().path("upload");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(upload.path("url").asText()))
            .PUT(HttpRequest.BodyPublishers.ofString(content));
    upload
        .path("headers")
        .properties()
        .forEach(header -> request.header(header.getKey(), header.getValue().asText()));
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> fetch(String url) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  private List<String> found(String query) {
    service.clock().advance(Duration.ofSeconds(1));
    return client
        .get("/v1/objects?" + query, service.key())
        .expect(200)
        .json()
        .path("data")
        .findValuesAsText("id");
  }

  private void awaitState(String id, String state) {
    await(() -> client.get(object(id), service.key()).expect(200).text("state").equals(state));
  }

  /** Something that is true sooner or later. */
  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    try {
      while (!condition.holds()) {
        assertThat(System.nanoTime()).as("it never came").isLessThan(deadlineNs);
        LockSupport.parkNanos(20_000_000);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String object(String id) {
    return "/v1/objects/" + id;
  }

  private static String hash(String content) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(content.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
