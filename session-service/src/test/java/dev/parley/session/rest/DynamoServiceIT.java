package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.session.store.dynamo.TestTables;
import dev.parley.testsupport.DynamoDbLocal;
import dev.parley.testsupport.TcpProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Session services whose facts are in DynamoDB. */
final class DynamoServiceIT {
  @TempDir Path folder;

  private final TcpProxy wire = new TcpProxy(DynamoDbLocal.shared().port());
  private final String[] store = TestTables.forService(wire.port()).toArray(String[]::new);

  DynamoServiceIT() throws IOException {}

  @AfterEach
  void close() throws IOException {
    wire.close();
  }

  @Test
  void callOutlivesTheService() {
    String path;
    ParticipantId participant;
    try (RunningService service = new RunningService(folder, store);
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      String conference = service.conference("{\"alias\":\"Daily\"}");
      path = "/v1/conferences/" + conference;
      JsonNode joined =
          service
              .client()
              .post(
                  path + "/participants", service.tokenFor(conference, "ana"), "{\"sdp\":\"v=0\"}")
              .expect(201)
              .json();
      participant = new ParticipantId(joined.path("id").asText());
      media.report(
          new StateEvent.ParticipantConnected(new ConferenceId(conference), 1, participant));
    }

    try (RunningService service = new RunningService(folder, store)) {
      JsonNode roster =
          service.client().get(path + "/participants", service.key()).expect(200).json();
      assertThat(roster.at("/data/0/id").asText()).isEqualTo(participant.value());
      assertThat(roster.at("/data/0/state").asText()).isEqualTo("connected");
      service
          .client()
          .post("/v1/conferences", service.key(), "{\"alias\":\"daily\"}")
          .expect(409, "alias-taken");
    }
  }

  @Test
  void nodesOnOneStoreShareConferencesKeysAndTokens() {
    try (RunningService one = new RunningService(folder, store);
        RunningService two = new RunningService(folder, store)) {
      String created = "{\"alias\":\"weekly\"}";
      String conference =
          one.client()
              .post("/v1/conferences", one.key(), created, "Idempotency-Key", "k1")
              .expect(201)
              .text("id");
      ApiClient.Reply again =
          two.client().post("/v1/conferences", one.key(), created, "Idempotency-Key", "k1");
      assertThat(again.text("id")).isEqualTo(conference);

      String path = "/v1/conferences/" + conference;
      String token = one.tokenFor(conference, "ana");
      String participant =
          two.client().post(path + "/participants", token, "{}").expect(201).text("id");
      one.client()
          .post(path + "/participants", one.tokenFor(conference, "ana"), "{}")
          .expect(409, "identity-already-joined");
      assertThat(
              one.client()
                  .get(path + "/participants", one.key())
                  .expect(200)
                  .json()
                  .at("/data/0/id")
                  .asText())
          .isEqualTo(participant);

      String hello = "{\"text\":\"Hello\"}";
      one.client().post(path + "/messages", token, hello, "Idempotency-Key", "c1").expect(201);
      two.client().post(path + "/messages", token, hello, "Idempotency-Key", "c1").expect(201);
      two.client().post(path + "/messages", token, "{\"text\":\"again\"}").expect(201);
      assertThat(
              one.client()
                  .get(path + "/messages", token)
                  .expect(200)
                  .json()
                  .path("data")
                  .findValuesAsText("text"))
          .containsExactly("Hello", "again");
      one.client().delete(path + "/participants/" + participant + "?ban=60", one.key()).expect(204);
      two.client().post(path + "/participants", token, "{}").expect(403, "banned");

      String bens = one.tokenFor(conference, "ben");
      two.client().delete(path, one.key()).expect(200);
      assertThat(one.client().get(path, one.key()).expect(200).text("state")).isEqualTo("ended");
      one.client().post(path + "/participants", bens, "{}").expect(410, "ended");
    }
  }

  @Test
  void storeThatDoesNotAnswerIsAProblemThatPasses() {
    try (RunningService service = new RunningService(folder, store)) {
      String path = "/v1/conferences/" + service.conference("{}");
      wire.isolate();

      ApiClient.Reply refused = service.client().get(path, service.key());
      refused.expect(503, "store-unavailable");
      assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
      service
          .client()
          .post("/v1/conferences", service.key(), "{}")
          .expect(503, "store-unavailable");

      wire.restore();
      service.client().get(path, service.key()).expect(200);
    }
  }

  @Test
  void whatWasAcknowledgedIsThereAndWhatWasNotCanBeAskedAgain() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (RunningService service = new RunningService(folder, store)) {
      List<String> acknowledged = new ArrayList<>();
      int refusals = 0;
      for (int i = 0; i < 30; i++) {
        switch (random.nextInt(4)) {
          case 0 -> wire.loseAnswers(1 + random.nextInt(12));
          case 1 -> wire.cutAfter(random.nextInt(6000));
          case 2 -> wire.cut();
          default -> {}
        }
        // Or there would be too many a second.
        service.clock().advance(Duration.ofSeconds(1));
        ApiClient.Reply reply = create(service, i);
        for (int again = 0; reply.status() == 503 && again < 8; again++) {
          refusals++;
          reply.expect(503, "store-unavailable");
          reply = create(service, i);
        }
        assertThat(reply.status()).as("seed %d: %s", seed, reply.body()).isEqualTo(201);
        acknowledged.add(reply.text("id"));
      }
      wire.loseAnswers(0);

      for (String id : acknowledged) {
        service.client().get("/v1/conferences/" + id, service.key()).expect(200);
      }
      JsonNode all =
          service.client().get("/v1/conferences?limit=100", service.key()).expect(200).json();
      assertThat(all.path("data").findValuesAsText("id"))
          .as("seed %d, %d refusals: each was made once", seed, refusals)
          .containsExactlyInAnyOrderElementsOf(acknowledged);
    }
  }

  private static ApiClient.Reply create(RunningService service, int number) {
    return service
        .client()
        .post(
            "/v1/conferences",
            service.key(),
            "{\"alias\":\"room " + number + "\"}",
            "Idempotency-Key",
            "key-" + number);
  }
}
