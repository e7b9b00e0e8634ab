package dev.parley.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.benchmarks.client.ImpairedNetwork.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ImpairedPathTest {
  private static final int PACKETS = 10_000;
  private static final long PACKET_NS = TimeUnit.MILLISECONDS.toNanos(20);

  @Test
  void sameSeedLosesTheSamePackets() {
    List<Long> once = fates(new ImpairedNetwork(5, 10, 1, 7), 3, Direction.OUT);

    assertThat(fates(new ImpairedNetwork(5, 10, 1, 7), 3, Direction.OUT)).isEqualTo(once);
    assertThat(fates(new ImpairedNetwork(5, 10, 1, 8), 3, Direction.OUT)).isNotEqualTo(once);
    assertThat(fates(new ImpairedNetwork(5, 10, 1, 7), 4, Direction.OUT)).isNotEqualTo(once);
    assertThat(fates(new ImpairedNetwork(5, 10, 1, 7), 3, Direction.IN)).isNotEqualTo(once);
  }

  @Test
  void controlPacketsDoNotChangeWhatBefallsMedia() {
    ImpairedPath path = new ImpairedNetwork(5, 0, 0, 7).path(3, Direction.OUT);
    List<Long> fates = new ArrayList<>();
    for (int i = 0; i < PACKETS; i++) {
      path.releaseNs(true, i * PACKET_NS);
      fates.add(path.releaseNs(false, i * PACKET_NS));
    }

    assertThat(fates).isEqualTo(fates(new ImpairedNetwork(5, 0, 0, 7), 3, Direction.OUT));
  }

  @Test
  void losesTheShareThatIsAskedFor() {
    long lost =
        fates(new ImpairedNetwork(5, 0, 0, 1), 0, Direction.IN).stream()
            .filter(fate -> fate == ImpairedPath.LOST)
            .count();

    // Five standard deviations of a binomial distribution.
    assertThat(lost).isBetween(500L - 109, 500L + 109);
  }

  @Test
  void jitterDelaysButKeepsTheOrder() {
    List<Long> releases = fates(new ImpairedNetwork(0, 50, 0, 1), 0, Direction.IN);

    assertThat(releases).isSorted();
    for (int i = 0; i < PACKETS; i++) {
      assertThat(releases.get(i) - i * PACKET_NS).isBetween(0L, TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  @Test
  void aReorderedPacketIsOvertakenByTheNext() {
    List<Long> releases = fates(new ImpairedNetwork(0, 0, 10, 1), 0, Direction.IN);
    int overtaken = 0;
    for (int i = 0; i + 1 < PACKETS; i++) {
      boolean isHeld = releases.get(i) > i * PACKET_NS;
      boolean isNextHeld = releases.get(i + 1) > (i + 1) * PACKET_NS;
      if (isHeld && !isNextHeld) {
        assertThat(releases.get(i)).isGreaterThan(releases.get(i + 1));
        overtaken++;
      }
    }

    assertThat(overtaken).isBetween(700, 1_100);
  }

  @Test
  void heldPacketsComeOutWhenTheyAreDue() {
    ImpairedPath path = new ImpairedNetwork(0, 0, 0, 1).path(0, Direction.IN);
    byte[] datagram = {9, 1, 2, 9};
    path.hold(datagram, 1, 2, false, 5, 200);
    path.hold(datagram, 1, 1, true, -1, 100);

    assertThat(path.dueNs(0)).isEqualTo(100);
    assertThat(path.heldBefore(6)).isEqualTo(1);
    assertThat(path.heldBefore(5)).isZero();
    assertThat(path.isDue(99)).isFalse();
    assertThat(path.isDue(100)).isTrue();
    assertThat(path.take().bytes()).containsExactly(1);
    assertThat(path.take().bytes()).containsExactly(1, 2);
    assertThat(path.isDue(1_000)).isFalse();
  }

  @Test
  void whatIsNoNetworkIsRefused() {
    assertThatThrownBy(() -> new ImpairedNetwork(101, 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ImpairedNetwork(0, -1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ImpairedNetwork(0, 0, Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Long> fates(ImpairedNetwork network, int client, Direction direction) {
    ImpairedPath path = network.path(client, direction);
    List<Long> fates = new ArrayList<>();
    for (int i = 0; i < PACKETS; i++) {
      fates.add(path.releaseNs(false, i * PACKET_NS));
    }
    return fates;
  }
}
