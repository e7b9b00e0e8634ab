package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The receiver of docs/api.md, in Node with the npm package {@code standardwebhooks}: somebody
 * else's code finds our messages good, and others not.
 */
@Timeout(60)
final class WebhookReceiverIT {
  private static final Path FOLDER =
      Path.of("../system-tests/browser").toAbsolutePath().normalize();

  @TempDir Path folder;

  @BeforeAll
  static void nodeModulesAreInstalled() {
    assertThat(FOLDER.resolve("node_modules/standardwebhooks"))
        .as("./parley test installs it; by hand: npm ci --prefix system-tests/browser")
        .isDirectory();
  }

  @Test
  void documentationShowsThisReceiver() throws IOException {
    assertThat(Files.readString(Path.of("../docs/api.md")))
        .contains(Files.readString(FOLDER.resolve("webhook-receiver.mjs")));
  }

  @Test
  void receiverOfTheDocumentationTakesOurMessagesAndNoOthers() throws Exception {
    try (RunningService service = new RunningService(folder, "--webhooks-anywhere=true")) {
      // The receiver refuses what is older than five minutes, by its own clock.
      service.clock().advance(Duration.between(service.clock().instant(), Instant.now()));
      ApiClient client = service.client();
      ApiClient.Reply endpoint =
          client
              .post("/v1/webhook-endpoints", service.key(), "{\"url\":\"http://127.0.0.1:9/\"}")
              .expect(201);
      Process receiver = receiver(endpoint.text("secret"));
      try (BufferedReader said = receiver.inputReader(StandardCharsets.UTF_8)) {
        String listening = said.readLine();
        assertThat(listening).startsWith("listening ");
        String url = "http://127.0.0.1:" + listening.substring("listening ".length()) + "/hooks";
        client
            .patch(endpoint.header("Location"), service.key(), "{\"url\":\"" + url + "\"}")
            .expect(200);
        client.post(endpoint.header("Location") + "/secret", service.key(), "").expect(200);

        String conference = service.conference("{\"alias\":\"Réunion\"}");
        client.delete("/v1/conferences/" + conference, service.key()).expect(200);

        assertThat(said.readLine()).isEqualTo(conference + " 1 conference.created");
        assertThat(said.readLine()).isEqualTo(conference + " 2 conference.ended");
        assertThat(forge(url)).isEqualTo(401);
      } finally {
        receiver.destroy();
      }
    }
  }

  private static Process receiver(String secret) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("node", "webhook-receiver.mjs")
            .directory(FOLDER.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("WEBHOOK_SECRET", secret);
    return builder.start();
  }

  private static int forge(String url) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("webhook-id", "cf_x_1")
            .header("webhook-timestamp", Long.toString(Instant.now().getEpochSecond()))
            .header("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
            .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"conference.ended\"}"))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }
}
