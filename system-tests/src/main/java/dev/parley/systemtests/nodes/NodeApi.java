package dev.parley.systemtests.nodes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The REST API at one address, asked once: who wants to try again does so. Thread-safe. */
public final class NodeApi implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final URI base;

  /** Talks to a node, or to whatever is before it. */
  public NodeApi(URI base) {
    this.base = base;
  }

  /**
   * An answer, or none.
   *
   * @param status 0 if nobody answered
   * @param retryAfter when to ask again, as the header says; empty if it does not
   */
  public record Reply(int status, String retryAfter, JsonNode body) {
    private static final Reply NONE = new Reply(0, "", JSON.createObjectNode());

    public boolean isOk() {
      return status / 100 == 2;
    }
  }

  /** A request with a credential, to which more may be added. */
  public HttpRequest.Builder request(String path, String credential) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + credential);
  }

  public Reply get(String path, String credential) throws InterruptedException {
    return send(request(path, credential).GET());
  }

  public Reply delete(String path, String credential) throws InterruptedException {
    return send(request(path, credential).DELETE());
  }

  public Reply post(String path, String credential, String json) throws InterruptedException {
    return send(
        request(path, credential)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  public Reply patch(String path, String credential, String json) throws InterruptedException {
    return send(
        request(path, credential)
            .header("Content-Type", "application/json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(json)));
  }

  /** Sends it; an answer that does not come in four seconds is none. */
  public Reply send(HttpRequest.Builder request) throws InterruptedException {
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Reply(
          response.statusCode(),
          response.headers().firstValue("Retry-After").orElse(""),
          json(response.body()));
    } catch (IOException e) {
      return Reply.NONE;
    }
  }

  /** What it sends by. */
  public HttpClient http() {
    return http;
  }

  public URI base() {
    return base;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  /** A load balancer's own answers are not JSON. */
  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }
}
