package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.parley.common.control.Quality;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EventsClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How calls sound, through the HTTP door and the events socket. */
final class QualityApiIT {
  @TempDir static Path folder;
  static RunningService service;
  static ScriptedMediaServer media;
  static ApiClient client;

  private String conference = "";
  private String path = "";
  private String host = "";
  private String ana = "";
  private JsonNode hostStay = JSON_NULL;
  private JsonNode anaStay = JSON_NULL;

  private static final JsonNode JSON_NULL = NullNode.getInstance();

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
  void meet() {
    conference = service.conference("{}");
    path = "/v1/conferences/" + conference;
    host = service.token(conference, "{\"identity\":\"host\",\"role\":\"host\"}");
    ana = service.tokenFor(conference, "ana");
    hostStay = client.post(path + "/participants", host, "{}").expect(201).json();
    anaStay = client.post(path + "/participants", ana, "{}").expect(201).json();
  }

  @Test
  void moderatorsSeeEverybodyOthersThemselves() throws Exception {
    EventsClient atHost = watch(hostStay);
    EventsClient atAna = watch(anaStay);
    String ofAna = path + "/participants/" + anaStay.path("id").asText() + "/quality";
    String ofHost = path + "/participants/" + hostStay.path("id").asText() + "/quality";
    assertThat(client.get(ofAna, ana).expect(200).json().size()).as("the id alone").isEqualTo(1);

    measure();

    JsonNode told = atHost.next("quality");
    assertThat(told.path("data")).hasSize(2);
    JsonNode own = atAna.next("quality");
    assertThat(own.path("data")).hasSize(1);
    assertThat(own.at("/data/0/id").asText()).isEqualTo(anaStay.path("id").asText());
    assertThat(own.at("/data/0/lossPercent").asDouble()).isEqualTo(4.0);
    assertThat(own.at("/data/0/roundTripMs").asDouble()).isEqualTo(23.5);
    assertThat(own.at("/data/0/mos").asDouble()).isBetween(3.5, 4.2);

    JsonNode all = client.get(path + "/quality", host).expect(200).json();
    assertThat(all.path("data")).hasSize(2);
    assertThat(all.path("measured").asInt()).isEqualTo(2);
    assertThat(all.path("mosWorst").asDouble()).isEqualTo(own.at("/data/0/mos").asDouble());
    client.get(path + "/quality", service.key()).expect(200);
    client.get(path + "/quality", ana).expect(403, "grant-missing");
    JsonNode mine = client.get(ofAna, ana).expect(200).json();
    assertThat(mine.at("/received/lossPercent").asDouble()).isEqualTo(4.0);
    assertThat(mine.at("/sent/jitterMs").asDouble()).isEqualTo(2.1);
    assertThat(mine.at("/stay/measuredSec").asInt()).isEqualTo(5);
    client.get(ofHost, ana).expect(403, "grant-missing");
    client.get(ofHost, host).expect(200);
  }

  @Test
  void summaryOutlivesTheStay() throws Exception {
    EventsClient atHost = watch(hostStay);
    measure();
    atHost.next("quality");
    String stay = path + "/participants/" + anaStay.path("id").asText();
    client.delete(stay, ana).expect(204);

    JsonNode left = client.get(stay + "/quality", service.key()).expect(200).json();
    assertThat(left.at("/stay/lossPercentWorst").asDouble()).isEqualTo(4.0);
    assertThat(client.get(path + "/quality", host).expect(200).json().path("data")).hasSize(1);
    client.delete(path, service.key()).expect(200);
    client.get(stay + "/quality", service.key()).expect(200);
    client.get(path + "/quality", service.key()).expect(410, "ended");
  }

  @Test
  void regionsHaveHistograms() throws Exception {
    EventsClient atHost = watch(hostStay);
    measure();
    atHost.next("quality");

    String metrics = service.admin().sendUnchecked("GET", "/metrics", null, null, null).body();
    assertThat(metrics)
        .contains("parley_quality_mos_bucket{region=\"local\",le=\"3.1\"}")
        .contains("parley_quality_loss_percent_count{region=\"local\"}");
  }

  private void measure() {
    media.measure(
        new Quality(
            new ConferenceId(conference),
            1,
            List.of(
                new Quality.Figures(
                    new ParticipantId(hostStay.path("id").asText()),
                    20_000,
                    new Quality.Way(0, 500),
                    new Quality.Way(0, 700)),
                new Quality.Figures(
                    new ParticipantId(anaStay.path("id").asText()),
                    23_500,
                    new Quality.Way(1, 2_100),
                    new Quality.Way(40, 5_000)))));
  }

  private EventsClient watch(JsonNode joined) throws Exception {
    EventsClient events =
        EventsClient.connect(
            service.httpPort(), conference, joined.at("/media/ticket").asText(), -1);
    events.next("welcome");
    return events;
  }
}
