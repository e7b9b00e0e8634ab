package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.Order;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What RFC 9725 demands of a WHIP endpoint and its sessions, demand by demand, through HTTP. The
 * media server is a script; what answers say is tested where they are written ({@code
 * SdpAnswerTest}), and with clients of others by the system tests.
 */
final class WhipConformanceIT {
  private static final String OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
  private static final String FRAGMENT_TYPE = "application/trickle-ice-sdpfrag";

  /** Of the ICE session that the script says it has agreed on. */
  private static final String TRICKLE =
      """
      a=group:BUNDLE 0\r
      m=audio 9 UDP/TLS/RTP/SAVPF 111\r
      a=mid:0\r
      a=ice-ufrag:EsAw\r
      a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r
      a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw\r
      a=candidate:473322822 1 tcp 1518280447 nowhere.invalid 9 typ host tcptype active\r
      a=end-of-candidates\r
      """;

  private static final String RESTART =
      TRICKLE
          .replace("a=ice-ufrag:EsAw", "a=ice-ufrag:ysXw")
          .replace("P2uYro0UCOQ4zxjKXaWCBui1", "vw5LmwG4y/e6dPP/zAP9Gp5k");

  @TempDir static Path folder;
  static RunningService service;
  static ScriptedMediaServer media;
  static ApiClient client;

  private String conference = "";
  private String token = "";

  @BeforeAll
  static void start() {
    service =
        new RunningService(
            folder,
            "--ice-servers=stun:stun.example.com:3478,turns:turn.example.com?transport=tcp",
            "--turn-secret=north");
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

  @AfterEach
  void answerAgain() {
    media.answer(ScriptedMediaServer::accept);
  }

  // Section 4.2: the offer.

  @Test
  void offerIsAnswered201WithTheAnswerAndTheAddressOfTheSession() {
    ApiClient.Reply answer = publish().expect(201);

    assertThat(answer.header("Content-Type")).isEqualTo("application/sdp");
    assertThat(answer.body()).isEqualTo(ScriptedMediaServer.ANSWER);
    Order.AdmitParticipant admit =
        (Order.AdmitParticipant) media.next(Order.AdmitParticipant.class, conference).order();
    assertThat(admit.profile()).isEqualTo(Order.SignallingProfile.WHIP);
    assertThat(admit.offer()).isEqualTo(OFFER);
    client.get(answer.header("Location"), token).expect(204);
  }

  @Test
  void typeOfTheOfferMayHaveParameters() {
    send("POST", whip(), "application/sdp; charset=utf-8", OFFER).expect(201);
  }

  @Test
  void offerOfAnotherTypeIs415() {
    ApiClient.Reply answer = send("POST", whip(), "application/json", "{}").expect(415);

    assertThat(answer.header("Accept-Post")).isEqualTo("application/sdp");
    send("POST", whip(), null, OFFER).expect(415);
  }

  @Test
  void emptyOfferIs400AndALongOne413() {
    send("POST", whip(), "application/sdp", "").expect(400, "malformed");
    send("POST", whip(), "application/sdp", "x".repeat(65_537)).expect(413, "too-large");
  }

  @Test
  void oneLineThatCannotBeTakenRefusesTheWholeOfferAndNobodyHasJoined() {
    media.answer(_ -> new CommandResult.OfferRefused("Remove this m= line.", 9));

    ApiClient.Reply answer = publish().expect(422, "sdp-unacceptable");

    assertThat(answer.json().path("line").asInt()).isEqualTo(9);
    assertThat(present()).isEmpty();
  }

  @Test
  void secondOfferOfOneClientTakesThePlaceOfTheFirst() {
    String first = publish().expect(201).header("Location");

    String second = publish().expect(201).header("Location");

    client.get(first, token).expect(404, "not-found");
    client.get(second, token).expect(204);
    assertThat(present()).hasSize(1);
  }

  // Section 4.2: the end.

  @Test
  void deleteEndsTheSessionAndFreesTheMediaServer() {
    String session = publish().expect(201).header("Location");

    assertThat(client.delete(session, token).expect(200).body()).isEmpty();

    assertThat(media.next(Order.RemoveParticipant.class, conference)).isNotNull();
    client.delete(session, token).expect(404, "not-found");
    assertThat(present()).isEmpty();
  }

  @Test
  void deleteHeedsNoEntityTag() {
    String session = publish().expect(201).header("Location");

    client.delete(session, token, "If-Match", "\"another\"").expect(200);
  }

  // Sections 4.2 and 4.3: other methods.

  @Test
  void getIsAnsweredWithNothingOnBothAddresses() {
    String session = publish().expect(201).header("Location");

    assertThat(client.get(whip(), null).expect(204).body()).isEmpty();
    assertThat(client.get(session, token).expect(204).body()).isEmpty();
    assertThat(client.sendUnchecked("HEAD", whip(), null, null, null).status()).isEqualTo(204);
  }

  @Test
  void methodsKeptForLaterAre405() {
    String session = publish().expect(201).header("Location");

    assertThat(client.sendUnchecked("PUT", whip(), token, "application/sdp", OFFER).status())
        .isEqualTo(405);
    assertThat(client.sendUnchecked("POST", session, token, "application/sdp", OFFER).status())
        .isEqualTo(405);
  }

  @Test
  void doorForBothWaysIsAskedLikeThatOfWhip() {
    String rtc = whip().replace("/whip", "/rtc");

    assertThat(send("OPTIONS", rtc, null, null).expect(200).header("Accept-Post"))
        .isEqualTo("application/sdp");
    assertThat(send("GET", rtc, null, null).expect(204).body()).isEmpty();
  }

  @Test
  void optionsTellsPagesOfAnyOriginWhatTheyMaySendWithoutAToken() {
    ApiClient.Reply answer = send("OPTIONS", whip(), null, null).expect(200);

    assertThat(answer.header("Accept-Post")).isEqualTo("application/sdp");
    assertThat(answer.header("Access-Control-Allow-Methods")).contains("POST");
    assertThat(answer.header("Access-Control-Allow-Headers"))
        .contains("Authorization", "Content-Type", "If-Match");
    String session = publish().expect(201).header("Location");
    ApiClient.Reply ofSession = send("OPTIONS", session, null, null).expect(200);
    assertThat(ofSession.header("Accept-Patch")).isEqualTo(FRAGMENT_TYPE);
    assertThat(ofSession.header("Access-Control-Allow-Methods")).contains("PATCH", "DELETE");
  }

  @Test
  void pagesOfAnyOriginMayReadWhatAnswersSay() {
    ApiClient.Reply answer = publish().expect(201);

    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(answer.header("Access-Control-Expose-Headers"))
        .contains("Location", "ETag", "Link", "Retry-After");
    assertThat(send("POST", whip(), null, OFFER).header("Access-Control-Allow-Origin"))
        .as("problems too")
        .isEqualTo("*");
  }

  // Section 4.3.1: PATCH.

  @Test
  void entityTagIsStrongAndNamesTheIceSession() {
    assertThat(publish().expect(201).header("ETag")).matches("\"[!#-~]+\"");
  }

  @Test
  void trickledCandidatesAre204WithoutBodyAndWithoutEntityTag() {
    ApiClient.Reply begun = publish().expect(201);

    ApiClient.Reply answer = trickle(begun, begun.header("ETag")).expect(204);

    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("ETag")).isEmpty();
  }

  @Test
  void candidateThatCannotBeUsedIsPassedOver() {
    ApiClient.Reply begun = publish().expect(201);
    assertThat(TRICKLE).contains("nowhere.invalid");

    trickle(begun, begun.header("ETag")).expect(204);
  }

  @Test
  void oneOfSeveralEntityTagsWillDo() {
    ApiClient.Reply begun = publish().expect(201);

    trickle(begun, "\"other\", " + begun.header("ETag")).expect(204);
  }

  @Test
  void patchWithoutIfMatchIs428() {
    ApiClient.Reply begun = publish().expect(201);

    trickle(begun, null).expect(428, "if-match-missing");
  }

  @Test
  void patchForAnotherIceSessionIs412() {
    ApiClient.Reply begun = publish().expect(201);

    trickle(begun, "\"other\"").expect(412, "ice-session-over");
    trickle(begun, "W/" + begun.header("ETag")).expect(412, "ice-session-over");
    client.get(begun.header("Location"), token).expect(204);
  }

  @Test
  void patchOfAnotherTypeIs415() {
    ApiClient.Reply begun = publish().expect(201);

    ApiClient.Reply answer =
        send("PATCH", begun.header("Location"), "application/sdp", TRICKLE, "If-Match", "*");

    answer.expect(415, "unsupported-media-type");
    assertThat(answer.header("Accept-Patch")).isEqualTo(FRAGMENT_TYPE);
  }

  @Test
  void malformedFragmentIs400AndALongOne413() {
    ApiClient.Reply begun = publish().expect(201);
    String path = begun.header("Location");
    for (String bad :
        List.of(
            "no line",
            "a=ice-ufrag:EsAw\r\n",
            "a=ice-ufrag:E\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n",
            "a=ice-ufrag:EsAw\r\na=ice-pwd:short\r\n",
            "a=x\r\nm=video\r\n",
            "a=" + "x".repeat(3000) + "\r\n")) {
      send("PATCH", path, FRAGMENT_TYPE, bad, "If-Match", "\"0\"").expect(400, "malformed");
    }
    send("PATCH", path, FRAGMENT_TYPE, "x".repeat(65_537), "If-Match", "\"0\"")
        .expect(413, "too-large");
  }

  // Section 4.3.3: ICE restarts.

  @Test
  void restartIs200WithTheNewFragmentAndPasswordAndANewEntityTag() {
    ApiClient.Reply begun = publish().expect(201);
    media.answer(WhipConformanceIT::restart);

    ApiClient.Reply answer = restart(begun, "*").expect(200);

    assertThat(answer.header("Content-Type")).isEqualTo(FRAGMENT_TYPE);
    assertThat(answer.header("ETag")).matches("\"[!#-~]+\"").isNotEqualTo(begun.header("ETag"));
    assertThat(answer.body())
        .isEqualTo(
            """
            a=ice-lite\r
            a=ice-options:ice2\r
            a=group:BUNDLE 0\r
            m=audio 9 UDP/TLS/RTP/SAVPF 111\r
            a=mid:0\r
            a=ice-ufrag:38sdf4fd\r
            a=ice-pwd:2e13dde17c1cb009202f627f\r
            a=candidate:1 1 udp 2130706431 198.51.100.1 39132 typ host\r
            a=end-of-candidates\r
            """);
    Order.AdmitParticipant admit =
        (Order.AdmitParticipant) media.next(Order.AdmitParticipant.class, conference).order();
    assertThat(media.next(Order.RestartIce.class, conference).order())
        .isEqualTo(
            new Order.RestartIce(admit.participant(), String.valueOf(admit.session()), "ysXw"));
  }

  @Test
  void afterARestartTheOldEntityTagIs412AndTheNewOneIsGood() {
    ApiClient.Reply begun = publish().expect(201);
    media.answer(WhipConformanceIT::restart);
    String next = restart(begun, "*").expect(200).header("ETag");

    trickle(begun, begun.header("ETag")).expect(412, "ice-session-over");
    send("PATCH", begun.header("Location"), FRAGMENT_TYPE, RESTART, "If-Match", next).expect(204);
  }

  @Test
  void newFragmentIsARestartAlsoUnderTheEntityTagOfNow() {
    ApiClient.Reply begun = publish().expect(201);
    media.answer(WhipConformanceIT::restart);

    restart(begun, begun.header("ETag")).expect(200);
  }

  @Test
  void restartIsAnsweredAgainToAClientThatMissedTheAnswer() {
    ApiClient.Reply begun = publish().expect(201);
    media.answer(WhipConformanceIT::restart);

    String first = restart(begun, "*").expect(200).header("ETag");
    String second = restart(begun, "*").expect(200).header("ETag");

    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void anyEntityTagWithTheFragmentOfTheOfferIsNoRestart() {
    ApiClient.Reply begun = publish().expect(201);

    trickle(begun, "*").expect(204);
  }

  @Test
  void restartWithoutCredentialsIs400() {
    ApiClient.Reply begun = publish().expect(201);

    send("PATCH", begun.header("Location"), FRAGMENT_TYPE, "a=mid:0\r\n", "If-Match", "*")
        .expect(400, "malformed");
  }

  @Test
  void restartThatCannotBeMadeLeavesTheSessionAsItWas() {
    ApiClient.Reply begun = publish().expect(201);
    media.answer(_ -> new CommandResult.Busy("behind"));

    restart(begun, "*").expect(503, "media-unreachable");

    trickle(begun, begun.header("ETag")).expect(204);
  }

  @Test
  void restartOfASessionThatHasJustEndedIs404() {
    ApiClient.Reply begun = publish().expect(201);
    media.answer(_ -> new CommandResult.NotFound());

    restart(begun, "*").expect(404, "not-found");
  }

  // Sections 4.5 and 4.6: load, ICE servers.

  @Test
  void withoutRoomTheAnswerIs503AndSaysWhenToComeBack() {
    media.answer(_ -> new CommandResult.Busy("full"));

    ApiClient.Reply answer = publish().expect(503, "no-capacity");

    assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
    assertThat(present()).isEmpty();
  }

  @Test
  void iceServersAreLinked() {
    List<String> links = publish().expect(201).headers().allValues("Link");

    assertThat(links).hasSize(2);
    assertThat(links.get(0)).isEqualTo("<stun:stun.example.com:3478>; rel=\"ice-server\"");
    assertThat(links.get(1))
        .matches(
            "<turns:turn\\.example\\.com\\?transport=tcp>; rel=\"ice-server\";"
                + " username=\"[0-9]+:pt_[^\"]+\"; credential=\"[A-Za-z0-9+/]{27}=\";"
                + " credential-type=\"password\"");
  }

  // Section 4.7: authentication.

  @Test
  void bearerTokenIsNeededForWhateverIsMoreThanOptions() {
    ApiClient.Reply begun = publish().expect(201);
    String session = begun.header("Location");

    ApiClient.Reply refused =
        client.send("POST", whip(), null, "application/sdp", OFFER).expect(401);

    assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
    client.send("POST", whip(), "wrong", "application/sdp", OFFER).expect(401, "token-invalid");
    client.send("PATCH", session, null, FRAGMENT_TYPE, TRICKLE, "If-Match", "*").expect(401);
    client.delete(session, null).expect(401);
    String other = service.tokenFor(conference, "ben");
    client.delete(session, other).expect(403, "grant-missing");
  }

  // Section 5: security.

  @Test
  void sessionsCannotBeGuessed() {
    String first = publish().expect(201).header("Location");
    String second = publish().expect(201).header("Location");

    String random = first.substring(first.lastIndexOf('.') + 1);
    assertThat(second).doesNotEndWith(random);
    assertThat(Base64.getUrlDecoder().decode(random).length * 8).isGreaterThanOrEqualTo(128);
  }

  @Test
  void offersPatchesAndDeletesAreLimited() {
    ApiClient.Reply begun = publish().expect(201);
    ApiClient.Reply answer = begun;
    for (int i = 0; i < 200 && answer.status() != 429; i++) {
      answer = trickle(begun, begun.header("ETag"));
    }
    answer.expect(429, "quota-exceeded");
    assertThat(answer.header("Retry-After")).matches("[0-9]+");
    client.delete(begun.header("Location"), token).expect(429);
    ApiClient.Reply offered = begun;
    for (int i = 0; i < 200 && offered.status() != 429; i++) {
      offered = publish();
    }
    offered.expect(429, "quota-exceeded");
  }

  private String whip() {
    return "/v1/conferences/" + conference + "/whip";
  }

  private ApiClient.Reply publish() {
    return client.postSdp(whip(), token, OFFER);
  }

  private ApiClient.Reply restart(ApiClient.Reply begun, String ifMatch) {
    return send("PATCH", begun.header("Location"), FRAGMENT_TYPE, RESTART, "If-Match", ifMatch);
  }

  private static CommandResult.Outcome restart(Command command) {
    return command.order() instanceof Order.RestartIce
        ? new CommandResult.IceRestarted(
            "38sdf4fd",
            "2e13dde17c1cb009202f627f",
            List.of("1 1 udp 2130706431 198.51.100.1 39132 typ host"))
        : ScriptedMediaServer.accept(command);
  }

  private ApiClient.Reply trickle(ApiClient.Reply begun, @Nullable String ifMatch) {
    String path = begun.header("Location");
    return ifMatch == null
        ? send("PATCH", path, FRAGMENT_TYPE, TRICKLE)
        : send("PATCH", path, FRAGMENT_TYPE, TRICKLE, "If-Match", ifMatch);
  }

  private ApiClient.Reply send(
      String method, String path, @Nullable String type, @Nullable String body, String... headers) {
    return client.send(method, path, method.equals("OPTIONS") ? null : token, type, body, headers);
  }

  private Iterable<?> present() {
    return client
        .get("/v1/conferences/" + conference + "/participants", service.key())
        .expect(200)
        .json()
        .path("data");
  }
}
