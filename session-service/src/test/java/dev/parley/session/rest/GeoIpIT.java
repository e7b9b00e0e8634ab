package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.harness.CountryFile;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import dev.parley.session.harness.ScriptedMediaServer.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Regions by the country of the client's address, behind a trusted proxy. */
@Timeout(60)
final class GeoIpIT {
  private static final String GERMAN = "203.0.113.7";
  private static final String BRAZILIAN = "2001:db8:5::7";

  @TempDir static Path folder;
  static RunningService service;
  static ScriptedMediaServer eu;
  static ScriptedMediaServer na;

  @BeforeAll
  static void start() {
    Path database =
        CountryFile.write(
            folder.resolve("country.mmdb"),
            Map.of("203.0.113.0/24", "DE", "2001:db8:5::/48", "BR"));
    service =
        new RunningService(
            folder.resolve("data"),
            "--geoip-database=" + database,
            "--trusted-proxies=127.0.0.0/8",
            "--default-region=lab",
            "--region-places=lab=35.7/139.7/Tokyo");
    eu = ScriptedMediaServer.dial(service.linkPort(), "ms-eu", new Place("eu", 500, List.of()));
    na = ScriptedMediaServer.dial(service.linkPort(), "ms-na", new Place("na", 500, List.of()));
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
  void theRegionNearestToTheCountryIsSuggested() {
    assertThat(suggestedTo(GERMAN)).isEqualTo("eu geoip");
    assertThat(suggestedTo(BRAZILIAN)).isEqualTo("na geoip");
    assertThat(suggestedTo("192.0.2.1"))
        .as("nobody's, so as from Tokyo")
        .isEqualTo("eu configured");
  }

  @Test
  void conferencesBeginThere() {
    assertThat(beginsIn(GERMAN, "[]")).isEqualTo("eu");
    assertThat(beginsIn(BRAZILIAN, "[]")).isEqualTo("na");
    assertThat(beginsIn(BRAZILIAN, "[{\"region\":\"eu\",\"rttMs\":[9]}]"))
        .as("what was measured counts more")
        .isEqualTo("eu");
  }

  private static String suggestedTo(String address) {
    JsonNode regions =
        service
            .client()
            .get("/v1/regions", service.key(), "X-Forwarded-For", address)
            .expect(200)
            .json();
    return regions.path("suggested").asText() + " " + regions.path("via").asText();
  }

  private static String beginsIn(String address, String probes) {
    String conference = service.conference("{}");
    return service
        .client()
        .post(
            "/v1/conferences/" + conference + "/participants",
            service.tokenFor(conference, "ana"),
            "{\"sdp\":\"v=0\",\"probes\":" + probes + "}",
            "X-Forwarded-For",
            address)
        .expect(201)
        .json()
        .at("/media/region")
        .asText();
  }
}
