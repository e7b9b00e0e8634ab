package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.Order;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EventsClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moderation, through the HTTP door, with a media server on the real link. */
final class ModerationApiIT {
  @TempDir static Path folder;
  static RunningService service;
  static ScriptedMediaServer media;
  static ApiClient client;
  static String key;

  private String conference = "";
  private String path = "";
  private String host = "";
  private String ana = "";

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
  void makeConference() {
    service.clock().advance(Duration.ofSeconds(1));
    conference = service.conference("{}");
    path = "/v1/conferences/" + conference;
    host = service.token(conference, "{\"identity\":\"host\",\"role\":\"host\"}");
    ana = service.tokenFor(conference, "ana");
  }

  @AfterEach
  void answerAgain() {
    media.answer(ScriptedMediaServer::accept);
  }

  @Test
  void banKeepsTheIdentityOutUntilItEndsOrIsLifted() {
    String id = join(ana).path("id").asText();

    client.delete(path + "/participants/" + id + "?ban=3600", ana).expect(403, "grant-missing");
    client.delete(path + "/participants/" + id + "?ban=0", host).expect(422, "invalid");
    client.delete(path + "/participants/" + id + "?ban=3600", host).expect(204);

    assertThat(client.get(path + "/participants/" + id, key).text("leaveReason"))
        .isEqualTo("banned");
    media.next(Order.RemoveParticipant.class, conference);
    ApiClient.Reply refused = client.post(path + "/participants", ana, "{}").expect(403, "banned");
    String until = service.clock().instant().plusSeconds(3600).toString();
    assertThat(refused.text("until")).isEqualTo(until);
    client.postSdp(path + "/rtc", ana, "v=0\r\n").expect(403, "banned");
    String ben = service.tokenFor(conference, "ben");
    client.get(path + "/bans", ben).expect(403, "grant-missing");
    JsonNode ban = client.get(path + "/bans", host).expect(200).json().path("data").path(0);
    assertThat(ban.path("identity").asText()).isEqualTo("ana");
    assertThat(ban.path("until").asText()).isEqualTo(until);
    String banPath = path + "/bans/" + ban.path("id").asText();
    client.delete(banPath, ben).expect(403, "grant-missing");
    client.delete(banPath, key).expect(204);
    client.delete(banPath, key).expect(404, "not-found");
    client.delete(path + "/bans/bn_nonsense", key).expect(404, "not-found");

    client.post(path + "/participants", ana, "{}").expect(401, "token-revoked");
    service.clock().advance(Duration.ofSeconds(1));
    ana = service.tokenFor(conference, "ana");
    String again = join(ana).path("id").asText();
    client.delete(path + "/participants/" + again + "?ban=60", key).expect(204);
    service.clock().advance(Duration.ofSeconds(59));
    client.post(path + "/participants", ana, "{}").expect(403, "banned");
    service.clock().advance(Duration.ofSeconds(1));
    assertThat(client.get(path + "/bans", key).expect(200).json().path("data")).isEmpty();
    ana = service.tokenFor(conference, "ana");
    join(ana);
    // A ban that is over makes room for the next of the same identity.
    String third = roster().get(0).path("id").asText();
    client.delete(path + "/participants/" + third + "?ban=60", key).expect(204);
    client.post(path + "/participants", ana, "{}").expect(403, "banned");
  }

  @Test
  void banOfOneWhoHasLeftReachesTheStayThatCameAfter() {
    String first = join(ana).path("id").asText();
    String second =
        client.post(path + "/participants", ana, "{\"replace\":true}").expect(201).text("id");

    client.delete(path + "/participants/" + first + "?ban=60", key).expect(204);

    assertThat(client.get(path + "/participants/" + first, key).text("leaveReason"))
        .isEqualTo("replaced");
    assertThat(client.get(path + "/participants/" + second, key).text("leaveReason"))
        .isEqualTo("banned");
  }

  @Test
  void everybodyIsMutedButTheExceptedAndTheUnreached() {
    join(host);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ids.add(join(service.tokenFor(conference, "p" + i)).path("id").asText());
    }
    String excepted = ids.getFirst();
    String unreached = ids.getLast();
    media.answer(command ->
        command.order() instanceof Order.MuteParticipant mute
                && mute.participant().value().equals(unreached)
            ? new CommandResult.Busy("behind")
            : ScriptedMediaServer.accept(command));

    client.post(path + "/mute", ana, "{}").expect(403, "grant-missing");
    client.post(path + "/mute", host, "{\"except\":[\"a b\"]}").expect(422, "invalid");
    JsonNode muted =
        client.post(path + "/mute", host, "{\"except\":[\"" + excepted + "\"]}").expect(200).json();

    assertThat(muted.path("muted").asInt()).as("the host too").isEqualTo(39);
    assertThat(muted.path("unreached")).extracting(JsonNode::asText).containsExactly(unreached);
    for (JsonNode participant : roster()) {
      String id = participant.path("id").asText();
      assertThat(participant.path("muted").asBoolean())
          .isEqualTo(!id.equals(excepted) && !id.equals(unreached));
    }
    client.delete(path, key).expect(200);
    client.post(path + "/mute", key, "").expect(410, "ended");
  }

  @Test
  void moderatorAsksAndOnlyTheParticipantUnmutes() throws Exception {
    JsonNode joined = join(ana);
    String stay = path + "/participants/" + joined.path("id").asText();
    EventsClient events =
        EventsClient.connect(
            service.httpPort(), conference, joined.at("/media/ticket").asText(), -1);
    events.next("welcome");

    client.post(stay + "/unmute-request", host, "").expect(204);
    client.patch(stay, host, "{\"muted\":true}").expect(200);
    client.post(stay + "/unmute-request", ana, "").expect(403, "grant-missing");
    client.post(stay + "/unmute-request", host, "").expect(204);

    assertThat(events.next().path("type").asText())
        .as("nobody who is open is asked")
        .isEqualTo("participant.updated");
    JsonNode asked = events.next();
    assertThat(asked.path("type").asText()).isEqualTo("unmute.request");
    assertThat(asked.at("/data/id").asText()).isEqualTo(joined.path("id").asText());
    client.patch(stay, host, "{\"muted\":false}").expect(403, "unmute-not-offered");
    client.patch(stay, ana, "{\"muted\":false}").expect(200);
    client.delete(stay, ana).expect(204);
    client.post(stay + "/unmute-request", host, "").expect(410, "left");
  }

  @Test
  void everyoneRaisesTheirOwnHandAndModeratorsLowerAny() throws Exception {
    JsonNode joined = join(ana);
    String stay = path + "/participants/" + joined.path("id").asText();
    EventsClient events =
        EventsClient.connect(
            service.httpPort(), conference, joined.at("/media/ticket").asText(), -1);
    events.next("welcome");

    client.patch(stay, host, "{\"handRaised\":true}").expect(403, "hand-not-offered");
    JsonNode raised = client.patch(stay, ana, "{\"handRaised\":true}").expect(200).json();

    String now = service.clock().instant().toString();
    assertThat(raised.path("handRaisedAt").asText()).isEqualTo(now);
    assertThat(events.next("participant.updated").at("/data/handRaisedAt").asText()).isEqualTo(now);
    service.clock().advance(Duration.ofSeconds(1));
    JsonNode again = client.patch(stay, ana, "{\"handRaised\":true}").expect(200).json();
    assertThat(again).as("it stays up since then").isEqualTo(raised);
    JsonNode lowered = client.patch(stay, host, "{\"handRaised\":false}").expect(200).json();
    assertThat(lowered.has("handRaisedAt")).isFalse();
    assertThat(events.next("participant.updated").path("data").has("handRaisedAt")).isFalse();
  }

  @Test
  void everyoneSaysWhereTheyAreAndModeratorsPlaceAnybody() throws Exception {
    JsonNode joined = join(ana);
    String stay = path + "/participants/" + joined.path("id").asText();
    EventsClient events =
        EventsClient.connect(
            service.httpPort(), conference, joined.at("/media/ticket").asText(), -1);
    events.next("welcome");
    assertThat(joined.has("position")).isFalse();

    JsonNode placed = client.patch(stay, ana, position(1.5, 0, -2)).expect(200).json();
    assertThat(placed.at("/position/z").asDouble()).isEqualTo(-2);
    assertThat(events.next("participant.updated").at("/data/position/x").asDouble()).isEqualTo(1.5);
    client.patch(stay, host, position(3, 0, 0)).expect(200);
    assertThat(events.next("participant.updated").at("/data/position/x").asDouble()).isEqualTo(3);
    assertThat(client.get(stay, ana).expect(200).json().at("/position/x").asDouble()).isEqualTo(3);
    assertThat(
            client
                .get(path + "/participants", ana)
                .expect(200)
                .json()
                .at("/data/0/position/x")
                .asDouble())
        .isEqualTo(3);
    client.patch(stay, ana, "{\"muted\":true}").expect(200);
    JsonNode told = events.next("participant.updated");
    while (!told.at("/data/muted").asBoolean()) {
      told = events.next("participant.updated");
    }
    assertThat(told.at("/data/position/x").asDouble())
        .as("what else changes is told with the newest place")
        .isEqualTo(3);

    String ben = service.tokenFor(conference, "ben");
    client.patch(stay, ben, position(0, 0, 0)).expect(403, "grant-missing");
    client.patch(stay, host, position(10_001, 0, 0)).expect(422, "invalid");
    client.patch(stay, host, "{\"position\":{\"x\":1e400,\"y\":0,\"z\":0}}").expect(422, "invalid");
    client.patch(stay, host, "{\"position\":{\"x\":1,\"y\":0}}").expect(422, "invalid");
    client.patch(stay, host, "{\"position\":null}").expect(422, "invalid");
  }

  @Test
  void stepsAreLimitedAndTheGrantCanBeWithheld() {
    String stay = path + "/participants/" + join(ana).path("id").asText();
    for (int step = 1; step <= 4; step++) {
      client.patch(stay, ana, position(step, 0, 0)).expect(200);
    }
    client.patch(stay, ana, position(5, 0, 0)).expect(429, "quota-exceeded");
    String still =
        service.token(conference, "{\"identity\":\"still\",\"grants\":{\"spatial\":false}}");
    String there = path + "/participants/" + join(still).path("id").asText();
    assertThat(
            client
                .patch(there, still, position(1, 0, 0))
                .expect(403, "grant-missing")
                .text("detail"))
        .contains("spatial");
    client.patch(there, host, position(1, 0, 0)).expect(200);
  }

  private static String position(double x, double y, double z) {
    return "{\"position\":{\"x\":%s,\"y\":%s,\"z\":%s}}".formatted(x, y, z);
  }

  @Test
  void rolesBringWhatTheyMayDoWhileTheStayLasts() {
    String id = join(ana).path("id").asText();
    String stay = path + "/participants/" + id;
    String hostId = join(host).path("id").asText();

    client.patch(stay, ana, "{\"role\":\"host\"}").expect(403, "grant-missing");
    client.post(path + "/mute", ana, "{}").expect(403, "grant-missing");
    JsonNode promoted = client.patch(stay, host, "{\"role\":\"host\"}").expect(200).json();
    assertThat(promoted.path("role").asText()).isEqualTo("host");
    client.post(path + "/mute", ana, "{\"except\":[\"" + id + "\"]}").expect(200);
    client.patch(stay, key, "{\"role\":\"speaker\"}").expect(200);
    client.post(path + "/mute", ana, "{}").expect(403, "grant-missing");
    client.patch(stay, key, "{\"role\":\"singer\"}").expect(422, "invalid");

    assertThat(client.patch(stay, key, "{\"role\":\"listener\"}").expect(200).text("muted"))
        .as("its microphone is as it was; it is not heard")
        .isEqualTo("false");
    assertThat(nextMute().participant().value()).as("with everybody but ana").isEqualTo(hostId);
    assertThat(nextMute()).isEqualTo(new Order.MuteParticipant(new ParticipantId(id), true));
    client.patch(stay, ana, "{\"muted\":true}").expect(200);
    client.patch(stay, ana, "{\"muted\":false}").expect(200);
    client.patch(stay, key, "{\"role\":\"speaker\",\"muted\":true}").expect(200);
    client.patch(stay, ana, "{\"muted\":false}").expect(200);
    assertThat(nextMute())
        .as("nothing was ordered while it stayed silent for one reason or another")
        .isEqualTo(new Order.MuteParticipant(new ParticipantId(id), false));
  }

  @Test
  void holdIsForModeratorsAndOutlivesAMediaSession() {
    String id = join(ana).path("id").asText();
    String stay = path + "/participants/" + id;

    client.patch(stay, ana, "{\"held\":true}").expect(403, "grant-missing");
    client.patch(stay, host, "{\"held\":true,\"muted\":true}").expect(422, "invalid");
    JsonNode held = client.patch(stay, host, "{\"held\":true}").expect(200).json();

    assertThat(held.path("held").asBoolean()).isTrue();
    assertThat(held.path("muted").asBoolean()).isFalse();
    Order.HoldParticipant hold = new Order.HoldParticipant(new ParticipantId(id), true);
    assertThat(media.next(Order.HoldParticipant.class, conference).order()).isEqualTo(hold);
    client.patch(stay, ana, "{\"muted\":true}").expect(200);
    client.postSdp(path + "/rtc", ana, "v=0\r\n").expect(201);
    media.next(Order.AdmitParticipant.class, conference);
    assertThat(media.next(Order.HoldParticipant.class, conference).order()).isEqualTo(hold);
    client.patch(stay, ana, "{\"held\":false}").expect(403, "grant-missing");
    assertThat(client.patch(stay, key, "{\"held\":false}").expect(200).text("held"))
        .isEqualTo("false");
    media.answer(_ -> new CommandResult.Busy("behind"));
    client.patch(stay, key, "{\"held\":true}").expect(503, "media-unreachable");
    assertThat(client.get(stay, key).expect(200).text("held")).isEqualTo("false");
  }

  @Test
  void changeThatTheMediaServerDoesNotFollowHasNotHappened() {
    String id = join(ana).path("id").asText();
    String stay = path + "/participants/" + id;
    media.answer(_ -> new CommandResult.Busy("behind"));

    client.patch(stay, key, "{\"role\":\"listener\"}").expect(503, "media-unreachable");
    client.patch(stay, key, "{\"role\":\"host\"}").expect(200);

    assertThat(client.get(stay, key).text("role")).isEqualTo("host");
  }

  private Order.MuteParticipant nextMute() {
    return (Order.MuteParticipant) media.next(Order.MuteParticipant.class, conference).order();
  }

  private JsonNode join(String token) {
    return client.post(path + "/participants", token, "{\"sdp\":\"v=0\"}").expect(201).json();
  }

  private JsonNode roster() {
    return client.get(path + "/participants", key).expect(200).json().path("data");
  }
}
