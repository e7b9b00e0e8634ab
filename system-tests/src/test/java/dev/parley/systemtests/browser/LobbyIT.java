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

/** People who wait for a host to let them in, on the page. */
@Timeout(120)
class LobbyIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final JsonMapper json = new JsonMapper();
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path folder;

  @Test
  void guestWaitsAndTheHostLetsThemIn() throws Exception {
    Path data = folder.resolve("data");
    try (ParleyUp parley = ParleyUp.start(ROOT, data);
        BrowserDriver driver = BrowserDriver.start(ROOT)) {
      String key = Files.readString(data.resolve("session/server-key")).strip();
      URI api = URI.create(parley.url()).resolve("/v1/");
      String conference =
          post(api.resolve("conferences"), key, "{\"lobby\":true}").path("id").asText();
      URI tokens = api.resolve("conferences/" + conference + "/tokens");
      Path tone = ToneFile.write(folder, 700);

      Page host = open(driver.chromium(tone), parley, token(tokens, key, "Ana", "host"));
      host.await("!document.getElementById('call').hidden", PATIENCE);
      host.await("!document.getElementById('lobby-toggle').hidden", PATIENCE);
      Page guest = open(driver.chromium(tone), parley, token(tokens, key, "Ben", "speaker"));
      guest.await("!document.getElementById('waiting-room').hidden", PATIENCE);
      assertThat(guest.evaluate("return document.getElementById('call').hidden").asBoolean())
          .isTrue();
      guest.await(
          "document.getElementById('waiting-words').textContent.includes('host')", PATIENCE);
      host.await("document.querySelector('#waiting-list .admit')", PATIENCE);
      assertThat(
              host.evaluate("return document.getElementById('waiting-list').textContent").asText())
          .contains("Ben");

      host.click("#waiting-list .admit");
      guest.await("!document.getElementById('call').hidden", PATIENCE);
      host.await("document.querySelectorAll('#roster > li').length === 2", PATIENCE);
      guest.await("document.querySelectorAll('#roster > li').length === 2", PATIENCE);
      host.await("document.getElementById('waiting').hidden", PATIENCE);
      guest.await("document.querySelector('#roster .is-speaking')", PATIENCE);

      Page other = open(driver.chromium(tone), parley, token(tokens, key, "Eve", "speaker"));
      host.await("document.querySelector('#waiting-list .refuse')", PATIENCE);
      host.click("#waiting-list .refuse");
      other.await("!document.getElementById('notice').hidden", PATIENCE);
      assertThat(other.evaluate("return document.getElementById('notice').textContent").asText())
          .contains("has not let you in");

      Page third = open(driver.chromium(tone), parley, token(tokens, key, "Flo", "speaker"));
      third.await("!document.getElementById('waiting-room').hidden", PATIENCE);
      host.click("#lobby-toggle");
      third.await("!document.getElementById('call').hidden", PATIENCE);
      host.await("document.querySelectorAll('#roster > li').length === 3", PATIENCE);
    }
  }

  private static Page open(Browser browser, ParleyUp parley, String token) throws Exception {
    Page page = browser.open(parley.url() + "#invitation=" + token);
    page.await("document.getElementById('room-field').hidden", PATIENCE);
    page.click("#join");
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
