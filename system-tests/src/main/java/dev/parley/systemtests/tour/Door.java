package dev.parley.systemtests.tour;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.testsupport.OpenApiContract;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One address at which the API is asked; every answer is held to openapi.yaml, and to what the
 * story says. One thread.
 */
final class Door implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final String name;
  private final URI base;
  private final OpenApiContract contract;
  private final TourLog log;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Door(String name, URI base, OpenApiContract contract, TourLog log) {
    this.name = name;
    this.base = base;
    this.contract = contract;
    this.log = log;
  }

  String name() {
    return name;
  }

  URI base() {
    return base;
  }

  HttpClient http() {
    return http;
  }

  Ask get(String path) {
    return new Ask("GET", path);
  }

  Ask post(String path) {
    return new Ask("POST", path);
  }

  Ask patch(String path) {
    return new Ask("PATCH", path);
  }

  Ask put(String path) {
    return new Ask("PUT", path);
  }

  Ask delete(String path) {
    return new Ask("DELETE", path);
  }

  Ask options(String path) {
    return new Ask("OPTIONS", path);
  }

  Ask head(String path) {
    return new Ask("HEAD", path);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  /** An answer. */
  record Answer(String step, int status, HttpHeaders headers, String body) {
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        throw new TourException(step + ": not JSON: " + body, e);
      }
    }

    /** A field by its JSON pointer, as text. */
    String text(String pointer) {
      JsonNode value = json().at(pointer);
      if (value.isMissingNode()) {
        throw new TourException(step + ": no " + pointer + " in " + body);
      }
      return value.asText();
    }

    String header(String field) {
      return headers
          .firstValue(field)
          .orElseThrow(() -> new TourException(step + ": no header " + field));
    }

    /** Fails unless a field is so. */
    Answer with(String pointer, String expected) {
      if (!text(pointer).equals(expected)) {
        throw new TourException(step + ": " + pointer + " is not " + expected + " in " + body);
      }
      return this;
    }
  }

  /** A request that is being put together. */
  final class Ask {
    private final String method;
    private final String path;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable String body;

    private Ask(String method, String path) {
      this.method = method;
      this.path = path;
    }

    Ask as(String credential) {
      return header("Authorization", "Bearer " + credential);
    }

    Ask json(String text) {
      return body("application/json", text);
    }

    Ask body(String type, String text) {
      body = text;
      return header("Content-Type", type);
    }

    Ask header(String field, String value) {
      headers.put(field, value);
      return this;
    }

    /** The same request means the same thing (docs/api.md). */
    Ask once(String key) {
      return header("Idempotency-Key", key);
    }

    /** Sends it; the answer must have this status, and be as documented. */
    Answer expect(int status, String shows) {
      Sent sent = send();
      Answer answer = sent.answer();
      if (answer.status() != status) {
        throw new TourException(
            "%s should be %d and is %d: %s"
                .formatted(answer.step(), status, answer.status(), answer.body()));
      }
      log.asked(name, method, path, status, sent.tookNs(), shows);
      return answer;
    }

    /** A refusal, which must be the problem of this code (RFC 9457). */
    Answer expect(int status, String code, String shows) {
      return expect(status, code + ": " + shows).with("/code", code);
    }

    /** Sends it and tells nothing. */
    Answer quietly() {
      return send().answer();
    }

    /** Opens a stream of server-sent events, which is there when this returns. */
    Stream<String> stream(String shows) {
      header("Accept", "text/event-stream");
      long startNs = System.nanoTime();
      HttpResponse<Stream<String>> response = answered(HttpResponse.BodyHandlers.ofLines());
      long tookNs = System.nanoTime() - startNs;
      judge(response, "");
      log.asked(name, method, path, response.statusCode(), tookNs, shows);
      return response.body();
    }

    private Sent send() {
      long startNs = System.nanoTime();
      HttpResponse<String> response = answered(HttpResponse.BodyHandlers.ofString());
      long tookNs = System.nanoTime() - startNs;
      judge(response, response.body());
      return new Sent(
          new Answer(step(), response.statusCode(), response.headers(), response.body()), tookNs);
    }

    private String step() {
      return method + " " + path + " at " + name;
    }

    private void judge(HttpResponse<?> response, String text) {
      try {
        contract.check(method, path, response.statusCode(), response.headers(), text);
      } catch (AssertionError e) {
        throw new TourException(step() + ": not as openapi.yaml has it: " + e.getMessage(), e);
      }
    }

    private <T> HttpResponse<T> answered(HttpResponse.BodyHandler<T> bodies) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(base.resolve(path))
              .timeout(TIMEOUT)
              .method(
                  method,
                  body == null
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(body));
      headers.forEach(request::header);
      try {
        return http.send(request.build(), bodies);
      } catch (IOException e) {
        throw new TourException(step() + ": no answer", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TourException("interrupted", e);
      }
    }
  }

  /** An answer that has not been told yet. */
  private record Sent(Answer answer, long tookNs) {}
}
