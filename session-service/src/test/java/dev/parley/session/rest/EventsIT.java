package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens over REST and on the control link, as a client sees it on the events socket. */
final class EventsIT {
  @TempDir Path folder;

  @Test
  void framesAreNotCompressedThoughBrowsersAskForIt() throws Exception {
    String path = "/v1/conferences/cf_1/events?ticket=none";
    String request =
        """
        GET %s HTTP/1.1
        Host: 127.0.0.1
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits

        """
            .formatted(path)
            .replace("\n", "\r\n");
    try (RunningService service = new RunningService(folder);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.httpPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));

      assertThat(answer.readLine()).contains(" 101 ");
      Map<String, List<String>> fields = new HashMap<>();
      for (String line = answer.readLine(); !line.isEmpty(); line = answer.readLine()) {
        int colon = line.indexOf(':');
        fields.put(line.substring(0, colon), List.of(line.substring(colon + 1).strip()));
      }
      HttpHeaders headers = HttpHeaders.of(fields, (_, _) -> true);
      assertThat(headers.firstValue("Sec-WebSocket-Extensions")).isEmpty();
      service.contract().check("GET", path, 101, headers, "");
    }
  }

  @Test
  void stayIsToldFromJoiningToTheEnd() throws Exception {
    try (RunningService service = new RunningService(folder);
        ScriptedMediaServer media = ScriptedMediaServer.dial(service.linkPort(), "ms-1")) {
      String conference = service.conference("{}");
      String path = "/v1/conferences/" + conference;
      String ana = service.tokenFor(conference, "ana");
      JsonNode joined =
          service
              .client()
              .post(path + "/participants", ana, "{\"name\":\"Ana\",\"sdp\":\"v=0\"}")
              .expect(201)
              .json();
      String id = joined.path("id").asText();
      String ticket = joined.path("media").path("ticket").asText();
      Events events = new Events(service.httpPort(), path, ticket);
      JsonNode welcome = events.next();
      assertThat(welcome.path("type").asText()).isEqualTo("welcome");
      assertThat(welcome.path("snapshot").path("participants").path(0).path("id").asText())
          .isEqualTo(id);

      media.report(
          new StateEvent.ParticipantConnected(
              new ConferenceId(conference), 1, new ParticipantId(id)));
      service.client().patch(path + "/participants/" + id, ana, "{\"muted\":true}").expect(200);
      media.repeat(
          1,
          new StateEvent.ParticipantConnected(
              new ConferenceId(conference), 1, new ParticipantId(id)));
      media.report(new StateEvent.EncodersChanged(new ConferenceId(conference), 1, 3, 5));
      media.repeat(2, new StateEvent.EncodersChanged(new ConferenceId(conference), 1, 3, 5));
      media.report(new StateEvent.EncodersChanged(new ConferenceId(conference), 1, 5, 5));
      service.client().delete(path, service.key()).expect(200);

      JsonNode first = events.next();
      assertThat(first.path("type").asText()).isEqualTo("participant.joined");
      assertThat(first.path("data").path("name").asText()).isEqualTo("Ana");
      JsonNode second = events.next();
      assertThat(second.path("type").asText()).isEqualTo("participant.updated");
      assertThat(second.path("data").path("muted").asBoolean()).isTrue();
      for (int complexity : new int[] {3, 5}) {
        JsonNode encoders = events.next();
        assertThat(encoders.path("type").asText()).isEqualTo("conference.encoders");
        assertThat(encoders.path("seq").asLong()).isPositive();
        assertThat(encoders.path("data").path("complexity").asInt()).isEqualTo(complexity);
        assertThat(encoders.path("data").path("complexityMax").asInt()).isEqualTo(5);
      }
      JsonNode third = events.next();
      assertThat(third.path("type").asText()).isEqualTo("participant.left");
      assertThat(third.path("data").path("reason").asText()).isEqualTo("ended");
      JsonNode last = events.next();
      assertThat(last.path("type").asText()).isEqualTo("conference.ended");
      assertThat(last.path("data").path("reason").asText()).isEqualTo("api");
      assertThat(events.closeCode()).isEqualTo(1000);
      assertThat(new Events(service.httpPort(), path, ticket).closeCode())
          .as("a ticket opens one socket")
          .isEqualTo(4401);
    }
  }

  /** An events socket. */
  private static final class Events implements WebSocket.Listener {
    private static final long WAIT_SECONDS = 10;

    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
    private final StringBuilder frame = new StringBuilder();

    Events(int port, String path, String ticket) {
      // Not awaited: a socket that is refused may be closed before the hello is out.
      var _ =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(
                  URI.create("ws://127.0.0.1:" + port + path + "/events?ticket=" + ticket), this)
              .join()
              .sendText("{\"type\":\"hello\"}", true);
    }

    JsonNode next() throws InterruptedException {
      JsonNode next = frames.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no event came");
      }
      return next;
    }

    int closeCode() throws InterruptedException {
      Integer code = closes.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      return code == null ? -1 : code;
    }

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket socket, CharSequence data, boolean isLast) {
      frame.append(data);
      if (isLast) {
        try {
          frames.add(new JsonMapper().readTree(frame.toString()));
        } catch (Exception e) {
          throw new AssertionError("not JSON: " + frame, e);
        }
        frame.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closes.add(code);
      return null;
    }
  }
}
