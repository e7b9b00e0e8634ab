package dev.parley.media.control;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlLinkSettingsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ws://127.0.0.1:7001/control",
        "ws://127.9.9.9/control",
        "ws://localhost:7001/control",
        "ws://[::1]:7001/control"
      })
  void loopbackMayBePlain(String node) {
    assertThatCode(() -> settings(node)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ws://10.0.0.1:7001/control",
        "ws://127.0.0.1.example.com/control",
        "ws://localhost.example.com/control",
        "ws://[::2]:7001/control",
        "http://127.0.0.1:7001/control",
        "ws://user@127.0.0.1:7001/control",
        "ws:/control",
        "wss://127.0.0.1:7001/control"
      })
  void anythingElseNeedsTls(String node) {
    assertThatThrownBy(() -> settings(node))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(node);
  }

  private static ControlLinkSettings settings(String node) {
    return new ControlLinkSettings(
        new ServerId("ms-1"), "i1", new Region("eu"), "1", 10, List.of(URI.create(node)), null);
  }
}
