package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.control.Order;
import dev.parley.common.control.ServerLoad;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.session.harness.ScriptedMediaServer.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two regions through the HTTP door: which there are, which are near, where conferences begin. */
@Timeout(60)
final class RegionsIT {
  private static final ServerLoad IDLE = new ServerLoad(0.1, 0, 0, 0, 0, 0, false);

  @TempDir static Path folder;
  static RunningService service;
  static ApiClient client;
  static ScriptedMediaServer eu;
  static ScriptedMediaServer na;

  @BeforeAll
  static void start() {
    service = new RunningService(folder, "--default-region=eu");
    client = service.client();
    eu =
        ScriptedMediaServer.dial(
            service.linkPort(), "ms-eu", new Place("eu", 500, List.of("127.0.0.1:3478")));
    na =
        ScriptedMediaServer.dial(
            service.linkPort(), "ms-na", new Place("na", 500, List.of("127.0.0.1:3479")));
  }

  @AfterAll
  static void stop() {
    eu.close();
    na.close();
    service.close();
  }

  @BeforeEach
  void letQuotasRefill() {
    service.clock().advance(Duration.ofSeconds(10));
  }

  @Test
  void regionsAreListedWithWhereToMeasureThem() {
    String token = service.tokenFor(service.conference("{}"), "ana");

    JsonNode regions = client.get("/v1/regions", token).expect(200).json();

    assertThat(regions.path("suggested").asText()).isEqualTo("eu");
    assertThat(regions.path("via").asText()).isEqualTo("configured");
    assertThat(regions.at("/regions/0").toString())
        .isEqualTo(
            """
            {"id":"eu","city":"Frankfurt","state":"ok","probe":["127.0.0.1:3478"]}\
            """);
    assertThat(regions.at("/regions/1/city").asText()).isEqualTo("Ashburn");
    assertThat(client.get("/v1/regions", service.key()).expect(200).json()).isEqualTo(regions);
    client.get("/v1/regions", null).expect(401, "credentials-missing");
  }

  @Test
  void isolatedRegionIsShownAndNotSuggested() {
    service.admin().post("/admin/regions/eu/isolate", null, "").expect(200);

    JsonNode regions = client.get("/v1/regions", service.key()).expect(200).json();
    assertThat(regions.path("suggested").asText()).isEqualTo("na");
    assertThat(regions.at("/regions/1/state").asText()).isEqualTo("isolated");
    assertThat(beginsIn("[{\"region\":\"eu\",\"rttMs\":[1]}]")).isEqualTo("na");

    service.admin().post("/admin/regions/eu/restore", null, "").expect(200);
    assertThat(beginsIn("[]")).as("as the operator says").isEqualTo("eu");
  }

  @Test
  void fullAndDrainingRegionsAreShownAsSuch() throws Exception {
    na.load(new ServerLoad(0.1, 0, 0, 500, 0, 0, false));
    awaitState(1, "full");
    na.load(IDLE);
    awaitState(1, "ok");

    service.admin().post("/admin/servers/ms-na/drain", null, "{\"deadlineSec\":60}").expect(202);
    awaitState(1, "draining");
    service.admin().post("/admin/servers/ms-na/undrain", null, "").expect(200);
    awaitState(1, "ok");
  }

  @Test
  void conferenceBeginsNearWhoComesFirst() {
    assertThat(
            beginsIn("[{\"region\":\"eu\",\"rttMs\":[91,90]},{\"region\":\"na\",\"rttMs\":[12]}]"))
        .isEqualTo("na");
    assertThat(beginsIn("[{\"region\":\"na\",\"rttMs\":[91]},{\"region\":\"eu\",\"rttMs\":[12]}]"))
        .isEqualTo("eu");
    assertThat(beginsIn("[{\"region\":\"na\",\"rttMs\":[1],\"ageSec\":601}]"))
        .as("what is old does not count")
        .isEqualTo("eu");
  }

  @Test
  void theFirstDecidesThoughTheSecondOffersFirst() {
    String conference = service.conference("{}");
    String people = "/v1/conferences/" + conference + "/participants";
    String probes = "{\"probes\":[{\"region\":\"na\",\"rttMs\":[10]}]}";
    client.post(people, service.tokenFor(conference, "ana"), probes).expect(201);

    ApiClient.Reply ben =
        client
            .post(
                people,
                service.tokenFor(conference, "ben"),
                "{\"sdp\":\"v=0\",\"probes\":[{\"region\":\"eu\",\"rttMs\":[1]}]}")
            .expect(201);

    assertThat(ben.json().at("/media/region").asText()).isEqualTo("na");
    na.next(Order.AdmitParticipant.class, conference);
  }

  @Test
  void whoSendsNothingButAnOfferComesToWhereTheOperatorSays() {
    String conference = service.conference("{}");
    client
        .postSdp(
            "/v1/conferences/" + conference + "/rtc", service.tokenFor(conference, "ana"), "v=0")
        .expect(201);

    eu.next(Order.AdmitParticipant.class, conference);
  }

  @Test
  void nearestOrdersRegionsByScore() {
    String probes =
        """
        {"probes":[{"region":"eu","rttMs":[40,300,44]},{"region":"na","rttMs":[30]}]}\
        """;

    JsonNode ranked = client.post("/v1/regions/nearest", service.key(), probes).expect(200).json();

    assertThat(ranked.at("/regions/0").toString())
        .isEqualTo(
            """
            {"id":"na","state":"ok","scoreMs":30,"rttMs":30,"via":"probes","hosting":false}\
            """);
    assertThat(ranked.at("/regions/1/rttMs").asInt()).as("the median").isEqualTo(44);
  }

  @Test
  void whereTheConferenceIsCountsAsNearer() {
    String conference = service.conference("{}");
    String ana = service.tokenFor(conference, "ana");
    String near = "{\"sdp\":\"v=0\",\"probes\":[{\"region\":\"eu\",\"rttMs\":[1]}]}";
    String participant =
        client
            .post("/v1/conferences/" + conference + "/participants", ana, near)
            .expect(201)
            .text("id");
    eu.report(
        new StateEvent.ParticipantConnected(
            new ConferenceId(conference), 1, new ParticipantId(participant)));
    String probes =
        """
        {"probes":[{"region":"eu","rttMs":[40]},{"region":"na","rttMs":[30]}]%s}\
        """;

    JsonNode own =
        client
            .post("/v1/regions/nearest", service.tokenFor(conference, "ben"), probes.formatted(""))
            .expect(200)
            .json();
    JsonNode named =
        client
            .post(
                "/v1/regions/nearest",
                service.key(),
                probes.formatted(",\"conference\":\"" + conference + "\""))
            .expect(200)
            .json();

    assertThat(own.at("/regions/0/id").asText()).isEqualTo("eu");
    assertThat(own.at("/regions/0/hosting").asBoolean()).isTrue();
    assertThat(own.at("/regions/0/scoreMs").asInt()).isEqualTo(10);
    assertThat(named).isEqualTo(own);
  }

  @Test
  void whatIsWrongWithProbesIsSaid() {
    String nearest = "/v1/regions/nearest";
    client.post(nearest, service.key(), "{\"probes\":[{}]}").expect(422, "invalid");
    client
        .post(nearest, service.key(), "{\"probes\":[{\"region\":\"eu\",\"rttMs\":[-1]}]}")
        .expect(422, "invalid");
    client.post(nearest, service.key(), "{\"probes\":[1]}").expect(422, "invalid");
    ApiClient.Reply wrong =
        client
            .post(nearest, service.key(), "{\"probes\":[{\"region\":\"no region\"}]}")
            .expect(422, "invalid");
    assertThat(wrong.json().at("/errors/0/pointer").asText()).isEqualTo("/probes/0/region");
    client.post(nearest, service.key(), "{\"conference\":\"cf_nobody\"}").expect(404, "not-found");
  }

  private static String beginsIn(String probes) {
    String conference = service.conference("{}");
    return client
        .post(
            "/v1/conferences/" + conference + "/participants",
            service.tokenFor(conference, "ana"),
            "{\"sdp\":\"v=0\",\"probes\":" + probes + "}")
        .expect(201)
        .json()
        .at("/media/region")
        .asText();
  }

  private static void awaitState(int index, String wanted) throws InterruptedException {
    String seen = "";
    while (!seen.equals(wanted)) {
      TimeUnit.MILLISECONDS.sleep(10);
      service.clock().advance(Duration.ofSeconds(1));
      seen =
          client
              .get("/v1/regions", service.key())
              .expect(200)
              .json()
              .at("/regions/" + index + "/state")
              .asText();
    }
  }
}
