package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.control.Order;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EventsClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conference with a lobby, through the HTTP door and the events socket. */
final class LobbyApiIT {
  private static final String OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

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
    conference = service.conference("{\"lobby\":true}");
    path = "/v1/conferences/" + conference;
    host = service.token(conference, "{\"identity\":\"host\",\"role\":\"host\"}");
    ana = service.tokenFor(conference, "ana");
  }

  @Test
  void guestWaitsUntilTheHostLetsItIn() throws Exception {
    client.post(path + "/participants", host, "{}").expect(201);
    EventsClient moderator = watch(host);
    assertThat(moderator.next("welcome").at("/snapshot/waiting")).isEmpty();

    // The offer of a join that has to wait is not taken.
    ApiClient.Reply queued =
        client.post(path + "/participants", ana, "{\"sdp\":\"v=0\"}").expect(202);
    String id = queued.text("id");
    assertThat(queued.text("state")).isEqualTo("queued");
    assertThat(queued.header("Retry-After")).isEqualTo("5");
    assertThat(queued.header("Location")).isEqualTo(path + "/participants/" + id);
    assertThat(queued.json().at("/queue/reason").asText()).isEqualTo("lobby");
    assertThat(queued.json().at("/queue/position").asInt()).isEqualTo(1);
    EventsClient guest =
        EventsClient.connect(service.httpPort(), conference, queued.text("ticket"), -1);
    JsonNode seenByGuest = guest.next("welcome").path("snapshot");
    assertThat(seenByGuest.path("participants")).isEmpty();
    assertThat(seenByGuest.has("waiting")).isFalse();
    assertThat(guest.next("queue.position").at("/data/position").asInt()).isEqualTo(1);
    JsonNode waiting = moderator.next("participant.waiting").path("data");
    assertThat(waiting.path("id").asText()).isEqualTo(id);
    assertThat(waiting.path("waitsFor").asText()).isEqualTo("lobby");
    JsonNode listed =
        client.get(path + "/participants?state=queued", host).expect(200).json().path("data");
    assertThat(listed).hasSize(1);
    assertThat(listed.at("/0/identity").asText()).isEqualTo("ana");

    client.post(path + "/participants/" + id + "/admit", ana, "{}").expect(403, "grant-missing");
    assertThat(
            client
                .post(path + "/participants/" + id + "/admit", host, "{}")
                .expect(200)
                .text("state"))
        .isEqualTo("connecting");

    assertThat(moderator.next("participant.admitted").at("/data/id").asText()).isEqualTo(id);
    // On the same socket everything is seen from now on; the event itself may be part of it.
    JsonNode inside = guest.next("welcome").path("snapshot");
    assertThat(inside.path("participants").toString()).contains(id);
    ApiClient.Reply own = client.get(path + "/participants/" + id, ana).expect(200);
    assertThat(own.text("state")).isEqualTo("connecting");
    assertThat(own.header("Cache-Control")).isEqualTo("no-store");
    String rtcUrl = own.json().at("/media/rtcUrl").asText();
    client.postSdp(rtcUrl, ana, OFFER).expect(201);
    Order.AdmitParticipant admitted =
        (Order.AdmitParticipant) media.next(Order.AdmitParticipant.class, conference).order();
    assertThat(admitted.participant().value()).isEqualTo(id);
    assertThat(client.get(path + "/participants/" + id, ana).expect(200).json().has("media"))
        .as("nobody needs it any more")
        .isFalse();
  }

  @Test
  void whoWaitsSeesNobodyAndIsSeenByModeratorsOnly() throws Exception {
    String ben = service.tokenFor(conference, "ben");
    String inside = admitted(ben);
    EventsClient other = watch(ben);
    other.next("welcome");
    ApiClient.Reply queued = client.post(path + "/participants", ana, "{}").expect(202);
    String id = queued.text("id");

    client.get(path + "/participants", ana).expect(403, "not-joined");
    client.get(path + "/participants?state=queued", ben).expect(403, "grant-missing");
    client.get(path + "/participants/" + id, ben).expect(404, "not-found");
    client.get(path + "/participants/" + id, host).expect(200);
    client.get(path + "/participants/" + id, ana).expect(200);
    client.get(path + "/messages", ana).expect(403, "not-joined");
    client.post(path + "/messages", ana, "{\"text\":\"let me in\"}").expect(403, "not-joined");
    String eve = service.tokenFor(conference, "eve");
    client.post(path + "/event-tickets", eve, "{}").expect(403, "not-joined");
    client.patch(path + "/participants/" + id, host, "{\"muted\":true}").expect(503, "queued");
    client.post(path + "/participants/" + id + "/unmute-request", host, "{}").expect(503, "queued");
    assertThat(client.get(path, key).expect(200).json().path("participantCount").asInt())
        .isEqualTo(1);
    // The next that another participant hears is about one who is in.
    client.delete(path + "/participants/" + id, ana).expect(204);
    client.patch(path + "/participants/" + inside, ben, "{\"muted\":true}").expect(200);
    assertThat(other.next().path("type").asText()).isEqualTo("participant.updated");
  }

  @Test
  void newModeratorsSeeWhoWaits() throws Exception {
    String ben = service.tokenFor(conference, "ben");
    String benId = admitted(ben);
    EventsClient events = watch(ben);
    assertThat(events.next("welcome").path("snapshot").has("waiting")).isFalse();
    String id = client.post(path + "/participants", ana, "{}").expect(202).text("id");

    client.patch(path + "/participants/" + benId, host, "{\"role\":\"host\"}").expect(200);

    JsonNode snapshot = events.next("welcome").path("snapshot");
    assertThat(snapshot.at("/waiting/0/id").asText()).isEqualTo(id);
    client.delete(path + "/participants/" + id, ben).expect(204);
    JsonNode gone = events.next("participant.not-admitted").path("data");
    assertThat(gone.path("id").asText()).isEqualTo(id);
    assertThat(gone.path("reason").asText()).isEqualTo("kicked");
    client.post(path + "/participants", ana, "{}").expect(401, "token-revoked");
  }

  @Test
  void theEndEndsTheWait() throws Exception {
    ApiClient.Reply queued = client.post(path + "/participants", ana, "{}").expect(202);
    EventsClient guest =
        EventsClient.connect(service.httpPort(), conference, queued.text("ticket"), -1);
    guest.next("welcome");

    client.delete(path, key).expect(200);

    JsonNode out = guest.next("participant.not-admitted").path("data");
    assertThat(out.path("reason").asText()).isEqualTo("ended");
    assertThat(guest.next("conference.ended").at("/data/reason").asText()).isEqualTo("api");
    assertThat(guest.closeCode()).isEqualTo(1000);
    client
        .post(path + "/participants/" + queued.text("id") + "/admit", key, "{}")
        .expect(410, "left");
    client.post(path + "/admit", key, "{}").expect(410, "ended");
  }

  @Test
  void allAreLetInAtOnceAndByClosingTheLobby() {
    client.post(path + "/participants", ana, "{}").expect(202);
    String ben = service.tokenFor(conference, "ben");
    client.post(path + "/participants", ben, "{}").expect(202);

    client.post(path + "/admit", ana, "{}").expect(403, "grant-missing");
    JsonNode all = client.post(path + "/admit", host, "{}").expect(200).json();
    assertThat(all.path("admitted").asInt()).isEqualTo(2);
    assertThat(all.path("remaining")).isEmpty();

    String eve = service.tokenFor(conference, "eve");
    String id = client.post(path + "/participants", eve, "{}").expect(202).text("id");
    client.patch(path, host, "{\"lobby\":false}").expect(200);
    // It is let in, soon; whoever comes now does not wait.
    client.post(path + "/participants", service.tokenFor(conference, "flo"), "{}").expect(201);
    while (client
        .get(path + "/participants/" + id, eve)
        .expect(200)
        .text("state")
        .equals("queued")) {
      Thread.onSpinWait();
    }
    assertThat(client.get(path + "/participants/" + id, eve).text("state")).isEqualTo("connecting");
  }

  @Test
  void clientOfWhipWaitsByOfferingAgain() {
    ApiClient.Reply first = client.postSdp(path + "/whip", ana, OFFER).expect(503, "queued");
    assertThat(first.header("Retry-After")).isEqualTo("5");
    client.postSdp(path + "/whip", ana, OFFER).expect(503, "queued");
    JsonNode listed =
        client.get(path + "/participants?state=queued", key).expect(200).json().path("data");
    assertThat(listed).hasSize(1);

    client.post(path + "/admit", key, "{}").expect(200);

    client.postSdp(path + "/whip", ana, OFFER).expect(201);
  }

  @Test
  void visitorsTicketDoesNotSpeakForTheBackend() throws Exception {
    String open = service.conference("{}");
    String token = service.tokenFor(open, "visitor");
    String ticket =
        client
            .post("/v1/conferences/" + open + "/event-tickets", token, "{}")
            .expect(201)
            .text("ticket");
    EventsClient visitor = EventsClient.connect(service.httpPort(), open, ticket, -1);
    visitor.next("welcome");

    visitor.says("{\"type\":\"message.send\",\"cid\":\"c1\",\"data\":{\"text\":\"psst\"}}");

    assertThat(visitor.next("refused").at("/data/code").asText()).isEqualTo("not-joined");
    assertThat(
            client
                .get("/v1/conferences/" + open + "/messages", key)
                .expect(200)
                .json()
                .path("data"))
        .isEmpty();
  }

  @Test
  void metricsTellOfWaits() throws Exception {
    client.post(path + "/participants", ana, "{}").expect(202);
    assertThat(metrics()).contains("parley_waiting{reason=\"lobby\"} ");
    client.post(path + "/admit", key, "{}").expect(200);

    assertThat(metrics())
        .contains("parley_waiting_admitted_total ")
        .containsPattern("parley_waiting_time_seconds_count [1-9]")
        .containsPattern("parley_waiting_time_seconds_bucket");
  }

  private String admitted(String token) {
    String id = client.post(path + "/participants", token, "{}").expect(202).text("id");
    client.post(path + "/participants/" + id + "/admit", host, "{}").expect(200);
    return id;
  }

  private EventsClient watch(String token) {
    String ticket = client.post(path + "/event-tickets", token, "{}").expect(201).text("ticket");
    return EventsClient.connect(service.httpPort(), conference, ticket, -1);
  }

  private static String metrics() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + service.adminPort() + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
