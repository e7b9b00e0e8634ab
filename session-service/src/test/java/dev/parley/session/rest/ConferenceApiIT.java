package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conferences and tokens, through the HTTP door. */
final class ConferenceApiIT {
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
    service.clock().advance(Duration.ofSeconds(1));
  }

  @Test
  void conferenceIsMadeWithDefaultsAndReadBack() {
    ApiClient.Reply made = client.post("/v1/conferences", key, "{}").expect(201);

    ApiClient.Reply read = client.get(made.header("Location"), key).expect(200);

    assertThat(read.json()).isEqualTo(made.json());
    assertThat(read.text("state")).isEqualTo("created");
    assertThat(read.json().path("speakerSlots").asInt()).isEqualTo(3);
    assertThat(read.json().path("mixedSpeakers").asInt()).isEqualTo(5);
    assertThat(read.header("ETag")).isEqualTo("\"1\"");
    client.get(made.header("Location"), key, "If-None-Match", "\"1\"").expect(304);
    client.get(made.header("Location"), key, "If-None-Match", "\"2\", \"7\"").expect(200);
  }

  @Test
  void everyRuleCanBeSet() {
    JsonNode made =
        client
            .post(
                "/v1/conferences",
                key,
                """
                {"alias":"Rules","maxParticipants":7,"emptyTimeoutSec":10,"speakerSlots":2,"mixedSpeakers":4}
                """)
            .expect(201)
            .json();

    assertThat(made.path("alias").asText()).isEqualTo("Rules");
    assertThat(made.path("maxParticipants").asInt()).isEqualTo(7);
    assertThat(made.path("emptyTimeoutSec").asInt()).isEqualTo(10);
    assertThat(made.path("speakerSlots").asInt()).isEqualTo(2);
    assertThat(made.path("mixedSpeakers").asInt()).isEqualTo(4);
  }

  @Test
  void everythingWrongIsToldAtOnceWithItsPlace() {
    ApiClient.Reply reply =
        client
            .post(
                "/v1/conferences",
                key,
                """
                {"alias":"","maxParticipants":0,"emptyTimeoutSec":"1h","speakerSlots":2.5,"odd/na~me":1}
                """)
            .expect(422, "invalid");

    Set<String> pointers = new HashSet<>();
    reply.json().path("errors").forEach(error -> pointers.add(error.path("pointer").asText()));
    assertThat(pointers)
        .containsExactlyInAnyOrder(
            "/alias", "/maxParticipants", "/emptyTimeoutSec", "/speakerSlots", "/odd~1na~0me");
    client.post("/v1/conferences", key, "{\"alias\":\"a/b\"}").expect(422, "invalid");
    client.post("/v1/conferences", key, "{\"alias\":\"\\ud800\"}").expect(422, "invalid");
  }

  @Test
  void bodiesThatAreNoJsonObjectAreMalformed() {
    for (String body :
        List.of("[]", "null", "1", "{", "{\"a\":1,\"a\":2}", "{} {}", "{\"a\":NaN}", "\u0000")) {
      client.post("/v1/conferences", key, body).expect(400, "malformed");
    }
    String deep = "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
    client.post("/v1/conferences", key, deep).expect(400, "malformed");
    client
        .send("POST", "/v1/conferences", key, "text/plain", "{}")
        .expect(415, "unsupported-media-type");
    client.post("/v1/conferences", key, "{\"alias\":\"" + "x".repeat(300_000) + "\"}").expect(413);
  }

  @Test
  void aliasIsHeldWithoutRegardToCaseUntilItsConferenceEnds() {
    String first = service.conference("{\"alias\":\"Weekly Réunion\"}");

    ApiClient.Reply taken =
        client
            .post("/v1/conferences", key, "{\"alias\":\"weekly RE\u0301UNION\"}")
            .expect(409, "alias-taken");
    assertThat(taken.text("conference")).isEqualTo(first);
    JsonNode found = client.get("/v1/conferences?alias=WEEKLY%20R%C3%89UNION", key).json();
    assertThat(found.path("data").path(0).path("id").asText()).isEqualTo(first);

    client.delete("/v1/conferences/" + first, key).expect(200);

    assertThat(client.get("/v1/conferences?alias=weekly%20r%C3%A9union", key).json().path("data"))
        .isEmpty();
    assertThat(service.conference("{\"alias\":\"weekly réunion\"}")).isNotEqualTo(first);
  }

  @Test
  void ofManyCreatesOfOneAliasOneWins() throws Exception {
    List<Future<ApiClient.Reply>> replies = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<ApiClient.Reply> create =
          () -> client.post("/v1/conferences", key, "{\"alias\":\"storm\"}");
      for (int i = 0; i < 8; i++) {
        replies.add(threads.submit(create));
      }
    }

    List<Integer> statuses = new ArrayList<>();
    for (Future<ApiClient.Reply> reply : replies) {
      statuses.add(reply.get().status());
    }
    assertThat(statuses).containsOnlyOnce(201);
    assertThat(statuses).allMatch(status -> status == 201 || status == 409 || status == 429);
  }

  @Test
  void repeatedCreateAnswersTheSameAndAnotherBodyIsRefused() {
    String body = "{\"alias\":\"once\",\"maxParticipants\":9}";
    ApiClient.Reply first =
        client.post("/v1/conferences", key, body, "Idempotency-Key", "k-1").expect(201);

    ApiClient.Reply again =
        client
            .post(
                "/v1/conferences",
                key,
                "{ \"maxParticipants\": 9, \"alias\": \"once\" }",
                "Idempotency-Key",
                "k-1")
            .expect(201);

    assertThat(again.json()).isEqualTo(first.json());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
    client
        .post("/v1/conferences", key, "{\"alias\":\"once\"}", "Idempotency-Key", "k-1")
        .expect(422, "idempotency-key-reused");
    client
        .post("/v1/conferences", key, "{}", "Idempotency-Key", "k".repeat(256))
        .expect(422, "invalid");
    client.delete(first.header("Location"), key).expect(200);
    assertThat(client.post("/v1/conferences", key, body, "Idempotency-Key", "k-1").json())
        .as("the answer of then, whatever has become of it")
        .isEqualTo(first.json());
  }

  @Test
  void endingIsDoneOnceAndSaidTwice() {
    String id = service.conference("{}");
    client
        .delete("/v1/conferences/" + id, key, "If-Match", "\"9\"")
        .expect(412, "version-mismatch");

    JsonNode ended =
        client.delete("/v1/conferences/" + id, key, "If-Match", "\"1\"").expect(200).json();

    assertThat(ended.path("state").asText()).isEqualTo("ended");
    assertThat(ended.path("endReason").asText()).isEqualTo("api");
    assertThat(client.delete("/v1/conferences/" + id, key).expect(200).json()).isEqualTo(ended);
    client
        .post("/v1/conferences/" + id + "/tokens", key, "{\"identity\":\"a\"}")
        .expect(410, "ended");
  }

  @Test
  void listIsPagedNewestFirst() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      service.clock().advance(Duration.ofMillis(10));
      made.addFirst(service.conference("{}"));
    }
    String ended = made.get(3);
    client.delete("/v1/conferences/" + ended, key).expect(200);

    List<String> seen = pages("/v1/conferences?limit=3", Integer.MAX_VALUE);
    List<String> endedOnes = pages("/v1/conferences?state=ended&limit=1", Integer.MAX_VALUE);

    assertThat(seen.subList(0, 7)).isEqualTo(made);
    assertThat(seen).doesNotHaveDuplicates();
    assertThat(endedOnes).contains(ended).doesNotContain(made.getFirst());
    ApiClient.Reply page = list("/v1/conferences?limit=3").expect(200);
    assertThat(page.header("Link")).contains("rel=\"next\"").contains("limit=3");
    list("/v1/conferences?cursor=" + page.text("next") + "&state=live")
        .expect(400, "cursor-invalid");
    list("/v1/conferences?cursor=AAAA").expect(400, "cursor-invalid");
    list("/v1/conferences?limit=0").expect(422, "invalid");
    list("/v1/conferences?state=open").expect(422, "invalid");
  }

  @Test
  void tooManyRequestsAreToldWhenToComeBack() {
    ApiClient.Reply reply = client.get("/v1/conferences", key);
    for (int i = 0; i < 20 && reply.status() == 200; i++) {
      reply = client.get("/v1/conferences", key);
    }

    reply.expect(429, "quota-exceeded");
    assertThat(reply.header("RateLimit-Policy")).isEqualTo("\"list\";q=5;w=1");
    assertThat(reply.header("RateLimit")).startsWith("\"list\";r=0;t=");
    assertThat(reply.json().path("violated-policies").path(0).asText()).isEqualTo("list");
  }

  @Test
  void credentialsAreChecked() {
    String id = service.conference("{}");
    String path = "/v1/conferences/" + id;

    assertThat(client.get(path, null).expect(401, "credentials-missing").header("WWW-Authenticate"))
        .isEqualTo("Bearer realm=\"parley\"");
    assertThat(client.get(path, "sk_wrong").expect(401, "key-invalid").header("WWW-Authenticate"))
        .contains("invalid_token");
    client.get(path, key.substring(0, key.length() - 1) + "~").expect(401, "key-invalid");
    client.get(path, "eyJhbGciOiJub25lIn0.e30.").expect(401, "token-invalid");
    client.get("/v1/conferences/cf_unknown", key).expect(404, "not-found");
    client.get("/v1/conferences/-", key).expect(404, "not-found");
    String token = service.tokenFor(id, "ana");
    client.get(path, token).expect(200);
    client.get("/v1/conferences", token).expect(403, "key-needed");
    client.post("/v1/conferences", token, "{}").expect(403, "key-needed");
    client.post(path + "/tokens", token, "{\"identity\":\"b\"}").expect(403, "key-needed");
    client.delete(path, token).expect(403, "grant-missing");
    client
        .get("/v1/conferences/" + service.conference("{}"), token)
        .expect(403, "other-conference");
    client.delete(path, service.token(id, "{\"identity\":\"h\",\"role\":\"host\"}")).expect(200);
  }

  @Test
  void tokenRequestsAreChecked() {
    String path = "/v1/conferences/" + service.conference("{}") + "/tokens";

    client.post(path, key, "{}").expect(422, "invalid");
    client.post(path, key, "{\"identity\":\"a\",\"role\":\"boss\"}").expect(422, "invalid");
    client.post(path, key, "{\"identity\":\"a\",\"ttlSec\":5}").expect(422, "invalid");
    client.post(path, key, "{\"identity\":\"a\\nb\"}").expect(422, "invalid");
    ApiClient.Reply inner =
        client
            .post(path, key, "{\"identity\":\"a\",\"grants\":{\"audio\":\"all\",\"fly\":true}}")
            .expect(422, "invalid");
    assertThat(inner.json().path("errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("/grants/audio", "/grants/fly");
  }

  @Test
  void repeatedRequestForATokenGetsTheVerySameToken() {
    String path = "/v1/conferences/" + service.conference("{}") + "/tokens";
    String body = "{\"identity\":\"ana\",\"role\":\"host\"}";
    ApiClient.Reply first = client.post(path, key, body, "Idempotency-Key", "t-1").expect(201);
    service.clock().advance(Duration.ofMinutes(1));

    ApiClient.Reply again = client.post(path, key, body, "Idempotency-Key", "t-1").expect(201);

    assertThat(again.json()).isEqualTo(first.json());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
    client
        .post(path, key, "{\"identity\":\"ana\"}", "Idempotency-Key", "t-1")
        .expect(422, "idempotency-key-reused");
    assertThat(client.post(path, key, body).expect(201).text("token"))
        .isNotEqualTo(first.text("token"));
    String other = "/v1/conferences/" + service.conference("{}") + "/tokens";
    assertThat(
            client
                .post(other, key, body, "Idempotency-Key", "t-1")
                .expect(201)
                .headers()
                .firstValue("Idempotency-Replayed"))
        .isEmpty();
  }

  @Test
  void wrongMethodsAndPathsAreProblemsToo() {
    ApiClient.Reply put = client.sendUnchecked("PUT", "/v1/conferences", key, null, null);
    put.expect(405, "method-not-allowed");
    assertThat(put.header("Allow")).contains("GET").contains("POST");
    client.sendUnchecked("GET", "/v1/nothing", key, null, null).expect(404, "not-found");
  }

  private static ApiClient.Reply list(String path) {
    service.clock().advance(Duration.ofSeconds(1));
    return client.get(path, key);
  }

  private static List<String> pages(String path, int pagesMax) {
    List<String> ids = new ArrayList<>();
    JsonNode page = list(path).expect(200).json();
    for (int i = 0; i < pagesMax; i++) {
      page.path("data").forEach(conference -> ids.add(conference.path("id").asText()));
      if (!page.has("next")) {
        return ids;
      }
      page = list(path + "&cursor=" + page.path("next").asText()).expect(200).json();
    }
    return ids;
  }
}
