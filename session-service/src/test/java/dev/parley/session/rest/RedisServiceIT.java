package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.config.SettingsException;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.harness.EventsClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.testsupport.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole service with Redis, which dies and loses everything in the middle of a call. */
@Timeout(60)
final class RedisServiceIT {
  @TempDir Path folder;

  private final RedisServer redis = RedisServer.start();

  @AfterEach
  void close() {
    redis.close();
  }

  @Test
  void callsGoOnWhateverBecomesOfRedis() throws Exception {
    try (RunningService service =
            new RunningService(folder, "--redis=" + redis.address(), "--redis-timeout=1s");
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      String conference = service.conference("{}");
      String path = "/v1/conferences/" + conference;
      String ana = join(service, media, conference, "ana");
      EventsClient watching = watch(service, conference, -1);
      long seq = watching.next("welcome").path("seq").asLong();
      mute(service, path, ana, true);
      assertThat(watching.next("participant.updated").path("seq").asLong()).isEqualTo(seq + 1);

      redis.send("FLUSHALL");
      String ben = join(service, media, conference, "ben");
      assertThat(watching.next("welcome").path("snapshot").toString()).contains(ben);
      assertThat(metric(service, "parley_redis_gaps_total")).isEqualTo(1);

      redis.kill();
      String eve = join(service, media, conference, "eve");
      assertThat(watching.next("welcome").path("resumed").asBoolean(true)).isFalse();
      assertThat(watching.next("participant.joined").at("/data/id").asText()).isEqualTo(eve);
      service.client().get("/v1/conferences", service.key()).expect(200);
      EventsClient late = watch(service, conference, seq + 1);
      JsonNode welcome = late.next("welcome");
      assertThat(welcome.path("resumed").asBoolean(true)).isFalse();
      assertThat(welcome.at("/snapshot/participants").size()).isEqualTo(3);
      // Commands that fail do not tell: the next ping does.
      RedisServer.await("away", () -> metric(service, "parley_redis_away") == 1);
      assertThat(metric(service, "parley_redis_windows_alone_total")).isPositive();
      assertThat(metric(service, "parley_redis_tickets_alone_total")).isPositive();
      assertThat(metric(service, "parley_redis_events_alone_total")).isPositive();

      redis.restart();
      assertThat(watching.next("welcome").at("/snapshot/participants").size()).isEqualTo(3);
      late.next("welcome");
      RedisServer.await("back", () -> metric(service, "parley_redis_away") == 0);
      service.client().delete(path + "/participants/" + ben, service.key()).expect(204);
      JsonNode left = late.next("participant.left");
      EventsClient resumed = watch(service, conference, left.path("seq").asLong() - 1);
      assertThat(resumed.next("welcome").path("resumed").asBoolean()).isTrue();
      assertThat(resumed.next()).isEqualTo(left);
    }
  }

  @Test
  void anAddressThatCannotBeReadIsSaidWithoutShowingIt() {
    assertThatThrownBy(() -> new RunningService(folder, "--redis=http://:secret@r.example"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("redis: ")
        .hasMessageNotContaining("secret");
  }

  private static String join(
      RunningService service, ScriptedMediaServer media, String conference, String identity) {
    String id =
        service
            .client()
            .post(
                "/v1/conferences/" + conference + "/participants",
                service.tokenFor(conference, identity),
                "{\"sdp\":\"v=0\"}")
            .expect(201)
            .text("id");
    media.report(
        new StateEvent.ParticipantConnected(
            new ConferenceId(conference), 1, new ParticipantId(id)));
    return id;
  }

  private static void mute(RunningService service, String path, String id, boolean muted) {
    service
        .client()
        .patch(path + "/participants/" + id, service.key(), "{\"muted\":" + muted + "}")
        .expect(200);
  }

  private static EventsClient watch(RunningService service, String conference, long resumeSeq) {
    String ticket =
        service
            .client()
            .post("/v1/conferences/" + conference + "/event-tickets", service.key(), "{}")
            .expect(201)
            .text("ticket");
    return EventsClient.connect(service.httpPort(), conference, ticket, resumeSeq);
  }

  private static double metric(RunningService service, String name) {
    URI uri = URI.create("http://127.0.0.1:" + service.adminPort() + "/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      String text =
          http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      return text.lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no metric " + name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
