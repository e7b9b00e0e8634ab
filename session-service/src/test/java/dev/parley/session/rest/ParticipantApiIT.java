package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.Order;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Participants and signalling, through the HTTP door, with a media server on the real link. */
final class ParticipantApiIT {
  private static final String OFFER = "v=0\\r\\no=- 1 1 IN IP4 0.0.0.0\\r\\ns=-\\r\\nt=0 0\\r\\n";
  private static final String OFFER_TEXT = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

  @TempDir static Path folder;
  static RunningService service;
  static ScriptedMediaServer media;
  static ApiClient client;
  static String key;

  @BeforeAll
  static void start() {
    service = new RunningService(folder);
    client = service.client();
    key = service.key();
    media = ScriptedMediaServer.dial(service.linkPort(), "ms-1");
  }

  @AfterAll
  static void stop() {
    media.close();
    service.close();
  }

  @BeforeEach
  void letQuotasRefill() {
    service.clock().advance(Duration.ofSeconds(1));
  }

  @AfterEach
  void answerAgain() {
    media.answer(ScriptedMediaServer::accept);
  }

  @Test
  void joinWithAnOfferIsAnsweredAtOnce() {
    String conference = service.conference("{\"speakerSlots\":4}");
    String token =
        service.token(conference, "{\"identity\":\"ana@acme\",\"name\":\"Ana\",\"role\":\"host\"}");

    JsonNode joined = join(conference, token, "{\"sdp\":\"" + OFFER + "\",\"muted\":true}");

    Command command = media.next(Order.AdmitParticipant.class, conference);
    Order.AdmitParticipant admit = (Order.AdmitParticipant) command.order();
    assertThat(command.conference().value()).isEqualTo(conference);
    assertThat(command.epoch()).isEqualTo(1);
    assertThat(admit.participant().value()).isEqualTo(joined.path("id").asText());
    assertThat(admit.csrc()).isEqualTo(joined.path("csrc").asLong()).isPositive();
    assertThat(admit.offer()).isEqualTo(OFFER_TEXT);
    assertThat(admit.muted()).isTrue();
    assertThat(admit.maySend()).isTrue();
    assertThat(admit.conferenceSettings()).isEqualTo(new Order.ConferenceSettings(4, 5));
    assertThat(joined.path("answer").asText()).isEqualTo(ScriptedMediaServer.ANSWER);
    assertThat(joined.path("listening").asText()).isEqualTo("forward");
    assertThat(joined.path("name").asText()).isEqualTo("Ana");
    assertThat(joined.path("media").path("server").asText()).isEqualTo("ms-1");
    client.get(joined.path("media").path("rtcSessionUrl").asText(), token).expect(204);
  }

  @Test
  void offerMayFollowTheJoin() {
    String conference = service.conference("{}");
    String token = service.tokenFor(conference, "ana");
    JsonNode joined = join(conference, token, "{\"name\":\"Ana\"}");

    ApiClient.Reply answer =
        client
            .postSdp(
                joined.path("media").path("rtcUrl").asText() + "?listening=mix", token, OFFER_TEXT)
            .expect(201);

    Order.AdmitParticipant admit =
        (Order.AdmitParticipant) media.next(Order.AdmitParticipant.class, conference).order();
    assertThat(admit.participant().value()).isEqualTo(joined.path("id").asText());
    assertThat(admit.listening()).isEqualTo(Order.Listening.MIX);
    assertThat(answer.body()).isEqualTo(ScriptedMediaServer.ANSWER);
    String session = answer.header("Location");
    client.get(session, token).expect(204);
    client.get(session, service.tokenFor(conference, "ben")).expect(403, "grant-missing");
    client.get(session + "x", token).expect(404, "not-found");

    client.delete(session, token).expect(200);

    Command removed = media.next(Order.RemoveParticipant.class, conference);
    assertThat(((Order.RemoveParticipant) removed.order()).participant())
        .isEqualTo(admit.participant());
    client.get(session, token).expect(404, "not-found");
    assertThat(roster(conference)).isEmpty();
  }

  @Test
  void offerAloneJoinsAndASecondReplacesTheMedia() {
    String conference = service.conference("{}");
    String token = service.tokenFor(conference, "ana");
    String path = "/v1/conferences/" + conference + "/rtc";

    String first = client.postSdp(path, token, OFFER_TEXT).expect(201).header("Location");
    String second = client.postSdp(path, token, OFFER_TEXT).expect(201).header("Location");

    assertThat(second).isNotEqualTo(first);
    assertThat(roster(conference)).hasSize(1);
    client.get(first, token).expect(404, "not-found");
    client.get(second, token).expect(204);
  }

  @Test
  void mediaServerSaysWhoIsConnected() {
    String conference = service.conference("{}");
    String token = service.tokenFor(conference, "ana");
    String id = join(conference, token, "{\"sdp\":\"" + OFFER + "\"}").path("id").asText();
    ConferenceId c = new ConferenceId(conference);
    ParticipantId p = new ParticipantId(id);
    assertThat(roster(conference).get(0).path("state").asText()).isEqualTo("connecting");

    media.report(new StateEvent.ParticipantConnected(c, 1, p));

    assertThat(roster(conference).get(0).path("state").asText()).isEqualTo("connected");
    JsonNode live = client.get("/v1/conferences/" + conference, key).expect(200).json();
    assertThat(live.path("state").asText()).isEqualTo("live");
    assertThat(live.path("participantCount").asInt()).isEqualTo(1);

    media.report(new StateEvent.ParticipantReconnecting(c, 1, p));
    assertThat(roster(conference).get(0).path("state").asText()).isEqualTo("reconnecting");
    media.report(new StateEvent.ParticipantGone(c, 1, p, StateEvent.GoneReason.CONSENT_EXPIRED));

    assertThat(roster(conference)).isEmpty();
    JsonNode gone =
        client.get("/v1/conferences/" + conference + "/participants/" + id, key).expect(200).json();
    assertThat(gone.path("state").asText()).isEqualTo("left");
    assertThat(gone.path("leaveReason").asText()).isEqualTo("ice-timeout");
    assertThat(
            client
                .get("/v1/conferences/" + conference, key)
                .json()
                .path("participantCount")
                .asInt())
        .isZero();
  }

  @Test
  void identityIsThereOnceUnlessItReplacesItself() {
    String conference = service.conference("{}");
    String token = service.tokenFor(conference, "ana");
    String first = join(conference, token, "{}").path("id").asText();

    ApiClient.Reply refused =
        client
            .post("/v1/conferences/" + conference + "/participants", token, "{}")
            .expect(409, "identity-already-joined");
    assertThat(refused.text("participant")).isEqualTo(first);
    String second = join(conference, token, "{\"replace\":true}").path("id").asText();

    assertThat(second).isNotEqualTo(first);
    assertThat(roster(conference)).hasSize(1);
    assertThat(
            client
                .get("/v1/conferences/" + conference + "/participants/" + first, key)
                .text("leaveReason"))
        .isEqualTo("replaced");
  }

  @Test
  void refusedOfferIsAProblemAndNobodyHasJoined() {
    String conference = service.conference("{}");
    String token = service.tokenFor(conference, "ana");
    media.answer(_ -> new CommandResult.OfferRefused("Line 5 must be an m= line.", 5));

    ApiClient.Reply refused =
        client
            .post(
                "/v1/conferences/" + conference + "/participants",
                token,
                "{\"sdp\":\"" + OFFER + "\"}")
            .expect(422, "sdp-unacceptable");

    assertThat(refused.json().path("line").asInt()).isEqualTo(5);
    assertThat(refused.text("detail")).isEqualTo("Line 5 must be an m= line.");
    assertThat(roster(conference)).isEmpty();
    media.answer(ScriptedMediaServer::accept);
    join(conference, token, "{\"sdp\":\"" + OFFER + "\"}");
  }

  @Test
  void serverWithoutRoomIs503AndNobodyHasJoined() {
    String conference = service.conference("{}");
    String token = service.tokenFor(conference, "ana");
    media.answer(_ -> new CommandResult.Busy("full"));

    ApiClient.Reply refused =
        client
            .post(
                "/v1/conferences/" + conference + "/participants",
                token,
                "{\"sdp\":\"" + OFFER + "\"}")
            .expect(503, "no-capacity");

    assertThat(refused.header("Retry-After")).isEqualTo("5");
    assertThat(roster(conference)).isEmpty();
  }

  @Test
  void newerEpochSeenByTheServerIsOvertaken() {
    String conference = service.conference("{}");
    media.answer(command ->
        command.epoch() < 8 ? new CommandResult.Stale(7) : ScriptedMediaServer.accept(command));

    JsonNode joined =
        join(conference, service.tokenFor(conference, "ana"), "{\"sdp\":\"" + OFFER + "\"}");

    assertThat(joined.path("media").path("epoch").asInt()).isEqualTo(8);
  }

  @Test
  void everyoneMutesThemselvesAndModeratorsMuteOthersButUnmuteNobody() {
    String conference = service.conference("{}");
    String ana = service.tokenFor(conference, "ana");
    String ben = service.tokenFor(conference, "ben");
    String host = service.token(conference, "{\"identity\":\"host\",\"role\":\"host\"}");
    String id = join(conference, ana, "{\"sdp\":\"" + OFFER + "\"}").path("id").asText();
    String path = "/v1/conferences/" + conference + "/participants/" + id;

    JsonNode muted = client.patch(path, ana, "{\"muted\":true}").expect(200).json();

    assertThat(muted.path("muted").asBoolean()).isTrue();
    Order.MuteParticipant order =
        (Order.MuteParticipant) media.next(Order.MuteParticipant.class, conference).order();
    assertThat(order).isEqualTo(new Order.MuteParticipant(new ParticipantId(id), true));
    client.patch(path, host, "{\"muted\":false}").expect(403, "unmute-not-offered");
    client.patch(path, ana, "{\"muted\":false}").expect(200);
    client.patch(path, ben, "{\"muted\":true}").expect(403, "grant-missing");
    client.patch(path, host, "{\"muted\":true}").expect(200);
    client.patch(path, ana, "{\"muted\":false}").expect(200);
    client.patch(path, key, "{\"muted\":true}").expect(200);
    client.patch(path, ana, "{}").expect(422, "invalid");
    client.patch(path, ana, "{\"muted\":\"yes\"}").expect(422, "invalid");
    client.patch(path, ana, "{\"muted\":false}", "If-Match", "\"1\"").expect(412);
    client.delete(path, ana).expect(204);
    client.patch(path, ana, "{\"muted\":true}").expect(410, "left");
  }

  @Test
  void muteThatTheServerDoesNotAnswerHasNotHappened() {
    String conference = service.conference("{}");
    String ana = service.tokenFor(conference, "ana");
    String id = join(conference, ana, "{\"sdp\":\"" + OFFER + "\"}").path("id").asText();
    String path = "/v1/conferences/" + conference + "/participants/" + id;
    media.answer(_ -> new CommandResult.Busy("behind"));

    client.patch(path, ana, "{\"muted\":true}").expect(503, "media-unreachable");

    assertThat(client.get(path, ana).json().path("muted").asBoolean()).isFalse();
  }

  @Test
  void leavingIsDoneOnceAndSaidTwice() {
    String conference = service.conference("{}");
    String ana = service.tokenFor(conference, "ana");
    String ben = service.tokenFor(conference, "ben");
    String id = join(conference, ana, "{}").path("id").asText();
    String path = "/v1/conferences/" + conference + "/participants/" + id;

    client.delete(path, ben).expect(403, "grant-missing");
    client.delete(path, ana).expect(204);
    client.delete(path, ana).expect(204);

    assertThat(client.get(path, key).text("leaveReason")).isEqualTo("client");
    client
        .delete("/v1/conferences/" + conference + "/participants/pt_unknown", ana)
        .expect(404, "not-found");
  }

  @Test
  void moderatorRemovesSomebody() {
    String conference = service.conference("{}");
    String ana = service.tokenFor(conference, "ana");
    String id = join(conference, ana, "{\"sdp\":\"" + OFFER + "\"}").path("id").asText();
    String path = "/v1/conferences/" + conference + "/participants/" + id;

    client.delete(path, key).expect(204);

    assertThat(client.get(path, key).text("leaveReason")).isEqualTo("kicked");
    Order.RemoveParticipant order =
        (Order.RemoveParticipant) media.next(Order.RemoveParticipant.class, conference).order();
    assertThat(order.participant().value()).isEqualTo(id);
  }

  @Test
  void fullConferenceTakesNobodyElse() {
    String conference = service.conference("{\"maxParticipants\":1}");
    String ana = service.tokenFor(conference, "ana");
    String ben = service.tokenFor(conference, "ben");
    String id = join(conference, ana, "{}").path("id").asText();
    String path = "/v1/conferences/" + conference + "/participants";

    client.post(path, ben, "{}").expect(409, "conference-full");
    client.post(path, ben, "{}").expect(409, "conference-full");
    client.delete(path + "/" + id, ana).expect(204);

    client.post(path, ben, "{}").expect(201);
  }

  @Test
  void endTakesEveryoneOut() {
    String conference = service.conference("{}");
    String ana = service.tokenFor(conference, "ana");
    String id = join(conference, ana, "{\"sdp\":\"" + OFFER + "\"}").path("id").asText();
    String path = "/v1/conferences/" + conference;

    client.delete(path, key).expect(200);

    Command end = media.next(Order.EndConference.class, conference);
    assertThat(end.epoch()).as("above every order before").isEqualTo(2);
    assertThat(client.get(path + "/participants/" + id, key).text("leaveReason"))
        .isEqualTo("ended");
    client.get(path + "/participants", key).expect(410, "ended");
    client.post(path + "/participants", ana, "{}").expect(410, "ended");
    client.postSdp(path + "/rtc", ana, OFFER_TEXT).expect(410, "ended");
    client.post(path + "/event-tickets", key, "").expect(410, "ended");
  }

  @Test
  void manyJoinAtOnceWithDifferentNumbers() throws Exception {
    String conference = service.conference("{}");
    int people = 24;
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < people; i++) {
      tokens.add(service.tokenFor(conference, "p" + i));
    }
    List<Future<JsonNode>> joins = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String token : tokens) {
        joins.add(threads.submit(() -> join(conference, token, "{\"sdp\":\"" + OFFER + "\"}")));
      }
    }

    List<Long> numbers = new ArrayList<>();
    for (Future<JsonNode> join : joins) {
      numbers.add(join.get().path("csrc").asLong());
    }
    assertThat(numbers).doesNotHaveDuplicates().allMatch(number -> number > 0);
    assertThat(roster(conference)).hasSize(people);
    JsonNode read = client.get("/v1/conferences/" + conference, key).json();
    assertThat(read.path("participantCount").asInt()).isEqualTo(people);
  }

  @Test
  void oldTokenStillSpeaksForAStayButBeginsNone() {
    String conference = service.conference("{}");
    String ana = service.tokenFor(conference, "ana");
    String ben = service.tokenFor(conference, "ben");
    String id = join(conference, ana, "{\"sdp\":\"" + OFFER + "\"}").path("id").asText();
    media.report(
        new StateEvent.ParticipantConnected(
            new ConferenceId(conference), 1, new ParticipantId(id)));
    String path = "/v1/conferences/" + conference;

    service.clock().advance(Duration.ofMinutes(16));

    client.patch(path + "/participants/" + id, ana, "{\"muted\":true}").expect(200);
    client.post(path + "/event-tickets", ana, "").expect(201);
    client.postSdp(path + "/rtc", ana, OFFER_TEXT).expect(201);
    client.post(path + "/participants", ana, "{\"replace\":true}").expect(401, "token-expired");
    client.post(path + "/participants", ben, "{}").expect(401, "token-expired");
    client.get(path, ben).expect(401, "token-expired");
    client.delete(path + "/participants/" + id, ana).expect(204);
    client.get(path, ana).expect(401, "token-expired");
  }

  @Test
  void bodiesAreChecked() {
    String conference = service.conference("{}");
    String token = service.tokenFor(conference, "ana");
    String path = "/v1/conferences/" + conference;

    client.post(path + "/participants", token, "{\"listening\":\"loud\"}").expect(422, "invalid");
    client.post(path + "/participants", token, "{\"sdp\":7,\"replace\":1}").expect(422, "invalid");
    client
        .post(path + "/participants", token, "{\"sdp\":\"" + "x".repeat(65_537) + "\"}")
        .expect(422, "invalid");
    client.post(path + "/participants", key, "{}").expect(403, "token-needed");
    client.postSdp(path + "/rtc?listening=loud", token, OFFER_TEXT).expect(422, "invalid");
    client.postSdp(path + "/rtc", token, "").expect(400, "malformed");
    client.postSdp(path + "/rtc", token, "x".repeat(65_537)).expect(413, "too-large");
    ApiClient.Reply wrong = client.post(path + "/rtc", token, "{}");
    wrong.expect(415, "unsupported-media-type");
    assertThat(wrong.header("Accept-Post")).isEqualTo("application/sdp");
    assertThat(roster(conference)).isEmpty();
  }

  private static JsonNode join(String conference, String token, String body) {
    return client
        .post("/v1/conferences/" + conference + "/participants", token, body)
        .expect(201)
        .json();
  }

  private static JsonNode roster(String conference) {
    return client
        .get("/v1/conferences/" + conference + "/participants", key)
        .expect(200)
        .json()
        .path("data");
  }
}
