package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.conference.NoticeType;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import dev.parley.testsupport.OpenApiContract;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** Webhooks through the HTTP door, and what comes of them at a receiver. */
final class WebhookApiIT {
  private static final String PATH = "/v1/webhook-endpoints";

  @TempDir static Path folder;
  static RunningService service;
  static ApiClient client;
  static String key;
  private Receiver receiver;

  @BeforeAll
  static void start() {
    service = new RunningService(folder, "--webhooks-anywhere=true");
    client = service.client();
    key = service.key();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @BeforeEach
  void openReceiver() throws IOException {
    service.clock().advance(Duration.ofSeconds(1));
    receiver = new Receiver();
  }

  @AfterEach
  void leaveNoEndpoint() {
    service.clock().advance(Duration.ofSeconds(1));
    client
        .get(PATH, key)
        .json()
        .path("data")
        .forEach(endpoint -> client.delete(PATH + "/" + endpoint.path("id").asText(), key));
    receiver.close();
  }

  @Test
  void conferenceIsToldToItsTenantsReceiver() {
    JsonNode made = make("{\"url\":\"" + receiver.url() + "\"}").json();
    String conference = service.conference("{\"alias\":\"weekly\"}");
    client.delete("/v1/conferences/" + conference, key).expect(200);

    Received created = receiver.next(conference);
    Received ended = receiver.next(conference);

    assertThat(created.header("webhook-id")).isEqualTo(conference + "_1");
    assertThat(created.json().path("type").asText()).isEqualTo("conference.created");
    assertThat(created.json().path("timestamp").asText())
        .isEqualTo(service.clock().instant().toString());
    JsonNode data = created.json().path("data");
    assertThat(data.path("conferenceId").asText()).isEqualTo(conference);
    assertThat(data.path("sequence").asInt()).isEqualTo(1);
    assertThat(data.path("alias").asText()).isEqualTo("weekly");
    assertThat(ended.json().path("type").asText()).isEqualTo("conference.ended");
    assertThat(ended.json().path("data").path("endReason").asText()).isEqualTo("api");
    String secret = made.path("secret").asText();
    assertThat(created.header("webhook-signature")).isEqualTo(created.signedWith(secret));
    assertThat(ended.header("webhook-signature")).isEqualTo(ended.signedWith(secret));
  }

  @Test
  void changedOptionsAreToldByTheirNames() {
    make("{\"url\":\"" + receiver.url() + "\",\"types\":[\"conference.updated\"]}");
    String conference = service.conference("{}");
    String change = "{\"locked\":true,\"attributes\":\"secret\"}";
    client.patch("/v1/conferences/" + conference, key, change).expect(200);

    JsonNode data = receiver.next(conference).json().path("data");

    assertThat(data.path("changed").toString()).isEqualTo("[\"attributes\",\"locked\"]");
    assertThat(data.path("locked").asBoolean()).isTrue();
    assertThat(data.toString()).doesNotContain("secret");
  }

  @Test
  void versionOfAConferenceIsNotChangedByTellingOfIt() {
    make("{\"url\":\"" + receiver.url() + "\"}");
    String conference = service.conference("{}");
    receiver.next(conference);

    assertThat(client.get("/v1/conferences/" + conference, key).header("ETag")).isEqualTo("\"1\"");
    client.delete("/v1/conferences/" + conference, key, "If-Match", "\"1\"").expect(200);
  }

  @Test
  void endpointIsMadeReadChangedAndDeleted() {
    ApiClient.Reply made =
        make(
            """
            {"url":"%s","description":"CRM","types":["participant.left","conference.ended"]}
            """
                .formatted(receiver.url()));
    String path = made.header("Location");
    assertThat(made.text("secret")).startsWith("whsec_");
    assertThat(made.json().path("types").get(0).asText()).isEqualTo("conference.ended");

    ApiClient.Reply read = client.get(path, key).expect(200);
    assertThat(read.body()).doesNotContain("whsec_");
    assertThat(read.text("description")).isEqualTo("CRM");
    ApiClient.Reply changed =
        client
            .patch(path, key, "{\"enabled\":false,\"types\":[]}", "If-Match", "\"1\"")
            .expect(200);
    assertThat(changed.text("status")).isEqualTo("disabled");
    assertThat(changed.json().path("types")).isEmpty();
    assertThat(changed.text("description")).isEqualTo("CRM");
    client
        .patch(path, key, "{\"enabled\":true}", "If-Match", "\"1\"")
        .expect(412, "version-mismatch");
    ApiClient.Reply list = client.get(PATH, key).expect(200);
    assertThat(list.json().path("data")).hasSize(1);
    assertThat(list.body() + changed.body()).doesNotContain("whsec_");

    client.delete(path, key).expect(204);
    client.delete(path, key).expect(404, "not-found");
    client.get(path, key).expect(404, "not-found");
    client.patch(path, key, "{}").expect(404, "not-found");
    client.post(path + "/secret", key, "").expect(404, "not-found");
  }

  @Test
  void repeatedCreateAnswersTheSameEndpoint() {
    String body = "{\"url\":\"" + receiver.url() + "\"}";
    ApiClient.Reply first = client.post(PATH, key, body, "Idempotency-Key", "k").expect(201);
    ApiClient.Reply again = client.post(PATH, key, body, "Idempotency-Key", "k").expect(201);

    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.json()).isEqualTo(first.json());
    client
        .post(PATH, key, "{\"url\":\"" + receiver.url() + "x\"}", "Idempotency-Key", "k")
        .expect(422, "idempotency-key-reused");
    client.patch(first.header("Location"), key, "{\"description\":\"x\"}").expect(200);
    assertThat(
            client.post(PATH, key, body, "Idempotency-Key", "k").expect(201).json().has("secret"))
        .isFalse();
  }

  @Test
  void rotatedSecretSignsBesideTheOneBefore() {
    ApiClient.Reply made = make("{\"url\":\"" + receiver.url() + "\"}");
    ApiClient.Reply rotated = client.post(made.header("Location") + "/secret", key, "").expect(200);
    assertThat(rotated.text("previousSecretUntil"))
        .isEqualTo(service.clock().instant().plus(Duration.ofDays(1)).toString());

    Received both = receiver.next(service.conference("{}"));
    assertThat(both.header("webhook-signature"))
        .isEqualTo(
            both.signedWith(rotated.text("secret")) + " " + both.signedWith(made.text("secret")));

    service.clock().advance(Duration.ofHours(24));
    Received one = receiver.next(service.conference("{}"));
    assertThat(one.header("webhook-signature")).isEqualTo(one.signedWith(rotated.text("secret")));
  }

  @Test
  void deliveriesAreListedAndReplayed() throws InterruptedException {
    String path = make("{\"url\":\"" + receiver.url() + "\"}").header("Location");
    receiver.status = 503;
    String conference = service.conference("{}");
    receiver.next(conference);
    JsonNode waiting = awaitAttempts(path, conference + "_1", 1);
    assertThat(waiting.path("state").asText()).isEqualTo("pending");
    assertThat(waiting.path("lastOutcome").asText()).isEqualTo("refused");
    assertThat(waiting.path("lastStatus").asInt()).isEqualTo(503);
    receiver.status = 200;

    String replay = path + "/deliveries/" + conference + "_1/replay";
    client.post(replay, key, "").expect(200);
    receiver.next(conference);
    int attempts = awaitDelivered(path, conference + "_1");
    ApiClient.Reply again = client.post(replay, key, "").expect(200);
    receiver.next(conference);

    assertThat(again.text("state")).isEqualTo("delivered");
    assertThat(again.json().path("attempts").asInt()).isEqualTo(attempts + 1);
    client.post(path + "/deliveries/cf_x_1/replay", key, "").expect(404, "not-found");
    service.clock().advance(Duration.ofSeconds(1));
    receiver.next(service.conference("{}"));
    JsonNode page = client.get(path + "/deliveries?limit=1", key).expect(200).json();
    assertThat(page.path("data")).hasSize(1);
    JsonNode rest =
        client
            .get(path + "/deliveries?limit=1&cursor=" + page.path("next").asText(), key)
            .expect(200)
            .json();
    assertThat(rest.path("data").path(0).path("id").asText()).isEqualTo(conference + "_1");
    client.get(path + "/deliveries?cursor=x", key).expect(400, "cursor-invalid");
  }

  @Test
  void badEndpointsAreRefused() {
    for (String body :
        List.of(
            "{}",
            "{\"url\":\"ftp://a.example\"}",
            "{\"url\":\"not a url\"}",
            "{\"url\":\"http://u:p@127.0.0.1/\"}",
            "{\"url\":\"http://127.0.0.1/\",\"types\":[\"x\"]}",
            "{\"url\":\"http://127.0.0.1/\",\"types\":[\"conference.live\",\"conference.live\"]}",
            "{\"url\":\"http://127.0.0.1/\",\"types\":\"conference.live\"}",
            "{\"url\":\"http://127.0.0.1/\",\"secret\":\"mine\"}")) {
      client.post(PATH, key, body).expect(422, "invalid");
    }
    String token = service.tokenFor(service.conference("{}"), "ana");
    client.post(PATH, token, "{\"url\":\"http://127.0.0.1/\"}").expect(403, "key-needed");
    client.get(PATH, null).expect(401, "credentials-missing");
    for (int i = 0; i < 20; i++) {
      service.clock().advance(Duration.ofSeconds(1));
      make("{\"url\":\"http://127.0.0.1/" + i + "\"}");
    }
    service.clock().advance(Duration.ofSeconds(1));
    client.post(PATH, key, "{\"url\":\"http://127.0.0.1/x\"}").expect(409, "too-many-endpoints");
  }

  @Test
  void withoutTheSettingOnlyPublicAddressesAndTlsWillDo(@TempDir Path other) {
    try (RunningService strict = new RunningService(other)) {
      for (String url :
          List.of(
              receiver.url(),
              "https://127.0.0.1/",
              "https://[::1]/",
              "https://[::ffff:127.0.0.1]/",
              "https://10.0.0.1/",
              "https://169.254.169.254/latest/meta-data/",
              "https://localhost/")) {
        strict
            .client()
            .post(PATH, strict.key(), "{\"url\":\"" + url + "\"}")
            .expect(422, "invalid");
      }
    }
  }

  @Test
  void descriptionKnowsEveryTypeThatThereIs() throws IOException {
    try (InputStream stream = OpenApiContract.class.getResourceAsStream("/openapi.yaml")) {
      JsonNode description = new JsonMapper().valueToTree(new Yaml().load(stream));
      List<String> described = new ArrayList<>();
      description
          .at("/components/schemas/WebhookType/enum")
          .forEach(type -> described.add(type.asText()));

      assertThat(described)
          .isEqualTo(Arrays.stream(NoticeType.values()).map(NoticeType::text).toList());
    }
  }

  private ApiClient.Reply make(String json) {
    return client.post(PATH, key, json).expect(201);
  }

  /** Waits until so many attempts of a delivery are recorded. */
  private JsonNode awaitAttempts(String path, String id, int attempts) throws InterruptedException {
    return await(path, id, delivery -> delivery.path("attempts").asInt() >= attempts);
  }

  /** Waits until a delivery has arrived and returns how many attempts that took. */
  private int awaitDelivered(String path, String id) throws InterruptedException {
    return await(path, id, delivery -> delivery.path("state").asText().equals("delivered"))
        .path("attempts")
        .asInt();
  }

  private JsonNode await(String path, String id, Predicate<JsonNode> wanted)
      throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      service.clock().advance(Duration.ofMillis(250));
      for (JsonNode delivery :
          client.get(path + "/deliveries", key).expect(200).json().at("/data")) {
        if (delivery.path("id").asText().equals(id) && wanted.test(delivery)) {
          return delivery;
        }
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new AssertionError("delivery " + id + " never came to be as it should");
  }

  /** A message as it came. */
  private record Received(Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> header.getValue().getFirst())
          .findFirst()
          .orElseThrow(() -> new AssertionError("no header " + name));
    }

    JsonNode json() {
      try {
        return new JsonMapper().readTree(body);
      } catch (IOException e) {
        throw new AssertionError(body, e);
      }
    }

    /** The signature that a receiver expects, by its own reckoning. */
    String signedWith(String secret) {
      byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
      String signed = header("webhook-id") + "." + header("webhook-timestamp") + "." + body;
      byte[] mac = ServiceSecret.hmac(key, signed.getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac);
    }
  }

  /** A tenant's own server on loopback. */
  private static final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private volatile int status = 200;

    Receiver() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/",
          exchange -> {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(new Received(Map.copyOf(exchange.getRequestHeaders()), body));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/hooks";
    }

    /** Waits for the next message about a conference; what is about others is passed over. */
    Received next(String conference) {
      try {
        while (true) {
          @Nullable Received next = received.poll(20, TimeUnit.SECONDS);
          if (next == null) {
            throw new AssertionError("no message came about " + conference);
          }
          if (next.json().at("/data/conferenceId").asText().equals(conference)) {
            return next;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
