package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.testsupport.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long conferences are kept after their end. */
final class RetentionIT {
  @TempDir Path folder;

  @Test
  void whatEndedLongAgoIsForgottenWithAllThatWasInIt() {
    try (RunningService service = new RunningService(folder, "--conference-keep-days=7");
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      ApiClient client = service.client();
      String path = ended(service, "goes");
      assertThat(media).isNotNull();

      service.clock().advance(Duration.ofDays(6));
      String later = ended(service, "later");
      assertThat(client.get(path, service.key()).expect(200).text("state")).isEqualTo("ended");
      service.clock().advance(Duration.ofDays(1).plusMinutes(1));
      RedisServer.await("it is forgotten", () -> client.get(path, service.key()).status() == 404);

      client.get(path + "/participants", service.key()).expect(404, "not-found");
      client.get(path + "/messages", service.key()).expect(404, "not-found");
      assertThat(client.get(later, service.key()).expect(200).text("state")).isEqualTo("ended");
      assertThat(
              client
                  .get(later + "/messages", service.key())
                  .expect(200)
                  .json()
                  .at("/data/0/text")
                  .asText())
          .isEqualTo("Hello");
      assertThat(
              service
                  .admin()
                  .sendUnchecked("GET", "/metrics", null, null, null)
                  .body()
                  .lines()
                  .filter(line -> line.startsWith("parley_conferences_forgotten_total ")))
          .containsExactly("parley_conferences_forgotten_total 1.0");
    }
  }

  @Test
  void whatEndedWhileAllWasKeptIsForgottenOnceThatIsNoMoreSo() {
    String path;
    try (RunningService service = new RunningService(folder);
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      assertThat(media).isNotNull();
      path = ended(service, "goes");
      service.clock().advance(Duration.ofDays(400));
      assertThat(service.client().get(path, service.key()).expect(200).text("state"))
          .isEqualTo("ended");
    }

    try (RunningService service = new RunningService(folder, "--conference-keep-days=30")) {
      service.clock().advance(Duration.ofDays(31));
      RedisServer.await(
          "it is forgotten", () -> service.client().get(path, service.key()).status() == 404);
      assertThat(service.conference("{\"alias\":\"goes\"}")).isNotEmpty();
    }
  }

  /** Has somebody come, say something and the conference end; returns its path. */
  private static String ended(RunningService service, String alias) {
    ApiClient client = service.client();
    String conference = service.conference("{\"alias\":\"" + alias + "\"}");
    String path = "/v1/conferences/" + conference;
    String token = service.tokenFor(conference, "ana");
    client.post(path + "/participants", token, "{\"sdp\":\"v=0\"}").expect(201);
    client.post(path + "/messages", token, "{\"text\":\"Hello\"}").expect(201);
    client.delete(path, service.key()).expect(200);
    return path;
  }
}
