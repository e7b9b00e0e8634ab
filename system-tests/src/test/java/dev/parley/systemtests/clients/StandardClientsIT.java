package dev.parley.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.systemtests.browser.BrowserDriver;
import dev.parley.systemtests.browser.ToneFile;
import dev.parley.systemtests.show.ParleyUp;
import dev.parley.systemtests.show.talk.Caller;
import dev.parley.systemtests.show.talk.Caller.Listening;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two WebRTC libraries that have no code in common with a browser or with us talk with a Chromium,
 * by what any WHIP and WHEP client knows: an address and a token.
 */
@Timeout(150)
class StandardClientsIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String ROOM = "standard-clients";
  private static final int PAGE_HZ = 600;
  private static final int WERIFT_HZ = 1000;
  private static final int DATACHANNEL_HZ = 1500;
  private static final double VOICE_DBOV = -15;
  private static final double HEARD_DB = -30;
  private static final double SILENT_DB = -55;
  private static final int VOICE_FRAMES = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final JsonMapper json = new JsonMapper();
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path folder;

  private String key = "";
  private URI conference = URI.create("/");

  @BeforeEach
  void clientsAreInstalled() {
    for (String library : List.of("werift", "node-datachannel")) {
      assertThat(Path.of("browser", "node_modules", library))
          .as("./parley test installs it; by hand: npm ci --prefix system-tests/browser")
          .isDirectory();
    }
  }

  @Test
  void clientsOfOthersAreHeardAndHear() throws Exception {
    Path data = folder.resolve("data");
    try (ParleyUp parley = ParleyUp.start(ROOT, data);
        BrowserDriver driver = BrowserDriver.start(ROOT)) {
      Caller page =
          Caller.open(
              driver.chromium(ToneFile.write(folder, PAGE_HZ)),
              parley.url(),
              "Ana",
              Listening.FORWARD);
      page.join(ROOM);
      key = Files.readString(data.resolve("session/server-key")).strip();
      URI api = URI.create(parley.url()).resolve("/v1/");
      JsonNode room = post(api.resolve("open-rooms/" + ROOM), "{\"name\":\"Asks\"}");
      conference = api.resolve("conferences/" + room.path("conference").path("id").asText() + "/");

      try (StandardClient werift = join("werift", WERIFT_HZ, whipAndWhep());
          StandardClient datachannel = join("datachannel", DATACHANNEL_HZ, whipAndWhep())) {
        assertThat(datachannel.trickled()).containsExactly(204, 204);
        // Each has two sessions, and is one.
        page.awaitRoster(3);
        assertAllHearEachOther(page, werift, datachannel);

        werift.restartIce(2);
        werift.awaitNextSecond();
        assertAllHearEachOther(page, werift, datachannel);

        assertThat(datachannel.leave()).containsExactly(200, 200);
        page.awaitRoster(2);
        awaitHeard(page, DATACHANNEL_HZ, false);

        try (StandardClient again = join("datachannel", DATACHANNEL_HZ, bothWays())) {
          assertThat(again.trickled()).containsExactly(204);
          page.awaitRoster(3);
          assertAllHearEachOther(page, werift, again);
          assertThat(again.leave()).containsExactly(200);
        }
        assertThat(werift.leave()).containsExactly(200, 200);
        page.awaitRoster(1);
      }
    }
  }

  private void assertAllHearEachOther(Caller page, StandardClient werift, StandardClient other)
      throws Exception {
    werift.awaitTone(PAGE_HZ, HEARD_DB);
    werift.awaitTone(DATACHANNEL_HZ, HEARD_DB);
    other.awaitTone(PAGE_HZ, HEARD_DB);
    other.awaitTone(WERIFT_HZ, HEARD_DB);
    awaitHeard(page, WERIFT_HZ, true);
    awaitHeard(page, DATACHANNEL_HZ, true);
    werift.awaitNextSecond();
    other.awaitNextSecond();
    assertThat(werift.hears(WERIFT_HZ)).as("werift's own tone, at werift").isLessThan(SILENT_DB);
    assertThat(other.hears(DATACHANNEL_HZ))
        .as("libdatachannel's own tone, at libdatachannel")
        .isLessThan(SILENT_DB);
  }

  private static void awaitHeard(Caller page, int hertz, boolean heard) throws IOException {
    String level = "(await parleyProbe.hear('remote', [%d])).levels[0]".formatted(hertz);
    String expression = heard ? level + " > " + HEARD_DB : level + " < " + SILENT_DB;
    page.page().await(expression, PATIENCE);
  }

  private StandardClient join(String program, int hertz, List<StandardClient.Session> sessions)
      throws Exception {
    String body =
        json.createObjectNode()
            .put("identity", program + "@example")
            .put("name", program)
            .toString();
    String token = post(conference.resolve("tokens"), body).path("token").asText();
    return StandardClient.join(program, token, voice(hertz), sessions);
  }

  private List<StandardClient.Session> whipAndWhep() {
    return List.of(
        new StandardClient.Session(conference.resolve("whip").toString(), true, 0),
        new StandardClient.Session(conference.resolve("whep").toString(), false, 1));
  }

  /** One session, with a line for each speaker. */
  private List<StandardClient.Session> bothWays() {
    String url = conference.resolve("rtc").toString() + "?listening=forward";
    return List.of(new StandardClient.Session(url, true, 3));
  }

  private Path voice(int hertz) throws IOException {
    VoiceSource tone = VoiceSource.tone(hertz, VOICE_DBOV);
    Path file = folder.resolve("voice-" + hertz);
    try (OutputStream bytes = Files.newOutputStream(file);
        DataOutputStream output = new DataOutputStream(bytes)) {
      for (int i = 0; i < VOICE_FRAMES; i++) {
        UnsafeBuffer frame = tone.frame(i);
        byte[] packet = new byte[frame.capacity()];
        frame.getBytes(0, packet);
        output.writeShort(packet.length);
        output.write(packet);
      }
    }
    return file;
  }

  private JsonNode post(URI url, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 201);
    return json.readTree(response.body());
  }
}
