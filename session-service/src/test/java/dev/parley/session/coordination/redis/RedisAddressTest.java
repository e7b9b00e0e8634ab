package dev.parley.session.coordination.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.Test;

final class RedisAddressTest {
  @Test
  void oneServer() {
    RedisAddress address = RedisAddress.parse("rediss://ana:secret@r.example:6380/2");

    RedisURI uri = address.nodes().getFirst();
    assertThat(address.isCluster()).isFalse();
    assertThat(uri.getHost()).isEqualTo("r.example");
    assertThat(uri.getPort()).isEqualTo(6380);
    assertThat(uri.getDatabase()).isEqualTo(2);
    assertThat(uri.isSsl()).isTrue();
    assertThat(address.toString()).doesNotContain("secret");
  }

  @Test
  void sentinelsAndTheNameOfWhatTheyWatch() {
    RedisURI uri =
        RedisAddress.parse("redis-sentinel://a.example:26379,b.example:26380#parley")
            .nodes()
            .getFirst();

    assertThat(uri.getSentinelMasterId()).isEqualTo("parley");
    assertThat(uri.getSentinels()).extracting(RedisURI::getPort).containsExactly(26379, 26380);
  }

  @Test
  void nodesOfACluster() {
    RedisAddress address =
        RedisAddress.parse("rediss-cluster://:secret@a.example:7000,b.example:7001");

    assertThat(address.isCluster()).isTrue();
    assertThat(address.nodes()).extracting(RedisURI::getPort).containsExactly(7000, 7001);
    assertThat(address.nodes()).allMatch(RedisURI::isSsl);
    assertThat(address.toString()).doesNotContain("secret");
  }

  @Test
  void anythingElseIsRefusedWithoutShowingIt() {
    for (String text :
        new String[] {
          "r.example", "http://r.example", "redis://", "redis://:se cret@x", "redis:"
        }) {
      assertThatThrownBy(() -> RedisAddress.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("cret");
    }
  }
}
