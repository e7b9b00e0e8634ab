package dev.parley.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.common.config.Settings;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks a running session service's admin port, for commands. One thread. */
final class AdminClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final JsonMapper MAPPER = new JsonMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final String base;

  /** Takes from the settings where the admin port is. */
  AdminClient(Settings settings) {
    InetAddress address = settings.value(SessionSettings.ADMIN_ADDRESS);
    String host = address.getHostAddress();
    base =
        "http://"
            + (address instanceof Inet6Address ? "[" + host + "]" : host)
            + ":"
            + settings.value(SessionSettings.ADMIN_PORT);
  }

  /** The service refused, or there is none; the message is for the operator. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  JsonNode get(String path) throws RefusedException {
    return send("GET", path, null);
  }

  /**
   * Visits everything of a list, page by page.
   *
   * @param path with its query, which must not be empty
   */
  void forEach(String path, Consumer<JsonNode> visit) throws RefusedException {
    JsonNode page = get(path);
    page.path("data").forEach(visit);
    while (page.has("next")) {
      String cursor = URLEncoder.encode(page.path("next").asText(), StandardCharsets.UTF_8);
      page = get(path + "&cursor=" + cursor);
      page.path("data").forEach(visit);
    }
  }

  JsonNode post(String path, JsonNode body) throws RefusedException {
    return send("POST", path, body);
  }

  void delete(String path) throws RefusedException {
    send("DELETE", path, null);
  }

  @Override
  public void close() {
    http.close();
  }

  private JsonNode send(String method, String path, @Nullable JsonNode body)
      throws RefusedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(TIMEOUT)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      JsonNode answer = MAPPER.readTree(response.body());
      if (response.statusCode() >= 400) {
        throw new RefusedException(answer.path("detail").asText(response.body()));
      }
      return answer;
    } catch (IOException e) {
      throw new RefusedException(
          "no session service answers on its admin port at " + base + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException("interrupted");
    }
  }
}
