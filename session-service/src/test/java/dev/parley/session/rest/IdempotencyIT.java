package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every request that makes something, sent again with the key of the first time. */
final class IdempotencyIT {
  private static final String HEADER = "Idempotency-Key";

  @TempDir static Path folder;
  static RunningService service;
  static ApiClient client;

  @BeforeAll
  static void start() {
    service = new RunningService(folder, "--webhooks-anywhere=true");
    client = service.client();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void whateverIsMadeIsMadeOnce() {
    String conference = "/v1/conferences/" + service.conference("{}");
    String ana = service.tokenFor(conference.substring(16), "ana");
    String key = service.key();
    assertThatItIsMadeOnce(
        client, "/v1/conferences", key, "{\"alias\":\"A\"}", "{\"alias\":\"B\"}");
    assertThatItIsMadeOnce(
        client, conference + "/tokens", key, "{\"identity\":\"a\"}", "{\"identity\":\"b\"}");
    assertThatItIsMadeOnce(
        client, conference + "/messages", key, "{\"text\":\"a\"}", "{\"text\":\"b\"}");
    assertThatItIsMadeOnce(
        client, conference + "/participants", ana, "{\"muted\":true}", "{\"muted\":false}");
    assertThatItIsMadeOnce(
        client,
        "/v1/webhook-endpoints",
        key,
        "{\"url\":\"http://127.0.0.1:9/a\"}",
        "{\"url\":\"http://127.0.0.1:9/b\"}");
    assertThatItIsMadeOnce(
        client,
        "/v1/token-issuers",
        service.key("acme", "admin"),
        "{\"algorithm\":\"HS256\"}",
        "{\"algorithm\":\"HS256\",\"name\":\"x\"}");
    assertThatItIsMadeOnce(
        service.admin(),
        "/admin/keys",
        null,
        "{\"tenant\":\"acme\",\"scopes\":[\"conferences\"]}",
        "{\"tenant\":\"other\",\"scopes\":[\"conferences\"]}");
  }

  private static void assertThatItIsMadeOnce(
      ApiClient door, String path, @Nullable String credential, String body, String other) {
    ApiClient.Reply first = door.post(path, credential, body, HEADER, "k1").expect(201);
    assertThat(first.headers().firstValue("Idempotency-Replayed")).as(path).isEmpty();
    ApiClient.Reply again = door.post(path, credential, body, HEADER, "k1").expect(201);
    assertThat(again.header("Idempotency-Replayed")).as(path).isEqualTo("true");
    String identifying = first.json().has("id") ? "id" : "token";
    if (first.json().has(identifying)) {
      assertThat(again.text(identifying)).as(path).isEqualTo(first.text(identifying));
    }
    door.post(path, credential, other, HEADER, "k1").expect(422, "idempotency-key-reused");
  }

  @Test
  void keyThatIsMadeAgainIsNotShownAgain() {
    String wish = "{\"tenant\":\"acme\",\"scopes\":[\"conferences\"]}";
    ApiClient.Reply made = service.admin().post("/admin/keys", null, wish, HEADER, "k2");
    assertThat(service.admin().post("/admin/keys", null, wish, HEADER, "k2").json().has("key"))
        .isFalse();
    client.post("/v1/conferences", made.text("key"), "{}").expect(201);
  }

  @Test
  void joinWithReplaceDoesNotReplaceItself() {
    String path = "/v1/conferences/" + service.conference("{}") + "/participants";
    String token = service.tokenFor(path.split("/", -1)[3], "ana");
    String wish = "{\"replace\":true}";
    String id = client.post(path, token, wish, HEADER, "k").expect(201).text("id");
    assertThat(client.post(path, token, wish, HEADER, "k").expect(201).text("id")).isEqualTo(id);
    client.post(path, token, "{}").expect(409, "identity-already-joined");
    String other = client.post(path, token, wish, HEADER, "k3").expect(201).text("id");
    assertThat(other).isNotEqualTo(id);
    client.delete(path + "/" + other, token).expect(204);
    client.post(path, token, wish, HEADER, "k3").expect(410, "left");
    client.post(path, token, wish, HEADER, "k4").expect(201);
  }

  @Test
  void joinThatFailedIsTriedAgainWithTheSameKey() throws Exception {
    String path = "/v1/conferences/" + service.conference("{}") + "/participants";
    String token = service.tokenFor(path.split("/", -1)[3], "ana");
    String wish = "{\"sdp\":\"v=0\"}";
    client.post(path, token, wish, HEADER, "k").expect(503, "no-capacity");
    try (ScriptedMediaServer _ = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      ApiClient.Reply joined = client.post(path, token, wish, HEADER, "k").expect(201);
      assertThat(joined.headers().firstValue("Idempotency-Replayed")).isEmpty();
      ApiClient.Reply again = client.post(path, token, wish, HEADER, "k").expect(201);
      assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
      assertThat(again.text("id")).isEqualTo(joined.text("id"));
      assertThat(again.json().has("answer")).isTrue();
    }
  }

  @Test
  void manyAtOnceAreOneStay() throws Exception {
    String path = "/v1/conferences/" + service.conference("{}") + "/participants";
    String token = service.tokenFor(path.split("/", -1)[3], "ana");
    Set<String> ids = new TreeSet<>();
    try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ApiClient.Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        replies.add(many.submit(() -> client.post(path, token, "{\"replace\":true}", HEADER, "k")));
      }
      for (Future<ApiClient.Reply> reply : replies) {
        if (reply.get().status() == 409) {
          reply.get().expect(409, "idempotency-in-progress");
        } else {
          ids.add(reply.get().expect(201).text("id"));
        }
      }
    }
    assertThat(ids).hasSize(1);
    JsonNode roster = client.get(path, token).expect(200).json();
    assertThat(roster.path("data").findValuesAsText("id")).containsExactlyElementsOf(ids);
  }
}
