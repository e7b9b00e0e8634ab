package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What draft-ietf-wish-whep-03 demands beside what it shares with WHIP ({@link WhipConformanceIT}),
 * and what becomes of a participant who publishes by the one and listens by the other.
 */
final class WhepConformanceIT {
  private static final String OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

  @TempDir static Path folder;
  static RunningService service;
  static ScriptedMediaServer media;
  static ApiClient client;

  private String conference = "";
  private String token = "";

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

  @BeforeEach
  void createConference() {
    service.clock().advance(Duration.ofSeconds(10));
    conference = service.conference("{}");
    token = service.tokenFor(conference, "ana");
  }

  @Test
  void offerIsAnswered201AlsoWhileNobodyTalks() {
    ApiClient.Reply answer = play().expect(201);

    assertThat(answer.header("Content-Type")).isEqualTo("application/sdp");
    assertThat(answer.header("ETag")).matches("\"[!#-~]+\"");
    Order.AdmitParticipant admit = admitted();
    assertThat(admit.profile()).isEqualTo(Order.SignallingProfile.WHEP);
    assertThat(admit.listening()).isEqualTo(Order.Listening.AUTO);
    client.get(answer.header("Location"), token).expect(204);
  }

  @Test
  void playerMaySayHowItListens() {
    client.postSdp(whep() + "?listening=mix", token, OFFER).expect(201);

    assertThat(admitted().listening()).isEqualTo(Order.Listening.MIX);
  }

  @Test
  void offerOfAnotherTypeIs415() {
    client.post(whep(), token, "{}").expect(415);
  }

  @Test
  void headTellsThatThisIsAWhepAddress() {
    ApiClient.Reply answer = client.send("HEAD", whep(), null, null, null).expect(200);

    assertThat(answer.header("Content-Type")).isEqualTo("application/sdp");
    client.get(whep(), null).expect(204);
  }

  @Test
  void optionsTellsPagesOfAnyOriginWhatTheyMaySend() {
    ApiClient.Reply answer = client.send("OPTIONS", whep(), null, null, null).expect(200);

    assertThat(answer.header("Accept-Post")).isEqualTo("application/sdp");
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
  }

  @Test
  void whoMayOnlyListenPlaysAndDoesNotPublish() {
    String listener = service.token(conference, "{\"identity\":\"lea\",\"role\":\"listener\"}");

    client.postSdp(whep(), listener, OFFER).expect(201);
    assertThat(admitted().maySend()).isFalse();
    client.postSdp(whip(), listener, OFFER).expect(403, "grant-missing");
  }

  @Test
  void whipAndWhepOfOneIdentityAreOneParticipantWithTwoSessions() {
    String voice = publish().expect(201).header("Location");
    Order.AdmitParticipant first = admitted();
    String ears = play().expect(201).header("Location");
    Order.AdmitParticipant second = admitted();

    assertThat(second.participant()).isEqualTo(first.participant());
    assertThat(second.csrc()).isEqualTo(first.csrc());
    assertThat(voice).endsWith(String.valueOf(first.session()));
    assertThat(ears).endsWith(String.valueOf(second.session())).isNotEqualTo(voice);
    client.get(voice, token).expect(204);
    client.get(ears, token).expect(204);
    assertThat(present()).hasSize(1);
    assertThat(present().get(0).path("listening").asText()).isEqualTo("forward");
  }

  @Test
  void endOfOneOfTwoSessionsLeavesTheParticipantAndTheOther() {
    String voice = publish().expect(201).header("Location");
    Order.AdmitParticipant first = admitted();
    String ears = play().expect(201).header("Location");

    client.delete(voice, token).expect(200);

    Order.EndSession end =
        (Order.EndSession) media.next(Order.EndSession.class, conference).order();
    assertThat(end.participant()).isEqualTo(first.participant());
    assertThat(end.session()).isEqualTo(first.session());
    client.get(voice, token).expect(404);
    client.get(ears, token).expect(204);
    assertThat(present()).hasSize(1);
    client.delete(ears, token).expect(200);
    assertThat(media.next(Order.RemoveParticipant.class, conference)).isNotNull();
    assertThat(present()).isEmpty();
  }

  @Test
  void sessionThatEndedByItselfIsNotThereAnyMore() {
    String voice = publish().expect(201).header("Location");
    Order.AdmitParticipant first = admitted();
    String ears = play().expect(201).header("Location");

    media.report(
        new StateEvent.SessionGone(
            new ConferenceId(conference),
            1,
            new ParticipantId(first.participant().value()),
            String.valueOf(first.session())));

    client.get(voice, token).expect(404);
    client.get(ears, token).expect(204);
    client.delete(ears, token).expect(200);
    assertThat(present()).isEmpty();
  }

  @Test
  void sessionForBothWaysTakesThePlaceOfTheTwo() {
    String voice = publish().expect(201).header("Location");
    String ears = play().expect(201).header("Location");

    String both =
        client
            .postSdp("/v1/conferences/" + conference + "/rtc", token, OFFER)
            .expect(201)
            .header("Location");

    client.get(voice, token).expect(404);
    client.get(ears, token).expect(404);
    client.get(both, token).expect(204);
    String again = play().expect(201).header("Location");
    client.get(both, token).expect(404);
    client.get(again, token).expect(204);
  }

  @Test
  void refusedSecondOfferLeavesTheFirstSession() {
    String voice = publish().expect(201).header("Location");
    media.answer(_ -> new CommandResult.OfferRefused("Add an audio line.", 0));

    play().expect(422, "sdp-unacceptable");

    media.answer(ScriptedMediaServer::accept);
    client.get(voice, token).expect(204);
    assertThat(present()).hasSize(1);
  }

  private String whep() {
    return "/v1/conferences/" + conference + "/whep";
  }

  private String whip() {
    return "/v1/conferences/" + conference + "/whip";
  }

  private ApiClient.Reply play() {
    return client.postSdp(whep(), token, OFFER);
  }

  private ApiClient.Reply publish() {
    return client.postSdp(whip(), token, OFFER);
  }

  private Order.AdmitParticipant admitted() {
    return (Order.AdmitParticipant) media.next(Order.AdmitParticipant.class, conference).order();
  }

  private JsonNode present() {
    return client
        .get("/v1/conferences/" + conference + "/participants", service.key())
        .expect(200)
        .json()
        .path("data");
  }
}
