package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Usage, through the HTTP door. */
final class UsageApiIT {
  @TempDir static Path folder;
  static RunningService service;
  static ScriptedMediaServer media;
  static ApiClient client;

  @BeforeAll
  static void start() {
    service = new RunningService(folder);
    client = service.client();
    media = ScriptedMediaServer.dial(service.linkPort(), "ms-1");
  }

  @AfterAll
  static void stop() {
    media.close();
    service.close();
  }

  @Test
  void callIsCountedOnceItIsOver() throws Exception {
    String first = client.get("/v1/usage", service.key()).expect(200).body();
    assertThat(first).as("nothing yet").isEqualTo("{\"data\":[]}");
    LocalDate day = LocalDate.ofInstant(service.clock().instant(), ZoneOffset.UTC);
    String conference = service.conference("{}");
    String path = "/v1/conferences/" + conference;
    String ana = service.tokenFor(conference, "ana");
    String id =
        client.post(path + "/participants", ana, "{\"sdp\":\"v=0\"}").expect(201).text("id");
    media.report(
        new StateEvent.ParticipantConnected(
            new ConferenceId(conference), 1, new ParticipantId(id)));
    client.post(path + "/messages", ana, "{\"text\":\"Hello\"}").expect(201);
    service.clock().advance(Duration.ofSeconds(90));
    client.delete(path + "/participants/" + id, ana).expect(204);
    client.delete(path, service.key()).expect(200);

    service.clock().advance(Duration.ofSeconds(60));
    JsonNode line = await(1);
    assertThat(line.path("period").asText()).isEqualTo(day.toString());
    assertThat(line.path("region").asText()).isEqualTo("local");
    assertThat(line.path("conferences").asInt()).isEqualTo(1);
    assertThat(line.path("participants").asInt()).isEqualTo(1);
    assertThat(line.path("participantMinutes").asDouble()).isEqualTo(1.5);
    assertThat(line.path("mixedMinutes").asDouble() + line.path("forwardedMinutes").asDouble())
        .isEqualTo(1.5);
    assertThat(line.path("peakParticipants").asInt()).isEqualTo(1);
    assertThat(line.path("messages").asInt()).isEqualTo(1);

    String month = day.toString().substring(0, 7);
    JsonNode months =
        client.get("/v1/usage?granularity=month&limit=1", service.key()).expect(200).json();
    assertThat(months.at("/data/0/period").asText()).isEqualTo(month);
    assertThat(usage("?region=nowhere")).isEmpty();
    assertThat(usage("?from=" + day.plusDays(1))).isEmpty();
    assertThat(usage("?from=" + day.minusDays(3) + "&to=" + day)).isEmpty();
  }

  @Test
  void scopeAndFiltersAreChecked() {
    service.clock().advance(Duration.ofSeconds(2));
    String other = service.key("acme", "conferences");
    client.get("/v1/usage", other).expect(403, "scope-missing");
    client.get("/v1/usage", service.key("acme", "usage")).expect(200);
    String conference = service.conference("{}");
    client.get("/v1/usage", service.tokenFor(conference, "ana")).expect(403, "key-needed");
    client.get("/v1/usage?granularity=week", service.key()).expect(422, "invalid");
    client.get("/v1/usage?from=yesterday", service.key()).expect(422, "invalid");
    service.clock().advance(Duration.ofSeconds(2));
    client.get("/v1/usage?from=1990-01-01", service.key()).expect(422, "invalid");
    client.get("/v1/usage?cursor=abc", service.key()).expect(400, "cursor-invalid");
  }

  /** Due work is done twice a second. */
  private static JsonNode await(int conferences) throws InterruptedException {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      JsonNode data = usage("");
      if (data.path(0).path("conferences").asInt() == conferences
          && data.path(0).path("participants").asInt() > 0) {
        return data.path(0);
      }
      assertThat(System.nanoTime()).as("counted in time: %s", data).isLessThan(deadlineNs);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static JsonNode usage(String query) {
    service.clock().advance(Duration.ofSeconds(1));
    return client.get("/v1/usage" + query, service.key()).expect(200).json().path("data");
  }
}
