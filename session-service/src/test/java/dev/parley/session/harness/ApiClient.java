package dev.parley.session.harness;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.jspecify.annotations.Nullable;

/** Sends requests to a service and holds every answer to the contract. */
public final class ApiClient {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final OpenApiContract contract;

  ApiClient(int port, OpenApiContract contract) {
    this.base = "http://127.0.0.1:" + port;
    this.contract = contract;
  }

  /** An answer. */
  public record Reply(int status, HttpHeaders headers, String body) {
    /** Reads the body. */
    public JsonNode json() {
      try {
        return MAPPER.readTree(body);
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + body, e);
      }
    }

    public String text(String field) {
      return json().path(field).asText();
    }

    /** Returns the header, which must be there. */
    public String header(String name) {
      return headers.firstValue(name).orElseThrow(() -> new AssertionError("no header " + name));
    }

    /** Fails unless the status is this one. */
    public Reply expect(int expected) {
      assertThat(status).as("%s", body).isEqualTo(expected);
      return this;
    }

    /** Fails unless this is the problem. */
    public Reply expect(int expected, String code) {
      expect(expected);
      assertThat(text("code")).as("%s", body).isEqualTo(code);
      return this;
    }
  }

  public Reply get(String path, @Nullable String credential, String... headers) {
    return send("GET", path, credential, null, null, headers);
  }

  public Reply delete(String path, @Nullable String credential, String... headers) {
    return send("DELETE", path, credential, null, null, headers);
  }

  public Reply post(String path, @Nullable String credential, String json, String... headers) {
    return send("POST", path, credential, "application/json", json, headers);
  }

  public Reply patch(String path, @Nullable String credential, String json, String... headers) {
    return send("PATCH", path, credential, "application/json", json, headers);
  }

  public Reply postSdp(String path, @Nullable String credential, String sdp) {
    return send("POST", path, credential, "application/sdp", sdp);
  }

  /** Sends any request; the answer must be in the contract. */
  public Reply send(
      String method,
      String path,
      @Nullable String credential,
      @Nullable String contentType,
      @Nullable String body,
      String... headers) {
    Reply reply = sendUnchecked(method, path, credential, contentType, body, headers);
    contract.check(method, path, reply.status(), reply.headers(), reply.body());
    return reply;
  }

  /** Sends a request that the contract does not describe. */
  public Reply sendUnchecked(
      String method,
      String path,
      @Nullable String credential,
      @Nullable String contentType,
      @Nullable String body,
      String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (credential != null) {
      request.header("Authorization", "Bearer " + credential);
    }
    if (contentType != null) {
      request.header("Content-Type", contentType);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new AssertionError("no answer to " + method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
