package dev.parley.benchmarks.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** The session service's REST API as a participant uses it. Blocking; any thread. */
public final class SessionApi implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;
  private static final int ATTEMPTS = 5;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final ObjectMapper json = new ObjectMapper();
  private final URI service;

  /**
   * Talks to one service.
   *
   * @param service such as http://127.0.0.1:7880
   */
  public SessionApi(URI service) {
    this.service = service;
  }

  /** How a participant hears the others. */
  public enum Listening {
    FORWARD,
    MIX,
    AUTO
  }

  /**
   * A right to join.
   *
   * @param conferenceId which conference
   * @param token proves the right
   */
  public record Ticket(String conferenceId, String token) {}

  /**
   * A stay.
   *
   * @param ticket that it was begun with
   * @param participantId names it
   * @param answer of the media server
   */
  public record Stay(Ticket ticket, String participantId, RemoteDescription answer) {}

  /** Makes a conference with a server key; returns its id. */
  public String create(String serverKey, int maxParticipants)
      throws IOException, InterruptedException {
    ObjectNode body = json.createObjectNode().put("maxParticipants", maxParticipants);
    return post("/v1/conferences", serverKey, body).path("id").asText();
  }

  /** Mints a join token with a server key. */
  public Ticket mint(String serverKey, String conferenceId, String identity)
      throws IOException, InterruptedException {
    ObjectNode body = json.createObjectNode().put("identity", identity).put("name", identity);
    JsonNode minted = post("/v1/conferences/" + conferenceId + "/tokens", serverKey, body);
    return new Ticket(conferenceId, minted.path("token").asText());
  }

  /** Enters an open room, which {@code ./parley up} offers to anybody on the machine. */
  public Ticket enter(String alias, String name) throws IOException, InterruptedException {
    ObjectNode body = json.createObjectNode().put("name", name).put("identity", name);
    JsonNode room =
        post("/v1/open-rooms/" + URLEncoder.encode(alias, StandardCharsets.UTF_8), "", body);
    return new Ticket(room.path("conference").path("id").asText(), room.path("token").asText());
  }

  /** Joins with an offer. */
  public Stay join(Ticket ticket, String offer, Listening listening)
      throws IOException, InterruptedException {
    ObjectNode body = json.createObjectNode().put("sdp", offer);
    body.put("listening", listening.name().toLowerCase(Locale.ROOT)).put("replace", true);
    JsonNode joined =
        post("/v1/conferences/" + ticket.conferenceId() + "/participants", ticket.token(), body);
    return new Stay(
        ticket,
        joined.path("id").asText(),
        RemoteDescription.parse(joined.path("answer").asText()));
  }

  /** Leaves. */
  public void leave(Stay stay) throws IOException, InterruptedException {
    String path =
        "/v1/conferences/" + stay.ticket().conferenceId() + "/participants/" + stay.participantId();
    HttpRequest request =
        HttpRequest.newBuilder(service.resolve(path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + stay.ticket().token())
            .DELETE()
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException("leave answered " + response.statusCode() + ": " + response.body());
    }
  }

  /** Tries again when told to wait: a quota and a busy server are answers, not failures. */
  private JsonNode post(String path, String token, ObjectNode body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.resolve(path))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(write(body)));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    for (int attempt = 1; ; attempt++) {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 == 2) {
        return json.readTree(response.body());
      }
      boolean later =
          response.statusCode() == TOO_MANY_REQUESTS || response.statusCode() == UNAVAILABLE;
      if (!later || attempt == ATTEMPTS) {
        throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
      }
      Thread.sleep(
          Duration.ofSeconds(response.headers().firstValueAsLong("Retry-After").orElse(1)));
    }
  }

  private String write(ObjectNode body) {
    try {
      return json.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of our own is always JSON", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
