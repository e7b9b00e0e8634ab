package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What one environment has given out is worth nothing in another, though tenants, aliases and keys
 * have the same names in both.
 */
final class EnvironmentsIT {
  @TempDir Path folder;
  private RunningService staging;
  private RunningService production;

  @BeforeEach
  void start() throws Exception {
    staging = new RunningService(Files.createDirectory(folder.resolve("staging")));
    production = new RunningService(Files.createDirectory(folder.resolve("production")));
  }

  @AfterEach
  void stop() {
    staging.close();
    production.close();
  }

  @Test
  void serverKeysAreTheirOwn() {
    String key = staging.key("acme", "conferences");
    production.key("acme", "conferences");

    staging.client().get("/v1/conferences", key).expect(200);
    production.client().get("/v1/conferences", key).expect(401, "key-invalid");
    production.client().get("/v1/conferences", staging.key()).expect(401, "key-invalid");
  }

  @Test
  void joinTokensAndEventTicketsAreTheirOwn() {
    String theirs = staging.conference("{\"alias\":\"weekly\"}");
    String ours = production.conference("{\"alias\":\"weekly\"}");
    String token = staging.tokenFor(theirs, "ana");

    for (String conference : new String[] {theirs, ours}) {
      production
          .client()
          .post("/v1/conferences/" + conference + "/participants", token, "{}")
          .expect(401, "token-invalid");
    }
    ApiClient.Reply joined =
        staging
            .client()
            .post("/v1/conferences/" + theirs + "/participants", token, "{}")
            .expect(201);
    String ticket = joined.json().at("/media/ticket").asText();
    assertThat(ticket).isNotEmpty();
    for (String conference : new String[] {theirs, ours}) {
      production
          .client()
          .get(
              "/v1/conferences/" + conference + "/events?ticket=" + ticket,
              null,
              "Accept",
              "text/event-stream")
          .expect(401, "ticket-invalid");
    }
  }

  @Test
  void idsAndCursorsAreTheirOwn() {
    assertThat(created(staging)).isNotEqualTo(created(production));
    staging.conference("{}");
    production.conference("{}");

    String cursor =
        staging.client().get("/v1/conferences?limit=1", staging.key()).expect(200).text("next");
    assertThat(cursor).isNotEmpty();
    production
        .client()
        .get("/v1/conferences?limit=1&cursor=" + cursor, production.key())
        .expect(400, "cursor-invalid");
  }

  private static String created(RunningService service) {
    return service
        .client()
        .post("/v1/conferences", service.key(), "{}", "Idempotency-Key", "the same")
        .expect(201)
        .text("id");
  }
}
