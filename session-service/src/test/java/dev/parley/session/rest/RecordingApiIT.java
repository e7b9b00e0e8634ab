package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.Order;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.StateEvent.RecordingEndCause;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.RecordingId;
import dev.parley.session.conference.RecordingBoard;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EventsClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings as back ends and people begin, see and end them. */
final class RecordingApiIT {
  @TempDir Path folder;
  private RunningService service;
  private ApiClient client;
  private ScriptedMediaServer media;
  private String conference = "";
  private String host = "";
  private String guest = "";
  private String ticket = "";

  @BeforeEach
  void start() {
    service = new RunningService(folder);
    client = service.client();
    media = ScriptedMediaServer.dial(service.linkPort(), "ms-1");
    live();
  }

  @AfterEach
  void stop() {
    media.close();
    service.close();
  }

  /** A conference with Ana, its host, whose media is up, and Ben, whose is not. */
  private void live() {
    conference = service.conference("{}");
    host = service.token(conference, "{\"identity\":\"ana\",\"role\":\"host\"}");
    guest = service.tokenFor(conference, "ben");
    String ana = join(host, "{\"sdp\":\"v=0\"}").path("id").asText();
    media.report(
        new StateEvent.ParticipantConnected(
            new ConferenceId(conference), 1, new ParticipantId(ana)));
    ticket = join(guest, "{}").at("/media/ticket").asText();
  }

  private JsonNode join(String token, String body) {
    return client
        .post("/v1/conferences/" + conference + "/participants", token, body)
        .expect(201)
        .json();
  }

  private String recordings() {
    return "/v1/conferences/" + conference + "/recordings";
  }

  private ApiClient.Reply begin(String credential, String body, String... headers) {
    service.clock().advance(Duration.ofSeconds(1));
    return client.post(recordings(), credential, body, headers);
  }

  private ApiClient.Reply change(String id, String credential, String state, String... headers) {
    return client.patch(
        recordings() + "/" + id, credential, "{\"state\":\"" + state + "\"}", headers);
  }

  private void end(String id, int segment, int tracks) {
    media.report(
        new StateEvent.RecordingEnded(
            new ConferenceId(conference),
            1,
            new RecordingId(id),
            segment,
            RecordingEndCause.STOPPED,
            tracks,
            RunningService.START.plusSeconds(2).toEpochMilli(),
            61_240));
  }

  @Test
  void everybodySeesWhatBecomesOfARecording() throws InterruptedException {
    EventsClient events = EventsClient.connect(service.httpPort(), conference, ticket, -1);
    events.next("welcome");

    ApiClient.Reply begun =
        begin(host, "{\"mode\":\"mix\",\"tags\":{\"lang\":\"fr\"}}").expect(201);
    String id = begun.text("id");

    assertThat(begun.text("state")).isEqualTo("recording");
    assertThat(begun.header("Location")).isEqualTo(recordings() + "/" + id);
    Order.BeginRecording order =
        (Order.BeginRecording) media.next(Order.BeginRecording.class, conference).order();
    assertThat(order.recording().value()).isEqualTo(id);
    assertThat(events.next("recording.state").at("/data/state").asText()).isEqualTo("starting");
    JsonNode told = events.next("recording.state");
    assertThat(told.at("/data/id").asText()).isEqualTo(id);
    assertThat(told.at("/data/mode").asText()).isEqualTo("mix");
    assertThat(told.at("/data/state").asText()).isEqualTo("recording");
    assertThat(told.at("/data/startedAt").asText()).isNotEmpty();
    assertThat(snapshot().at("/recordings/0")).isEqualTo(told.path("data"));

    assertThat(change(id, host, "paused").expect(200).text("state")).isEqualTo("paused");
    assertThat(events.next("recording.state").at("/data/state").asText()).isEqualTo("paused");
    assertThat(change(id, host, "recording").expect(200).text("state")).isEqualTo("recording");
    assertThat(change(id, service.key(), "stopped").expect(200).text("state"))
        .isEqualTo("stopping");
    end(id, 1, 1);
    // What the media server is told is that its report is kept; what follows from it comes after.
    awaitState(events, "uploading");

    JsonNode after = client.get(recordings() + "/" + id, guest).expect(200).json();
    assertThat(after.path("state").asText()).isEqualTo("uploading");
    assertThat(after.path("endReason").asText()).isEqualTo("stopped");
    assertThat(after.path("durationMs").asLong()).isEqualTo(61_240);
    assertThat(after.at("/segments/0/ended").asText()).isEqualTo("stopped");
    assertThat(after.at("/segments/0/region").asText()).isEqualTo("local");
    assertThat(after.at("/tags/lang").asText()).isEqualTo("fr");
    assertThat(client.get(recordings(), guest).expect(200).json().at("/data/0")).isEqualTo(after);
    assertThat(client.get("/v1/recordings/" + id, service.key()).expect(200).json())
        .isEqualTo(after);
    service.clock().advance(Duration.ofSeconds(1));
    assertThat(client.get("/v1/recordings", service.key()).expect(200).json().at("/data/0"))
        .isEqualTo(after);
    assertThat(
            client
                .post(recordings() + "/" + id + "/links", host, "{}")
                .expect(200)
                .json()
                .path("data"))
        .isEmpty();
  }

  private static void awaitState(EventsClient events, String wanted) throws InterruptedException {
    String state;
    do {
      state = events.next("recording.state").at("/data/state").asText();
    } while (!state.equals(wanted));
  }

  private JsonNode snapshot() throws InterruptedException {
    String next =
        client
            .post("/v1/conferences/" + conference + "/event-tickets", guest, "")
            .expect(201)
            .text("ticket");
    return EventsClient.connect(service.httpPort(), conference, next, -1)
        .next("welcome")
        .path("snapshot");
  }

  @Test
  void whoMayNotRecordMayNotAndOthersRecordingsAreNobodys() {
    begin(guest, "{}").expect(403, "grant-missing");
    String id = begin(host, "{}").expect(201).text("id");
    change(id, guest, "stopped").expect(403, "grant-missing");
    client.post(recordings() + "/" + id + "/links", guest, "{}").expect(403, "grant-missing");
    String recorder =
        service.token(conference, "{\"identity\":\"cleo\",\"grants\":{\"record\":true}}");
    change(id, recorder, "paused").expect(200);

    String usage = service.key("default", "usage");
    client.get("/v1/recordings/" + id, usage).expect(403, "scope-missing");
    client.get("/v1/recordings/rc_none", service.key()).expect(404, "not-found");
    client.get("/v1/recordings/a%20b", service.key()).expect(404, "not-found");
    String mine = conference;
    live();
    change(id, host, "stopped").expect(404, "not-found");
    assertThat(mine).isNotEqualTo(conference);
  }

  @Test
  void whatIsWrongIsTold() {
    begin(host, "{\"mode\":\"video\"}").expect(422, "invalid");
    begin(host, "{\"channels\":3}").expect(422, "invalid");
    begin(host, "{\"mode\":\"tracks\",\"channels\":2}").expect(422, "invalid");
    String id = begin(host, "{}").expect(201).text("id");
    JsonNode again = begin(host, "{}").expect(409, "already-recorded").json();
    assertThat(again.path("recording").asText()).isEqualTo(id);
    client.patch(recordings() + "/" + id, host, "{}").expect(422, "invalid");
    change(id, host, "recording", "If-Match", "\"99\"").expect(412, "version-mismatch");
    change(id, host, "stopped").expect(200);
    change(id, host, "paused").expect(409, "recording-not-running");

    media.answer(command ->
        command.order() instanceof Order.BeginRecording
            ? new CommandResult.Busy("the disk's share for recordings is used up")
            : ScriptedMediaServer.accept(command));
    ApiClient.Reply refused = begin(host, "{}").expect(503, "recording-refused");
    assertThat(refused.text("detail")).contains("the disk's share for recordings is used up");
    conference = service.conference("{}");
    begin(service.key(), "{}").expect(409, "conference-not-live");
    client.delete("/v1/conferences/" + conference, service.key()).expect(200);
    begin(service.key(), "{}").expect(410, "ended");
  }

  @Test
  void aConferenceMayBeRecordedFromItsFirstParticipantOn() {
    conference = service.conference("{\"recording\":{\"auto\":\"tracks\"}}");
    host = service.token(conference, "{\"identity\":\"ana\",\"role\":\"host\"}");
    String ana = join(host, "{\"sdp\":\"v=0\"}").path("id").asText();
    media.report(
        new StateEvent.ParticipantConnected(
            new ConferenceId(conference), 1, new ParticipantId(ana)));

    Order.BeginRecording order =
        (Order.BeginRecording) media.next(Order.BeginRecording.class, conference).order();

    assertThat(order.mode()).isEqualTo(Order.RecordingMode.TRACKS);
    change(order.recording().value(), host, "stopped").expect(200);
    assertThat(
            client
                .get("/v1/conferences/" + conference, service.key())
                .expect(200)
                .json()
                .at("/recording/auto")
                .asText())
        .isEqualTo("tracks");
  }

  @Test
  void whereConsentIsRequiredOnlyThoseAreRecordedWhoAgree() throws InterruptedException {
    conference =
        service.conference("{\"recording\":{\"announce\":\"tone\",\"consent\":\"required\"}}");
    host = service.token(conference, "{\"identity\":\"ana\",\"role\":\"host\"}");
    guest = service.tokenFor(conference, "ben");
    String ana = join(host, "{\"sdp\":\"v=0\"}").path("id").asText();
    media.report(
        new StateEvent.ParticipantConnected(
            new ConferenceId(conference), 1, new ParticipantId(ana)));
    JsonNode ben = join(guest, "{}");
    EventsClient events =
        EventsClient.connect(service.httpPort(), conference, ben.at("/media/ticket").asText(), -1);
    JsonNode welcome = events.next("welcome");
    assertThat(welcome.at("/snapshot/conference/recording/consent").asText()).isEqualTo("required");
    assertThat(welcome.at("/snapshot/conference/recording/announce").asText()).isEqualTo("tone");

    begin(host, "{}").expect(201);
    Order.BeginRecordingOnTerms order =
        (Order.BeginRecordingOnTerms)
            media.next(Order.BeginRecordingOnTerms.class, conference).order();
    assertThat(order.announced()).isTrue();
    assertThat(order.consenting()).isEmpty();

    agree(service.key(), "{\"given\":true}").expect(403, "token-needed");
    agree(guest, "{}").expect(422, "invalid");
    ApiClient.Reply given = agree(guest, "{\"given\":true}").expect(200);
    assertThat(given.json().path("recordingConsent").asBoolean()).isTrue();
    assertThat(given.text("id")).isEqualTo(ben.path("id").asText());
    assertThat(events.next("participant.updated").at("/data/recordingConsent").asBoolean())
        .isTrue();
    assertThat(consents()).containsExactly(new ParticipantId(ben.path("id").asText()));

    agree(host, "{\"given\":true}").expect(200);
    assertThat(consents()).hasSize(2);
    agree(guest, "{\"given\":false}").expect(200);
    assertThat(consents()).containsExactly(new ParticipantId(ana));

    media.answer(command ->
        command.order() instanceof Order.SetConsents
            ? new CommandResult.Busy("too far behind")
            : ScriptedMediaServer.accept(command));
    agree(host, "{\"given\":false}").expect(503, "media-unreachable");
    agree(host, "{\"given\":true}").expect(200);
  }

  private ApiClient.Reply agree(String credential, String body) {
    String path = "/v1/conferences/" + conference + "/recording-consent";
    return client.send("PUT", path, credential, "application/json", body);
  }

  private List<ParticipantId> consents() {
    return ((Order.SetConsents) media.next(Order.SetConsents.class, conference).order())
        .consenting();
  }

  @Test
  void theSameKeyIsTheSameRecording() {
    ApiClient.Reply first = begin(host, "{}", "Idempotency-Key", "k").expect(201);
    ApiClient.Reply again = begin(host, "{}", "Idempotency-Key", "k").expect(201);

    assertThat(again.text("id")).isEqualTo(first.text("id"));
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    begin(host, "{\"channels\":2}", "Idempotency-Key", "k").expect(422, "idempotency-key-reused");
    begin(service.key(), "{}", "Idempotency-Key", "k").expect(409, "already-recorded");
  }

  @Test
  void tenAreBegunInTenSecondsAndFiftyWait() {
    for (int i = 0; i < 10; i++) {
      String id = client.post(recordings(), host, "{}").expect(201).text("id");
      change(id, host, "stopped").expect(200);
    }
    client.post(recordings(), host, "{}").expect(429, "quota-exceeded");
    service.clock().advance(Duration.ofSeconds(10));
    for (int i = 10; i < RecordingBoard.RECORDINGS_MAX; i++) {
      change(begin(host, "{}").expect(201).text("id"), host, "stopped").expect(200);
    }

    begin(host, "{}").expect(409, "too-many-recordings");
  }
}
