package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MediaThreadLoadTest {
  private static final long SECOND_NS = 1_000_000_000L;

  private final Thread loop = new Thread(() -> {});
  private final Thread agent = new Thread(() -> {});
  private final Map<Thread, Long> usedNs = new HashMap<>();
  private long nowNs;
  private final MediaThreadLoad load =
      new MediaThreadLoad(
          List.of(loop),
          List.of(agent),
          0.8,
          () -> nowNs,
          thread -> usedNs.getOrDefault(thread, 0L));

  @Test
  void nothingIsBusyBeforeTheFirstLook() {
    assertThat(load.isLoopBusy(0)).isFalse();
    assertThat(load.isAgentBusy(0)).isFalse();
  }

  @Test
  void shareIsOfTheTimeSinceTheLastLook() {
    pass(2 * SECOND_NS, SECOND_NS, SECOND_NS / 2);
    assertThat(load.loopShare(0)).isCloseTo(0.5, within(1e-9));
    assertThat(load.agentShare(0)).isCloseTo(0.25, within(1e-9));

    pass(SECOND_NS, SECOND_NS / 10, SECOND_NS);
    assertThat(load.loopShare(0)).isCloseTo(0.1, within(1e-9));
    assertThat(load.agentShare(0)).isEqualTo(1);
  }

  @Test
  void aThreadIsBusyFromTheLimitOn() {
    pass(SECOND_NS, SECOND_NS * 79 / 100, SECOND_NS * 80 / 100);

    assertThat(load.isLoopBusy(0)).isFalse();
    assertThat(load.isAgentBusy(0)).isTrue();
  }

  private void pass(long elapsedNs, long byLoopNs, long byAgentNs) {
    nowNs += elapsedNs;
    usedNs.merge(loop, byLoopNs, Long::sum);
    usedNs.merge(agent, byAgentNs, Long::sum);
    load.look();
  }
}
