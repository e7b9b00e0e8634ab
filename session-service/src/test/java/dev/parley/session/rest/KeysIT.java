package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Server keys: made, listed and revoked on the admin port, held to their scopes on the other. */
final class KeysIT {
  @TempDir static Path folder;
  static RunningService service;
  static ApiClient client;
  static ApiClient admin;

  @BeforeAll
  static void start() {
    service = new RunningService(folder);
    client = service.client();
    admin = service.admin();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void keyIsShownOnceAndWorksUntilItIsRevoked() {
    ApiClient.Reply made =
        admin
            .post(
                "/admin/keys",
                null,
                "{\"tenant\":\"acme\",\"name\":\"back end\",\"scopes\":[\"conferences\"]}")
            .expect(201);
    String key = made.text("key");
    assertThat(key).startsWith("sk_" + made.text("id") + "_");
    assertThat(made.header("Cache-Control")).isEqualTo("no-store");
    String conference = client.post("/v1/conferences", key, "{}").expect(201).text("id");
    String token =
        client
            .post("/v1/conferences/" + conference + "/tokens", key, "{\"identity\":\"ana\"}")
            .expect(201)
            .text("token");
    client.get("/v1/conferences/" + conference, token).expect(200);
    client.get("/v1/conferences/" + conference, service.key()).expect(404, "not-found");

    String list = admin.get("/admin/keys", null).expect(200).body();
    assertThat(list).contains("\"name\":\"back end\"").doesNotContain(key.substring(20));
    String path = "/admin/keys/" + made.text("id");
    admin.delete(path, null).expect(204);
    admin.delete(path, null).expect(204);

    client.post("/v1/conferences", key, "{}").expect(401, "key-invalid");
    client.get("/v1/conferences/" + conference, token).expect(401, "token-invalid");
    assertThat(admin.get("/admin/keys", null).body()).contains("revokedAt");
  }

  @Test
  void missingScopeIsNamed() {
    String conferences = service.key("default", "conferences");
    String moderation = service.key("default", "moderation");
    String webhooks = service.key("default", "webhooks");
    String conference = service.conference("{}");
    String path = "/v1/conferences/" + conference;

    ApiClient.Reply refused = client.post("/v1/conferences", webhooks, "{}");
    refused.expect(403, "scope-missing");
    assertThat(refused.text("scope")).isEqualTo("conferences");
    assertThat(refused.text("detail")).contains("the scope conferences");
    assertThat(refused.header("WWW-Authenticate"))
        .contains("error=\"insufficient_scope\", scope=\"conferences\"");
    for (String key : new String[] {webhooks, moderation}) {
      client.get("/v1/conferences", key).expect(403, "scope-missing");
      client.post(path + "/tokens", key, "{\"identity\":\"a\"}").expect(403, "scope-missing");
    }
    client.get(path, webhooks).expect(403, "scope-missing");
    client.get("/v1/webhook-endpoints", conferences).expect(403, "scope-missing");
    assertThat(client.delete(path, conferences).expect(403, "scope-missing").text("scope"))
        .isEqualTo("moderation");

    client.get("/v1/webhook-endpoints", webhooks).expect(200);
    client.get(path, conferences).expect(200);
    client.get(path + "/participants", moderation).expect(200);
    client.delete(path, moderation).expect(200);
  }

  @Test
  void keysAreListedInPages() {
    Set<String> made = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      made.add(service.key("paged", "usage").split("_", 3)[1]);
    }
    Set<String> listed = new HashSet<>();
    for (String cursor = ""; ; ) {
      ApiClient.Reply page = admin.get("/admin/keys?limit=2" + cursor, null).expect(200);
      page.json().path("data").forEach(key -> listed.add(key.path("id").asText()));
      if (!page.json().has("next")) {
        break;
      }
      cursor = "&cursor=" + page.text("next");
    }
    assertThat(listed).containsAll(made);
    admin.get("/admin/keys?cursor=x", null).expect(400, "cursor-invalid");
    admin.get("/admin/keys?limit=0", null).expect(422, "invalid");
  }

  @Test
  void badWishesAreRefused() {
    for (String body :
        new String[] {
          "{}",
          "{\"tenant\":\"Acme\",\"scopes\":[\"usage\"]}",
          "{\"tenant\":\"acme\"}",
          "{\"tenant\":\"acme\",\"scopes\":[]}",
          "{\"tenant\":\"acme\",\"scopes\":[\"everything\"]}",
          "{\"tenant\":\"acme\",\"scopes\":[\"usage\"],\"key\":\"mine\"}"
        }) {
      admin.post("/admin/keys", null, body).expect(422, "invalid");
    }
    admin.post("/admin/keys", null, "nonsense").expect(400, "malformed");
    admin.delete("/admin/keys/none", null).expect(404, "not-found");
    assertThat(admin.sendUnchecked("PUT", "/admin/keys", null, null, null).header("Allow"))
        .isEqualTo("GET, POST");
    admin.sendUnchecked("GET", "/admin/nothing", null, null, null).expect(404, "not-found");
  }

  @Test
  void webPagesAndTheClientsPortGetNothing() {
    admin
        .sendUnchecked("GET", "/admin/keys", null, null, null, "Origin", "http://evil.example")
        .expect(403);
    client.sendUnchecked("GET", "/admin/keys", service.key(), null, null).expect(404);
  }
}
