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
import java.util.concurrent.locks.LockSupport;

/** A back end with one conference, who invites people to it with tokens. One thread. */
final class Invitations {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final JsonMapper json = new JsonMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final String page;
  private final String key;
  private final String conference;
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
    conference = post(conferences, options).path("id").asText();
    tokens = URI.create(conferences + "/" + conference + "/tokens");
  }

  /** Ends the conference. */
  void end() throws Exception {
    JsonNode _ = send(request("/v1/conferences/" + conference).DELETE(), 200);
  }

  /** Says what the conference is called, now that it is over. */
  void label(String labels) throws Exception {
    JsonNode _ =
        send(
            request("/v1/conversations/" + conference)
                .header("Content-Type", "application/json")
                .header("If-Match", "*")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(labels)),
            200);
  }

  /** Mints a token of somebody, while the conference goes on. */
  String token(String name) throws Exception {
    return post(tokens, body(name, "speaker")).path("token").asText();
  }

  /** Waits until the conference, which is over, is in the list of somebody who took part. */
  void awaitListed(String token) throws Exception {
    HttpRequest list =
        HttpRequest.newBuilder(URI.create(page).resolve("/v1/conversations"))
            .header("Authorization", "Bearer " + token)
            .build();
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (!http.send(list, HttpResponse.BodyHandlers.ofString()).body().contains(conference)) {
      assertThat(System.nanoTime()).as("%s is not listed", conference).isLessThan(deadlineNs);
      LockSupport.parkNanos(200_000_000);
    }
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
    return page + "#invitation=" + post(tokens, body(name, role)).path("token").asText();
  }

  private String body(String name, String role) {
    return json.createObjectNode()
        .put("identity", name + "@example")
        .put("name", name)
        .put("role", role)
        .toString();
  }

  private static Page enter(Page opened) throws Exception {
    opened.await("document.getElementById('room-field').hidden", PATIENCE);
    opened.click("#join");
    return opened;
  }

  private JsonNode post(URI url, String body) throws Exception {
    return send(
        request(url.getPath())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)),
        201);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(page).resolve(path))
        .header("Authorization", "Bearer " + key);
  }

  private JsonNode send(HttpRequest.Builder request, int status) throws Exception {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return json.readTree(response.body());
  }
}
