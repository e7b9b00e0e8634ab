package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.control.Order;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.session.harness.ScriptedMediaServer.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where media may be: residency policies and placement, through the HTTP door. */
@Timeout(60)
final class ResidencyIT {
  private static final String POLICIES = "/v1/residency-policies/";

  @TempDir static Path folder;
  static RunningService service;
  static ApiClient client;
  static ScriptedMediaServer na;

  @BeforeAll
  static void start() {
    service = new RunningService(folder);
    client = service.client();
    na = ScriptedMediaServer.dial(service.linkPort(), "ms-na", new Place("na", 500, List.of()));
  }

  @AfterAll
  static void stop() {
    na.close();
    service.close();
  }

  @BeforeEach
  void letQuotasRefill() {
    service.clock().advance(Duration.ofSeconds(10));
  }

  @Test
  void policiesAreMadeReadChangedAndForgotten() {
    ApiClient.Reply made = put("life", "\"na\",\"eu\"").expect(201);
    assertThat(made.header("Location")).isEqualTo(POLICIES + "life");
    assertThat(made.json().path("allowedRegions").toString()).isEqualTo("[\"eu\",\"na\"]");
    assertThat(put("life", "\"eu\",\"na\"").expect(200).header("ETag")).isEqualTo("\"1\"");
    put("life", "\"eu\"").expect(428, "if-match-missing");
    put("life", "\"eu\"", "If-Match", "\"7\"").expect(412, "version-mismatch");
    assertThat(put("life", "\"eu\"", "If-Match", "\"1\"").expect(200).header("ETag"))
        .isEqualTo("\"2\"");
    put("life", "\"asia\"", "If-Match", "*").expect(200);

    assertThat(client.get(POLICIES + "life", service.key()).expect(200).text("version"))
        .isEqualTo("3");
    assertThat(client.get("/v1/residency-policies", service.key()).expect(200).body())
        .contains("\"name\":\"life\"");

    client.delete(POLICIES + "life", service.key()).expect(204);
    client.delete(POLICIES + "life", service.key()).expect(404, "not-found");
    client.get(POLICIES + "life", service.key()).expect(404, "not-found");
    put("life", "\"eu\"", "If-Match", "\"3\"").expect(412, "version-mismatch");
  }

  @Test
  void aPolicyIsItsTenantsOwnAndNeedsTheScope() {
    put("mine", "\"eu\"").expect(201);
    String other = service.key("other", "conferences", "admin");
    String without = service.key("default", "conferences");

    client.get(POLICIES + "mine", other).expect(404, "not-found");
    client
        .post("/v1/conferences", other, "{\"placement\":{\"residency\":\"mine\"}}")
        .expect(422, "invalid");
    client
        .send("PUT", POLICIES + "mine", without, "application/json", "{}")
        .expect(403, "scope-missing");
    client.delete(POLICIES + "mine", without).expect(403, "scope-missing");
  }

  @Test
  void whatIsWrongWithAPolicyIsSaid() {
    put("empty", "").expect(422, "invalid");
    put("odd", "\"no region\"").expect(422, "invalid");
    put("Odd", "\"eu\"").expect(422, "invalid");
  }

  @Test
  void aConferenceThatCouldBeNowhereIsNotMade() {
    put("na-only", "\"na\"").expect(201);

    ApiClient.Reply refused =
        create("{\"regions\":[\"eu\",\"asia\"],\"residency\":\"na-only\"}")
            .expect(422, "residency-unsatisfiable");
    assertThat(refused.text("detail")).contains("na-only").contains("permits na");
    create("{\"residency\":\"unheard-of\"}").expect(422, "invalid");
    create("{\"mode\":\"pinned\"}").expect(422, "invalid");
    create("{\"regions\":[\"no region\"]}").expect(422, "invalid");
  }

  @Test
  void joiningIsDeniedWhileNoPermittedRegionHasAServer() {
    put("eu-law", "\"eu\"").expect(201);
    String conference = create("{\"residency\":\"eu-law\"}").expect(201).text("id");

    ApiClient.Reply denied = join(conference, "{}").expect(403, "residency-denied");
    assertThat(denied.json().path("regions").toString()).isEqualTo("[\"eu\"]");
    assertThat(denied.text("detail")).contains("eu-law");
    join(conference, "{\"sdp\":\"v=0\"}").expect(403, "residency-denied");
    client
        .postSdp(
            "/v1/conferences/" + conference + "/rtc", service.tokenFor(conference, "ana"), "v=0")
        .expect(403, "residency-denied");
    assertThat(
            client
                .get("/v1/conferences/" + conference + "/participants", service.key())
                .expect(200)
                .json()
                .path("data")
                .size())
        .as("nobody was left behind")
        .isZero();

    try (ScriptedMediaServer eu =
        ScriptedMediaServer.dial(service.linkPort(), "ms-eu", new Place("eu", 500, List.of()))) {
      String far = "{\"sdp\":\"v=0\",\"probes\":[{\"region\":\"na\",\"rttMs\":[1]}]}";
      assertThat(join(conference, far).expect(201).json().at("/media/region").asText())
          .as("however near another is")
          .isEqualTo("eu");
      eu.next(Order.AdmitParticipant.class, conference);
    }
  }

  @Test
  void aConferenceKeepsWhatItsPolicySaidWhenItWasMade() {
    put("kept", "\"na\"").expect(201);
    String body = "{\"alias\":\"kept\",\"placement\":{\"residency\":\"kept\"}}";
    String[] once = {"Idempotency-Key", "kept-1"};
    JsonNode made = client.post("/v1/conferences", service.key(), body, once).expect(201).json();

    put("kept", "\"asia\"", "If-Match", "*").expect(200);

    ApiClient.Reply again = client.post("/v1/conferences", service.key(), body, once).expect(201);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.json()).isEqualTo(made);
    String id = made.path("id").asText();
    assertThat(join(id, "{\"sdp\":\"v=0\"}").expect(201).json().at("/media/region").asText())
        .isEqualTo("na");
    assertThat(
            client
                .get("/v1/conferences/" + id, service.key())
                .expect(200)
                .json()
                .at("/placement/allowed/0")
                .asText())
        .isEqualTo("na");
  }

  @Test
  void pinnedIsTheFirstThatHasRoomHoweverFar() {
    String conference =
        create("{\"mode\":\"pinned\",\"regions\":[\"mars\",\"na\"]}").expect(201).text("id");

    assertThat(
            join(conference, "{\"sdp\":\"v=0\"}").expect(201).json().at("/media/region").asText())
        .isEqualTo("na");
    String nowhere = create("{\"mode\":\"pinned\",\"regions\":[\"mars\"]}").expect(201).text("id");
    join(nowhere, "{\"sdp\":\"v=0\"}").expect(503, "no-capacity");
  }

  @Test
  void regionsThatAConferenceMayNotBeInAreNotSuggestedToItsPeople() {
    String conference = create("{\"regions\":[\"mars\"]}").expect(201).text("id");

    JsonNode regions =
        client.get("/v1/regions", service.tokenFor(conference, "ana")).expect(200).json();

    assertThat(regions.path("regions").size()).isZero();
    assertThat(regions.has("suggested")).isFalse();
  }

  private static ApiClient.Reply put(String name, String regions, String... headers) {
    return client.send(
        "PUT",
        POLICIES + name,
        service.key(),
        "application/json",
        "{\"allowedRegions\":[" + regions + "]}",
        headers);
  }

  private static ApiClient.Reply create(String placement) {
    return client.post("/v1/conferences", service.key(), "{\"placement\":" + placement + "}");
  }

  private static ApiClient.Reply join(String conference, String body) {
    return client.post(
        "/v1/conferences/" + conference + "/participants",
        service.tokenFor(conference, "ana"),
        body);
  }
}
