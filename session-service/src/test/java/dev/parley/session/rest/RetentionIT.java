package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EndedCalls;
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
      // It is counted when it is gone, a moment later.
      RedisServer.await(
          "it is counted",
          () ->
              service
                  .admin()
                  .sendUnchecked("GET", "/metrics", null, null, null)
                  .body()
                  .lines()
                  .anyMatch("parley_conferences_forgotten_total 1.0"::equals));
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

  @Test
  void whatIsOnHoldStaysUntilTheHoldEnds() {
    try (RunningService service = new RunningService(folder, "--conference-keep-days=7");
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      ApiClient client = service.client();
      EndedCalls calls = new EndedCalls(service, media);
      String channel =
          client.post("/v1/channels", service.key(), "{\"name\":\"Sales\"}").expect(201).text("id");
      String itself = calls.over("{}", "ana");
      String inChannel = calls.over("{\"channel\":\"" + channel + "\"}", "ana");
      String other = calls.over("{}", "ana");
      calls.settle();
      String hold = "/v1/conversations/" + itself + "/legal-hold";
      String channelHold = "/v1/channels/" + channel + "/legal-hold";
      put(service, hold);
      put(service, channelHold);

      service.clock().advance(Duration.ofDays(8));
      RedisServer.await("it is forgotten", () -> isGone(service, other));
      for (int day = 0; day < 3; day++) {
        service.clock().advance(Duration.ofDays(1).plusMinutes(1));
        String goes = calls.over("{}", "ana");
        service.clock().advance(Duration.ofDays(8));
        RedisServer.await("others are forgotten meanwhile", () -> isGone(service, goes));
      }
      for (String held : new String[] {itself, inChannel}) {
        assertThat(
                client
                    .get("/v1/conversations/" + held + "/messages", service.key())
                    .expect(200)
                    .json()
                    .at("/data/0/text")
                    .asText())
            .isEqualTo("Hello from ana");
        client.get("/v1/conferences/" + held, service.key()).expect(200);
      }

      client.delete(hold, service.key()).expect(200);
      client.delete(channelHold, service.key()).expect(200);
      service.clock().advance(Duration.ofDays(1).plusMinutes(1));
      RedisServer.await("it is forgotten, too", () -> isGone(service, itself));
      RedisServer.await("so is this", () -> isGone(service, inChannel));
      assertThat(
              client.get("/v1/conversations", service.key()).expect(200).json().path("data").size())
          .isZero();
    }
  }

  private static void put(RunningService service, String path) {
    service.client().send("PUT", path, service.key(), null, null).expect(200);
  }

  private static boolean isGone(RunningService service, String conference) {
    return service.client().get("/v1/conferences/" + conference, service.key()).status() == 404
        && service.client().get("/v1/conversations/" + conference, service.key()).status() == 404;
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
