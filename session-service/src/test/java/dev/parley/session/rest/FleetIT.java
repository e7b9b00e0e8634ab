package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.common.control.Order;
import dev.parley.common.control.ServerLoad;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.session.harness.ScriptedMediaServer.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Media servers and regions, through the door that operators use. */
@Timeout(60)
final class FleetIT {
  @TempDir static Path folder;

  private static RunningService service;
  private static ApiClient admin;

  @BeforeAll
  static void start() {
    // Whoever finds no server is refused at once rather than asked to wait.
    service = new RunningService(folder, "--join-queue-max=0");
    admin = service.admin();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void drainedServerIsShownAsSuchAndGetsNothingUntilItIsUndrained() throws Exception {
    try (ScriptedMediaServer one = ScriptedMediaServer.dial(service.linkPort(), "ms-drain")) {
      awaitKnown("ms-drain");
      ApiClient.Reply draining =
          admin.post("/admin/servers/ms-drain/drain", null, "{\"deadlineSec\":60}").expect(202);
      assertThat(draining.text("state")).isEqualTo("draining");
      assertThat(server("ms-drain").path("state").asText()).isEqualTo("draining");
      assertThat(server("ms-drain").path("drain").has("deadline")).isTrue();
      String conference = service.conference("{}");
      join(conference).expect(503, "no-capacity");

      ApiClient.Reply live = admin.post("/admin/servers/ms-drain/undrain", null, "").expect(200);

      assertThat(live.text("state")).isEqualTo("live");
      join(conference).expect(201);
      one.next(Order.AdmitParticipant.class, conference);
      assertThat(server("ms-drain").path("conferences").asInt()).isEqualTo(1);
    }
  }

  @Test
  void isolatedRegionGetsNothingUntilItIsRestored() throws Exception {
    try (ScriptedMediaServer _ = ScriptedMediaServer.dial(service.linkPort(), "ms-region")) {
      assertThat(admin.post("/admin/regions/local/isolate", null, "").expect(200).text("state"))
          .isEqualTo("isolated");
      String conference = service.conference("{}");
      join(conference).expect(503, "no-capacity");
      assertThat(admin.get("/admin/regions", null).expect(200).body())
          .contains("\"state\":\"isolated\"");

      admin.post("/admin/regions/local/restore", null, "").expect(200);

      join(conference).expect(201);
    }
  }

  @Test
  void autoscalersLearnHowManyServersARegionShouldHave() throws Exception {
    Place harbour = new Place("harbour", 100, List.of());
    try (ScriptedMediaServer one = ScriptedMediaServer.dial(service.linkPort(), "ms-h", harbour)) {
      one.load(new ServerLoad(0.3, 0, 2, 40, 0, 0, false));
      assertThat(awaitScaling("\"reason\":\"steady\"", "\"demand\":40").toString())
          .contains("\"headroom\":60", "\"advice\":\"hold\"", "\"servers\":1");

      one.load(new ServerLoad(0.3, 0, 2, 100, 0, 0, false));

      assertThat(awaitScaling("\"reason\":\"full\"").toString())
          .contains("\"headroom\":0", "\"advice\":\"up\"", "\"servers\":2");
      assertThat(admin.sendUnchecked("GET", "/metrics", null, null, null).body())
          .contains("parley_region_servers_wanted{region=\"harbour\"} 2.0")
          .contains("parley_region_demand{region=\"harbour\"} 100.0")
          .contains("parley_region_headroom{region=\"harbour\"} 0.0")
          .contains("parley_region_load{region=\"harbour\"} 1.0");
    }
  }

  /** It is looked at every two seconds. */
  private static JsonNode awaitScaling(String... parts) throws Exception {
    while (true) {
      String list = admin.get("/admin/regions", null).expect(200).body();
      for (JsonNode one : new JsonMapper().readTree(list).path("data")) {
        String scaling = one.path("scaling").toString();
        if (one.path("id").asText().equals("harbour")
            && Arrays.stream(parts).allMatch(scaling::contains)) {
          return one.path("scaling");
        }
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Test
  void whatIsNotThereOrNotMeantIsSaid() {
    admin.post("/admin/servers/nobody/drain", null, "").expect(404, "not-found");
    admin.post("/admin/servers/nobody/undrain", null, "").expect(404, "not-found");
    admin.post("/admin/regions/atlantis/isolate", null, "").expect(404, "not-found");
    admin.post("/admin/regions/no%20region/restore", null, "").expect(404, "not-found");
    admin.post("/admin/servers/nobody/drain", null, "{\"deadlineSec\":0}").expect(422, "invalid");
    admin.post("/admin/servers/nobody/drain", null, "{").expect(400, "malformed");
  }

  private static ApiClient.Reply join(String conference) {
    String token = service.tokenFor(conference, "ana");
    return service
        .client()
        .post(
            "/v1/conferences/" + conference + "/participants",
            token,
            "{\"sdp\":\"v=0\",\"replace\":true}");
  }

  /** Its hello is answered before it is stored. */
  private static void awaitKnown(String name) throws InterruptedException {
    while (!admin.get("/admin/servers", null).expect(200).body().contains(name)) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private static JsonNode server(String name) throws IOException {
    String list = admin.get("/admin/servers", null).expect(200).body();
    for (JsonNode one : new JsonMapper().readTree(list).path("data")) {
      if (one.path("id").asText().equals(name)) {
        return one;
      }
    }
    throw new AssertionError("no " + name);
  }
}
