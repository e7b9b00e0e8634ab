package dev.parley.session.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.parley.session.erasure.Erasures;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EventsClient;
import dev.parley.session.harness.MovableClock;
import dev.parley.session.harness.RunningService;
import dev.parley.session.object.directory.DirectoryStoreHandle;
import dev.parley.testsupport.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that people share in a call, with a directory store behind it. */
final class FileApiIT {
  private static final String PHOTO = "not really a photo";
  private static final String SMALL = "small";

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private DirectoryStoreHandle store;
  private RunningService service;
  private ApiClient client;
  private String conference;

  @BeforeEach
  void start() throws IOException {
    store =
        DirectoryStoreHandle.start(
            Files.createDirectory(folder.resolve("store")), new MovableClock(RunningService.START));
    String[] arguments = {
      store.arguments()[0],
      store.arguments()[1],
      "--file-bytes-max=1MiB",
      "--webhooks-anywhere=true"
    };
    service = new RunningService(folder.resolve("session"), arguments);
    client = service.client();
    conference = service.conference("{}");
  }

  @AfterEach
  void stop() {
    service.close();
    store.close();
    http.close();
  }

  @Test
  void whatOneSharesEverybodyHearsOfAndReads() throws Exception {
    Person ana = enter("ana");
    Person ben = enter("ben");
    EventsClient events = EventsClient.connect(service.httpPort(), conference, ben.ticket(), -1);
    events.next("welcome");

    JsonNode registered = share(ana, photo()).expect(201).json();
    client.post(file(registered) + "/commit", ana.token(), "").expect(409, "object-absent");
    put(registered.path("upload"), PHOTO);
    client.post(file(registered) + "/commit", ana.token(), "").expect(409, "object-absent");
    put(registered.at("/thumbnail/upload"), SMALL);
    JsonNode shared = client.post(file(registered) + "/commit", ana.token(), "").expect(200).json();

    assertThat(shared.path("kind").asText()).isEqualTo("photo");
    assertThat(shared.at("/sender/identity").asText()).isEqualTo("ana");
    JsonNode told = events.next("file.shared");
    assertThat(told.path("seq").asLong()).isPositive();
    assertThat(told.path("data")).isEqualTo(shared);
    assertThat(files(ben.token())).containsExactly(shared);
    assertThat(files(service.key())).containsExactly(shared);
    assertThat(fetch(ben, shared.path("id").asText())).isEqualTo(PHOTO);
    assertThat(fetch(ben, shared.path("thumbnail").asText())).isEqualTo(SMALL);
  }

  @Test
  void whatIsErasedIsGoneForEverybodyWithItsThumbnail() throws Exception {
    Person ana = enter("ana");
    Person ben = enter("ben");
    EventsClient events = EventsClient.connect(service.httpPort(), conference, ben.ticket(), -1);
    events.next("welcome");
    JsonNode shared = shared(ana);
    String id = shared.path("id").asText();

    client.delete(file(shared), ben.token()).expect(403, "not-yours");
    client.delete(file(shared), ana.token()).expect(204);

    assertThat(events.next("file.erased").at("/data/id").asText()).isEqualTo(id);
    assertThat(files(ben.token())).isEmpty();
    assertThat(link(ben, id).path("code").asText()).isEqualTo("object-erased");
    assertThat(link(ben, shared.path("thumbnail").asText()).path("code").asText())
        .isEqualTo("object-erased");
    JsonNode receipt = client.get("/v1/objects/" + id, service.key()).expect(200).json();
    assertThat(receipt.path("state").asText()).isEqualTo("erased");
    assertThat(receipt.has("name")).isFalse();
    client.post(file(shared) + "/commit", ana.token(), "").expect(410, "object-erased");
  }

  @Test
  void moderatorsEraseWhatOthersShared() throws Exception {
    Person ana = enter("ana");
    Person host = enter("{\"identity\":\"host\",\"role\":\"host\"}", "host");
    JsonNode shared = shared(ana);

    client.delete(file(shared), host.token()).expect(204);

    assertThat(files(ana.token())).isEmpty();
  }

  @Test
  void onlyWhoMayAndIsThereSharesAndOnlyWhatFits() throws Exception {
    Person ana = enter("ana");
    Person mute = enter("{\"identity\":\"mute\",\"grants\":{\"files\":false}}", "mute");
    String outside = service.tokenFor(conference, "outside");

    share(mute, photo()).expect(403, "grant-missing");
    client.get(files(), mute.token()).expect(403, "grant-missing");
    client.post(files(), outside, photo()).expect(403, "not-joined");
    client.get(files(), outside).expect(403, "not-joined");
    share(ana, body("a", 1 << 20, "")).expect(201);
    share(ana, body("a", (1 << 20) + 1, "")).expect(422, "invalid");
    share(ana, photo().replace("\"size\":5", "\"size\":262145")).expect(422, "invalid");
    JsonNode hers = share(ana, photo()).expect(201).json();
    Person ben = enter("ben");
    client.post(file(hers) + "/commit", ben.token(), "").expect(403, "not-yours");
    String foreign = service.conference("{}");
    client
        .post("/v1/conferences/" + foreign + "/files/links", service.key(), ids(id(hers)))
        .expect(200);
    assertThat(
            client
                .post("/v1/conferences/" + foreign + "/files/links", service.key(), ids(id(hers)))
                .json()
                .at("/data/0/code")
                .asText())
        .isEqualTo("not-found");
  }

  @Test
  void aRepetitionIsTheSameFileAndNobodyElses() throws Exception {
    Person ana = enter("ana");
    Person ben = enter("ben");

    String first = share(ana, photo(), "Idempotency-Key", "k").expect(201).text("id");
    ApiClient.Reply again = share(ana, photo(), "Idempotency-Key", "k").expect(201);
    String other = share(ben, photo(), "Idempotency-Key", "k").expect(201).text("id");

    assertThat(again.text("id")).isEqualTo(first).isNotEqualTo(other);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    share(ana, body("b", 3, ""), "Idempotency-Key", "k").expect(422, "idempotency-key-reused");
  }

  @Test
  void ownSystemsHearOfObjectsOfConferences() throws Exception {
    try (Receiver receiver = new Receiver()) {
      client
          .post(
              "/v1/webhook-endpoints",
              service.key(),
              "{\"url\":\""
                  + receiver.url()
                  + "\",\"types\":[\"object.available\",\"object.erased\"]}")
          .expect(201);
      Person ana = enter("ana");
      JsonNode shared = shared(ana);
      client.delete("/v1/conferences/" + conference, service.key()).expect(200);
      client.delete("/v1/objects/" + id(shared), service.key()).expect(200);

      JsonNode available = receiver.next();
      JsonNode erased = receiver.next();

      assertThat(available.path("type").asText()).isEqualTo("object.available");
      assertThat(available.at("/data/objectId").asText()).isEqualTo(id(shared));
      assertThat(available.at("/data/conferenceId").asText()).isEqualTo(conference);
      assertThat(available.at("/data/kind").asText()).isEqualTo("photo");
      assertThat(available.toString()).doesNotContain("plan.jpg");
      assertThat(erased.path("type").asText()).isEqualTo("object.erased");
      assertThat(erased.at("/data/objectId").asText()).isEqualTo(id(shared));
      assertThat(erased.at("/data/sequence").asLong())
          .isGreaterThan(available.at("/data/sequence").asLong());
    }
  }

  @Test
  void whoIsErasedLeavesNoFileBehind() throws Exception {
    Person ana = enter("ana");
    Person ben = enter("ben");
    JsonNode hers = shared(ana);
    JsonNode held = shared(ana);
    JsonNode his = shared(ben);
    client
        .patch("/v1/objects/" + id(held), service.key(), "{\"legalHold\":true}", "If-Match", "*")
        .expect(200);

    String erasure =
        client.post("/v1/erasures", service.key(), "{\"subject\":\"ana\"}").expect(201).text("id");
    RedisServer.await(
        "the first walk", () -> receipt(erasure).at("/conferences/found").asInt() == 1);
    service.clock().advance(Erasures.SETTLE_TIME);
    RedisServer.await(
        "the second walk", () -> receipt(erasure).path("state").asText().equals("done"));

    assertThat(link(ben, id(hers)).path("code").asText()).isEqualTo("object-erased");
    assertThat(files(ben.token())).extracting(FileApiIT::id).containsExactly(id(his), id(held));
    assertThat(files(ben.token()).getLast().has("sender")).isFalse();
    assertThat(receipt(erasure).path("erased").toString()).contains("\"what\":\"files\"");
  }

  private JsonNode receipt(String erasure) {
    return client.get("/v1/erasures/" + erasure, service.key()).expect(200).json();
  }

  private record Person(String id, String token, String ticket) {}

  private Person enter(String identity) {
    return enter("{\"identity\":\"" + identity + "\"}", identity);
  }

  private Person enter(String grant, String name) {
    String token = service.token(conference, grant);
    JsonNode joined =
        client
            .post(
                "/v1/conferences/" + conference + "/participants",
                token,
                "{\"name\":\"" + name + "\"}")
            .expect(201)
            .json();
    return new Person(joined.path("id").asText(), token, joined.at("/media/ticket").asText());
  }

  private String files() {
    return "/v1/conferences/" + conference + "/files";
  }

  private String file(JsonNode file) {
    return files() + "/" + id(file);
  }

  private static String id(JsonNode file) {
    return file.path("id").asText();
  }

  private List<JsonNode> files(String credential) {
    JsonNode data = client.get(files(), credential).expect(200).json().path("data");
    return List.copyOf(data.valueStream().toList());
  }

  private ApiClient.Reply share(Person person, String body, String... headers) {
    // Quotas refill.
    service.clock().advance(Duration.ofSeconds(1));
    return client.post(files(), person.token(), body, headers);
  }

  /** A photo with its thumbnail, there to be read. */
  private JsonNode shared(Person person) throws Exception {
    JsonNode registered = share(person, photo()).expect(201).json();
    put(registered.path("upload"), PHOTO);
    put(registered.at("/thumbnail/upload"), SMALL);
    return client.post(file(registered) + "/commit", person.token(), "").expect(200).json();
  }

  private JsonNode link(Person person, String id) {
    return client
        .post(files() + "/links", person.token(), ids(id))
        .expect(200)
        .json()
        .at("/data/0");
  }

  private static String ids(String id) {
    return "{\"ids\":[\"" + id + "\"]}";
  }

  private String fetch(Person person, String id) throws Exception {
    URI url = URI.create(link(person, id).path("url").asText());
    return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).body();
  }

  private void put(JsonNode upload, String content) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(upload.path("url").asText()))
            .PUT(HttpRequest.BodyPublishers.ofString(content));
    upload
        .path("headers")
        .properties()
        .forEach(header -> request.header(header.getKey(), header.getValue().asText()));
    HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static String photo() {
    return body(
        PHOTO,
        PHOTO.length(),
        ",\"kind\":\"photo\",\"thumbnail\":{\"size\":"
            + SMALL.length()
            + ",\"contentType\":\"image/jpeg\",\"sha256\":\""
            + hash(SMALL)
            + "\"}");
  }

  private static String body(String content, int size, String more) {
    return "{\"name\":\"plan.jpg\",\"size\":"
        + size
        + ",\"contentType\":\"image/jpeg\",\"sha256\":\""
        + hash(content)
        + "\""
        + more
        + "}";
  }

  private static String hash(String content) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(content.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** A tenant's own system. */
  private static final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();

    Receiver() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/",
          exchange -> {
            received.add(new JsonMapper().readTree(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    JsonNode next() throws InterruptedException {
      JsonNode next = received.poll(20, TimeUnit.SECONDS);
      assertThat(next).as("no message came").isNotNull();
      return next;
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
