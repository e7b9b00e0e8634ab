package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.ServerLoad;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EventsClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A region without room, through the HTTP door, with a media server that tells its load. */
@Timeout(60)
final class RegionFullIT {
  private static final String OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

  @TempDir Path folder;

  @Test
  void joinsWaitUntilAServerHasRoomAndHostsComeFirst() throws Exception {
    try (RunningService service = new RunningService(folder, "--join-queue-max=2");
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      ApiClient client = service.client();
      String conference = service.conference("{}");
      String path = "/v1/conferences/" + conference;
      String ana = service.tokenFor(conference, "ana");
      String host = service.token(conference, "{\"identity\":\"host\",\"role\":\"host\"}");
      String late = service.tokenFor(conference, "late");
      media.load(load(500));
      awaitFull(service);

      ApiClient.Reply first = client.post(path + "/participants", ana, "{}").expect(202);
      assertThat(first.text("waitsFor")).isEqualTo("region-full");
      assertThat(first.json().at("/queue/region").asText()).isEqualTo("local");
      assertThat(first.json().at("/queue/position").asInt()).isEqualTo(1);
      EventsClient waiting =
          EventsClient.connect(service.httpPort(), conference, first.text("ticket"), -1);
      assertThat(waiting.next("queue.position").at("/data/position").asInt()).isEqualTo(1);
      ApiClient.Reply second = client.post(path + "/participants", host, "{}").expect(202);
      assertThat(second.json().at("/queue/position").asInt()).isEqualTo(1);
      assertThat(waiting.next("queue.position").at("/data/position").asInt()).isEqualTo(2);
      client.post(path + "/participants", late, "{}").expect(503, "no-capacity");
      client.postSdp(path + "/rtc", ana, OFFER).expect(503, "queued");

      media.load(load(0));

      assertThat(waiting.next("welcome").at("/snapshot/participants").toString())
          .contains(first.text("id"));
      ApiClient.Reply own = client.get(path + "/participants/" + first.text("id"), ana).expect(200);
      client.postSdp(own.json().at("/media/rtcUrl").asText(), ana, OFFER).expect(201);
      ApiClient.Reply other =
          client.get(path + "/participants/" + second.text("id"), host).expect(200);
      assertThat(other.text("state")).isEqualTo("connecting");
      // The host came in first: numbers rise.
      assertThat(other.json().path("csrc").asLong()).isLessThan(own.json().path("csrc").asLong());
    }
  }

  /** The load is told on another connection: a conference of its own shows that it has arrived. */
  private static void awaitFull(RunningService service) {
    String conference = service.conference("{}");
    String path = "/v1/conferences/" + conference + "/participants";
    String token = service.tokenFor(conference, "probe");
    ApiClient.Reply reply = service.client().post(path, token, "{}");
    while (reply.status() != 202) {
      // The quota counts by this clock.
      service.clock().advance(Duration.ofMillis(20));
      reply.expect(201);
      service.client().delete(path + "/" + reply.text("id"), token).expect(204);
      reply = service.client().post(path, token, "{}");
    }
    service.client().delete(path + "/" + reply.text("id"), token).expect(204);
  }

  private static ServerLoad load(int participants) {
    return new ServerLoad(0.1, 0, 1, participants, 0, 0.0, false);
  }
}
