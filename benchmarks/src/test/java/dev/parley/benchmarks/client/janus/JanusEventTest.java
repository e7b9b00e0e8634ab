package dev.parley.benchmarks.client.janus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Messages as Janus 1.1.2 sends them. */
class JanusEventTest {
  @Test
  void wordsAndDescriptionAreFound() throws Exception {
    JanusEvent event =
        read(
            """
            {"janus": "event", "transaction": "b", "sender": 2018713982844229,
             "plugindata": {"plugin": "janus.plugin.audiobridge", "data": {"audiobridge": "joined", "room": 1}},
             "jsep": {"type": "answer", "sdp": "v=0"}}
            """);

    assertThat(event.words().path("room").asInt()).isEqualTo(1);
    assertThat(event.sdp()).isEqualTo("v=0");
  }

  @Test
  void descriptionMayBeAbsent() throws Exception {
    assertThat(read("{\"janus\": \"ack\"}").sdp()).isEmpty();
  }

  @Test
  void errorOfThePluginIsOne() {
    String refused =
        """
        {"janus": "success", "plugindata": {"plugin": "janus.plugin.streaming",
         "data": {"streaming": "event", "error_code": 455, "error": "No such mountpoint/stream 1"}}}
        """;

    assertThatThrownBy(() -> read(refused))
        .isInstanceOf(IOException.class)
        .hasMessage("janus.plugin.streaming: 455 No such mountpoint/stream 1");
  }

  @Test
  void errorOfJanusIsOne() {
    String refused =
        """
        {"janus": "error", "error": {"code": 458, "reason": "No such session 1"}}
        """;

    assertThatThrownBy(() -> read(refused))
        .isInstanceOf(IOException.class)
        .hasMessage("Janus: 458 No such session 1");
  }

  private static JanusEvent read(String message) throws IOException {
    return JanusEvent.of(new ObjectMapper().readTree(message));
  }
}
