package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.config.SettingsException;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rooms without a key, and the description, through the HTTP door. */
final class OpenRoomIT {
  @TempDir Path folder;

  @Test
  void everyoneWhoNamesARoomMeetsThere() {
    try (RunningService service = new RunningService(folder, "--open-rooms=true")) {
      ApiClient client = service.client();

      JsonNode ana =
          client.post("/v1/open-rooms/Lobby", null, "{\"name\":\"Ana\"}").expect(200).json();
      JsonNode ben =
          client
              .post("/v1/open-rooms/lobby", null, "{\"name\":\"Ben\",\"identity\":\"ben-1\"}")
              .expect(200)
              .json();

      String conference = ana.path("conference").path("id").asText();
      assertThat(ben.path("conference").path("id").asText()).isEqualTo(conference);
      assertThat(ben.path("identity").asText()).isEqualTo("ben-1");
      assertThat(ana.path("identity").asText()).startsWith("guest-");
      JsonNode joined =
          client
              .post(
                  "/v1/conferences/" + conference + "/participants",
                  ana.path("token").asText(),
                  "{}")
              .expect(201)
              .json();
      assertThat(joined.path("name").asText()).isEqualTo("Ana");
      client.delete("/v1/conferences/" + conference, ana.path("token").asText()).expect(403);
      client.post("/v1/open-rooms/lobby", null, "{}").expect(422, "invalid");
      client
          .post("/v1/open-rooms/lobby", null, "{\"name\":\"Eve\"}", "Origin", "http://evil.example")
          .expect(403, "origin-refused");
      client
          .post(
              "/v1/open-rooms/lobby",
              null,
              "{\"name\":\"Ana\"}",
              "Origin",
              "http://127.0.0.1:" + service.httpPort())
          .expect(200);
    }
  }

  @Test
  void nameThatWasPointedAtLoopbackIsRefused() throws IOException {
    try (RunningService service = new RunningService(folder, "--open-rooms=true");
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.httpPort());
        BufferedReader answer =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      String request =
          "POST /v1/open-rooms/lobby HTTP/1.1\r\nHost: rebound.example:"
              + service.httpPort()
              + "\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"name\":\"A\"}";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

      assertThat(answer.readLine()).startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void withoutTheSettingThereAreNone() {
    try (RunningService service = new RunningService(folder)) {
      service.client().post("/v1/open-rooms/lobby", null, "{\"name\":\"A\"}").expect(404);
    }
  }

  @Test
  void beyondLoopbackTheSettingNeedsASecondWord() {
    assertThatThrownBy(
            () -> new RunningService(folder, "--open-rooms=true", "--http-address=0.0.0.0"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("open-rooms-anywhere");
  }

  @Test
  void descriptionIsServedInThreeForms() {
    try (RunningService service = new RunningService(folder)) {
      ApiClient client = service.client();

      assertThat(client.get("/v1/openapi.yaml", null).expect(200).body())
          .startsWith("openapi: 3.1");
      assertThat(client.get("/v1/openapi.json", null).expect(200).text("openapi"))
          .isEqualTo("3.1.0");
      String page = client.sendUnchecked("GET", "/docs", null, null, null).expect(200).body();
      assertThat(page).contains("POST", "/v1/conferences/{c}/rtc", "identity-already-joined");
      client.get("/v1/conferences/cf_x/events?ticket=t", null).expect(426, "upgrade-required");
    }
  }
}
