package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.common.id.Region;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IceServersTest {
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1000), ZoneOffset.UTC);

  private final IceServers servers =
      new IceServers(
          List.of(
              IceServer.parse("stun:stun.example.com"),
              IceServer.parse("eu=turn:turn.eu.example.com:3478?transport=tcp"),
              IceServer.parse("na=turns:[2001:db8::1]:443")),
          "secret",
          Duration.ofSeconds(500),
          CLOCK);

  @Test
  void aRegionsServersAreForItsClients() {
    assertThat(urls(new Region("eu")))
        .containsExactly("stun:stun.example.com", "turn:turn.eu.example.com:3478?transport=tcp");
    assertThat(urls(new Region("na")))
        .containsExactly("stun:stun.example.com", "turns:[2001:db8::1]:443");
    assertThat(urls(new Region("asia"))).containsExactly("stun:stun.example.com");
  }

  @Test
  void whoseRegionIsNotKnownYetIsToldOfAll() {
    assertThat(urls(null)).hasSize(3);
  }

  /** As {@code printf 1500:pt_1 | openssl dgst -sha1 -hmac secret -binary | base64} has it. */
  @Test
  void aTurnServersPasswordIsMadeOfTheSecretAndTheName() {
    JsonNode turn = told(new Region("eu")).get(1);

    assertThat(turn.path("username").asText()).isEqualTo("1500:pt_1");
    assertThat(turn.path("credential").asText()).isEqualTo("wTM/OsHerGWf5Crsm+pEHtjq3Pg=");
    assertThat(told(new Region("eu")).get(0).has("username")).isFalse();
  }

  private List<String> urls(@Nullable Region region) {
    return told(region).findValues("urls").stream().map(urls -> urls.get(0).asText()).toList();
  }

  private ArrayNode told(@Nullable Region region) {
    ArrayNode array = Wire.object().putArray("iceServers");
    servers.put(array, region, "pt_1");
    return array;
  }
}
