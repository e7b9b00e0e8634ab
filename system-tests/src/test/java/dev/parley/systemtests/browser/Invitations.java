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

/** A back end with one conference, who invites people to it with tokens. One thread. */
final class Invitations {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final JsonMapper json = new JsonMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final String page;
  private final String key;
  private final URI tokens;

  /**
   * Makes the conference.
   *
   * @param data the folder that the service was started with
   * @param options of the conference, as JSON
   */
  Invitations(ParleyUp parley, Path data, String options) throws Exception {
    page = parley.url();
    key = Files.readString(data.resolve("session/server-key")).strip();
    URI conferences = URI.create(page).resolve("/v1/conferences");
    tokens =
        URI.create(conferences + "/" + post(conferences, options).path("id").asText() + "/tokens");
  }

  /** Has somebody open their invitation, and ask to be let in. */
  Page accept(Browser browser, String name, String role) throws Exception {
    return enter(browser.open(invitation(name, role)));
  }

  /** The same, with the policy that the service gives its page. */
  Page acceptStrictly(Browser browser, String name, String role) throws Exception {
    return enter(browser.openStrictly(invitation(name, role)));
  }

  private String invitation(String name, String role) throws Exception {
    String body =
        json.createObjectNode()
            .put("identity", name + "@example")
            .put("name", name)
            .put("role", role)
            .toString();
    return page + "#invitation=" + post(tokens, body).path("token").asText();
  }

  private static Page enter(Page opened) throws Exception {
    opened.await("document.getElementById('room-field').hidden", PATIENCE);
    opened.click("#join");
    return opened;
  }

  private JsonNode post(URI url, String body) throws Exception {
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
