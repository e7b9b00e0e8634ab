package dev.parley.session.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's files and what protects them. */
final class WebPageIT {
  @TempDir Path folder;

  @Test
  void pageIsServedAndNothingElse() throws IOException {
    try (RunningService service = new RunningService(folder)) {
      ApiClient client = service.client();

      ApiClient.Reply page = client.sendUnchecked("GET", "/", null, null, null).expect(200);
      assertThat(page.header("Content-Type")).startsWith("text/html");
      assertThat(page.header("Content-Security-Policy")).contains("frame-ancestors 'none'");
      assertThat(page.header("Permissions-Policy")).contains("microphone=(self)");
      ApiClient.Reply module =
          client.sendUnchecked("GET", "/client/parley-client.js", null, null, null).expect(200);
      assertThat(module.header("Content-Type")).contains("javascript");
      client
          .sendUnchecked("GET", "/", null, null, null, "If-None-Match", page.header("ETag"))
          .expect(304);
      for (String path :
          new String[] {
            "/openapi.yaml", "/logback.xml", "/dev/parley/session/SessionService.class", "/web/"
          }) {
        client.sendUnchecked("GET", path, null, null, null).expect(404);
      }
      for (String path :
          new String[] {
            "/../openapi.yaml",
            "/%2e%2e/openapi.yaml",
            "/..%2fopenapi.yaml",
            "/client/..;/../../openapi.yaml",
            "/v1/open-rooms/a%2fb",
            "/%00"
          }) {
        String answer = raw(service.httpPort(), path);
        assertThat(answer).as("%s", path).matches("(?s)HTTP/1.1 40[04] .*");
        assertThat(answer).doesNotContain("openapi: 3.1", "Exception", "Jetty");
      }
    }
  }

  private static String raw(int port, String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
