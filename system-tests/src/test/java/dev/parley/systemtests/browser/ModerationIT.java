package dev.parley.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.systemtests.show.ParleyUp;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** People who were invited with tokens of a back end, one of whom leads the call. */
@Timeout(90)
class ModerationIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final JsonMapper json = new JsonMapper();
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path folder;

  @Test
  void hostSteersTheCall() throws Exception {
    Path data = folder.resolve("data");
    try (ParleyUp parley = ParleyUp.start(ROOT, data);
        BrowserDriver driver = BrowserDriver.start(ROOT)) {
      String key = Files.readString(data.resolve("session/server-key")).strip();
      URI api = URI.create(parley.url()).resolve("/v1/");
      String conference = post(api.resolve("conferences"), key, "{}").path("id").asText();
      URI tokens = api.resolve("conferences/" + conference + "/tokens");
      Path tone = ToneFile.write(folder, 700);

      Page host = join(driver.chromium(tone), parley, token(tokens, key, "Ana", "host"));
      Page guest = join(driver.chromium(tone), parley, token(tokens, key, "Ben", "speaker"));
      host.await("document.querySelectorAll('#roster > li').length === 2", PATIENCE);
      guest.await("document.querySelectorAll('#roster > li').length === 2", PATIENCE);
      assertThat(guest.evaluate("return document.getElementById('mute-others').hidden").asBoolean())
          .isTrue();

      guest.click("#hand");
      host.await("document.querySelector('#roster [aria-label=\"hand raised\"]')", PATIENCE);
      host.click(".person-steer:not([hidden])");
      host.click("#person-hand");
      guest.await(
          "document.getElementById('hand').getAttribute('aria-pressed') === 'false'", PATIENCE);

      host.await("!document.getElementById('person').open", PATIENCE);
      lockIsShownToEverybodyAndKeepsOthersOut(
          host, guest, driver.chromium(tone), parley, token(tokens, key, "Cleo", "speaker"));

      host.click("#mute-others");
      guest.await("document.getElementById('mute').classList.contains('is-muted')", PATIENCE);
      host.click(".person-steer:not([hidden])");
      host.click("#person-ask");
      guest.await(
          "document.getElementById('banner-text').textContent.includes('asks you')", PATIENCE);
      guest.click("#banner-action");
      guest.await("!document.getElementById('mute').classList.contains('is-muted')", PATIENCE);

      host.await("!document.getElementById('person').open", PATIENCE);
      host.click(".person-steer:not([hidden])");
      host.click("#person-ban");
      guest.await("!document.getElementById('lobby').hidden", PATIENCE);
      host.await("document.querySelectorAll('#roster > li').length === 1", PATIENCE);
      guest.click("#join");
      guest.await("!document.getElementById('join-error').hidden", PATIENCE);
    }
  }

  private static void lockIsShownToEverybodyAndKeepsOthersOut(
      Page host, Page guest, Browser late, ParleyUp parley, String invitation) throws Exception {
    assertThat(guest.evaluate("return document.getElementById('lock').hidden").asBoolean())
        .isTrue();
    host.click("#lock");
    guest.await("!document.getElementById('locked').hidden", PATIENCE);
    host.await("document.getElementById('lock').getAttribute('aria-pressed') === 'true'", PATIENCE);
    Page outside = late.open(parley.url() + "#invitation=" + invitation);
    outside.click("#join");
    outside.await("!document.getElementById('join-error').hidden", PATIENCE);
    host.click("#lock");
    guest.await("document.getElementById('locked').hidden", PATIENCE);
    late.quit();
  }

  private static Page join(Browser browser, ParleyUp parley, String token) throws Exception {
    Page page = browser.open(parley.url() + "#invitation=" + token);
    page.await("document.getElementById('room-field').hidden", PATIENCE);
    page.click("#join");
    page.await("!document.getElementById('call').hidden", PATIENCE);
    return page;
  }

  private String token(URI tokens, String key, String name, String role) throws Exception {
    String body =
        json.createObjectNode()
            .put("identity", name + "@example")
            .put("name", name)
            .put("role", role)
            .toString();
    return post(tokens, key, body).path("token").asText();
  }

  private JsonNode post(URI url, String key, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return json.readTree(response.body());
  }
}
