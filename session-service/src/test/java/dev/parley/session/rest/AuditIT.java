package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the audit log says of requests. */
final class AuditIT {
  @Test
  void whoDidWhatIsThereAndWhoTheyAreIsNot(@TempDir Path folder) {
    try (RunningService service = new RunningService(folder)) {
      ApiClient client = service.client();
      String key = service.key("default", "conferences", "moderation");
      String conference = client.post("/v1/conferences", key, "{}").expect(201).text("id");
      String path = "/v1/conferences/" + conference;
      String host = service.token(conference, "{\"identity\":\"zoe@acme\",\"role\":\"host\"}");
      String guest = service.tokenFor(conference, "ben@acme");
      String stay = client.post(path + "/participants", guest, "{}").expect(201).text("id");
      client.get(path, host).expect(200);
      client.delete(path, guest).expect(403, "grant-missing");
      client.patch(path + "/participants/" + stay, guest, "{\"muted\":true}").expect(200);
      client.delete(path + "/participants/" + stay, host).expect(204);
      client.post("/v1/conferences", "sk_x_y", "{}").expect(401);
      client.get("/v1/webhook-endpoints", key).expect(403);
      client.post("/v1/webhook-endpoints", key, "{}").expect(403, "scope-missing");

      List<JsonNode> entries = entries(service);
      String keyActor = "key:" + key.split("_", 3)[1];
      String zoe = actor(entries, "DELETE /v1/conferences/{c}/participants/{p}");
      String ben = actor(entries, "DELETE /v1/conferences/{c}");
      assertThat(entries.stream().map(AuditIT::text))
          .containsExactly(
              "- operator POST /admin/keys /admin/keys/" + key.split("_", 3)[1] + " 201",
              "default " + keyActor + " POST /v1/conferences " + path + " 201",
              "default "
                  + firstKey(service)
                  + " POST /v1/conferences/{c}/tokens "
                  + path
                  + "/tokens 201",
              "default "
                  + firstKey(service)
                  + " POST /v1/conferences/{c}/tokens "
                  + path
                  + "/tokens 201",
              "default " + ben + " DELETE /v1/conferences/{c} " + path + " 403 grant-missing",
              "default "
                  + zoe
                  + " DELETE /v1/conferences/{c}/participants/{p} "
                  + path
                  + "/participants/"
                  + stay
                  + " 204",
              "default "
                  + keyActor
                  + " POST /v1/webhook-endpoints /v1/webhook-endpoints 403 scope-missing");
      assertThat(zoe).matches("person:[0-9a-f]{24}").isNotEqualTo(ben);
      assertThat(entries.toString()).doesNotContain("acme", "zoe");
    }
  }

  @Test
  void logIsReadInPages(@TempDir Path folder) {
    try (RunningService service = new RunningService(folder)) {
      for (int i = 0; i < 5; i++) {
        service.conference("{}");
      }
      assertThat(entries(service)).hasSize(5);
      ApiClient admin = service.admin();
      admin.get("/admin/audit?cursor=x", null).expect(400, "cursor-invalid");
      admin.get("/admin/audit?day=yesterday", null).expect(422, "invalid");
      assertThat(admin.get("/admin/audit?day=2026-11-01", null).expect(200).json().path("data"))
          .isEmpty();
    }
  }

  private static List<JsonNode> entries(RunningService service) {
    List<JsonNode> entries = new ArrayList<>();
    for (String cursor = ""; ; ) {
      JsonNode page = service.admin().get("/admin/audit?limit=2" + cursor, null).expect(200).json();
      page.path("data").forEach(link -> link.path("entries").forEach(entries::add));
      if (!page.has("next")) {
        return entries;
      }
      cursor = "&cursor=" + page.path("next").asText();
    }
  }

  private static String firstKey(RunningService service) {
    return "key:" + service.key().split("_", 3)[1];
  }

  private static String actor(List<JsonNode> entries, String action) {
    return entries.stream()
        .filter(entry -> entry.path("action").asText().equals(action))
        .findFirst()
        .orElseThrow()
        .path("actor")
        .asText();
  }

  private static String text(JsonNode entry) {
    List<String> words = new ArrayList<>();
    for (String field : List.of("tenant", "actor", "action", "object", "outcome")) {
      words.add(entry.path(field).asText());
    }
    return String.join(" ", words);
  }
}
