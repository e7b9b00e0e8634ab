package dev.parley.common.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.common.metrics.Metrics;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminServerIT {
  private final AtomicReference<@Nullable String> reason = new AtomicReference<>("no link yet");
  private final AtomicInteger drains = new AtomicInteger();
  private final Metrics metrics = new Metrics();
  private final AdminServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  AdminServerIT() throws IOException {
    server =
        new AdminServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            metrics,
            List.of(
                new ReadinessCheck("media", () -> null),
                new ReadinessCheck("control-link", reason::get)),
            drains::incrementAndGet);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
    metrics.close();
  }

  private HttpResponse<String> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void liveIsAlwaysOk() throws Exception {
    assertThat(send("GET", "/live").statusCode()).isEqualTo(200);
  }

  @Test
  void readyNamesWhatIsMissing() throws Exception {
    HttpResponse<String> before = send("GET", "/ready");
    reason.set(null);
    HttpResponse<String> after = send("GET", "/ready");

    assertThat(before.statusCode()).isEqualTo(503);
    assertThat(before.body())
        .isEqualTo(
            "{\"ready\":false,\"checks\":{\"media\":\"ok\",\"control-link\":\"no link yet\"}}\n");
    assertThat(after.statusCode()).isEqualTo(200);
    assertThat(after.body()).contains("\"ready\":true");
  }

  @Test
  void metricsArePrometheusText() throws Exception {
    metrics.fact("parley.codec", "Codec.", "name", "libopus");

    HttpResponse<String> response = send("GET", "/metrics");

    assertThat(response.headers().firstValue("content-type")).hasValue(Metrics.CONTENT_TYPE);
    assertThat(response.body()).contains("parley_codec{name=\"libopus\"} 1.0");
  }

  @Test
  void drainIsAPostAndNotFromAWebPage() throws Exception {
    HttpResponse<String> get = send("GET", "/drain");
    HttpResponse<String> fromPage = send("POST", "/drain", "Origin", "http://evil.example");
    assertThat(drains).hasValue(0);
    HttpResponse<String> post = send("POST", "/drain");

    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("allow")).hasValue("POST");
    assertThat(fromPage.statusCode()).isEqualTo(403);
    assertThat(post.statusCode()).isEqualTo(202);
    assertThat(drains).hasValue(1);
  }

  @Test
  void partIsForThePagesOfThisPortAndNoOthers() throws Exception {
    server.mount(
        "/admin/", request -> new AdminPart.Answer(200, "text/plain", Map.of(), request.path()));
    String own = "http://127.0.0.1:" + server.address().getPort();

    assertThat(send("POST", "/admin/x").body()).isEqualTo("/admin/x");
    assertThat(send("POST", "/admin/x", "Origin", own).statusCode()).isEqualTo(200);
    for (String foreign :
        List.of("http://127.0.0.1:1", "http://localhost", "https" + own.substring(4), "null")) {
      assertThat(send("POST", "/admin/x", "Origin", foreign).statusCode())
          .as(foreign)
          .isEqualTo(403);
    }
  }

  @Test
  void otherPathsAreNotHere() throws Exception {
    assertThat(send("GET", "/").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/live/x").statusCode()).isEqualTo(404);
  }

  @Test
  void takenPortIsNamed() {
    assertThatThrownBy(
            () -> new AdminServer(server.address(), metrics, List.of(), drains::incrementAndGet))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("admin address 127.0.0.1 port " + server.address().getPort());
  }
}
