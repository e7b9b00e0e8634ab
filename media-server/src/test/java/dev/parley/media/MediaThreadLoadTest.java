package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MediaThreadLoadTest {
  private static final long SECOND_NS = 1_000_000_000L;

  private final Thread thread = new Thread(() -> {});
  private final Thread other = new Thread(() -> {});
  private final Map<Thread, Long> usedNs = new HashMap<>();
  private long nowNs;
  private final MediaThreadLoad load =
      new MediaThreadLoad(
          List.of(thread, other), 0.8, () -> nowNs, of -> usedNs.getOrDefault(of, 0L));

  @Test
  void everyThreadIsCalmBeforeTheFirstLook() {
    assertThat(load.isBusy(0)).isFalse();
    assertThat(load.isCalm(0)).isTrue();
  }

  @Test
  void shareIsOfTheTimeSinceTheLastLook() {
    pass(2 * SECOND_NS, SECOND_NS, SECOND_NS / 2);
    assertThat(load.share(0)).isCloseTo(0.5, within(1e-9));
    assertThat(load.share(1)).isCloseTo(0.25, within(1e-9));

    pass(SECOND_NS, SECOND_NS / 10, SECOND_NS);
    assertThat(load.share(0)).isCloseTo(0.1, within(1e-9));
    assertThat(load.share(1)).isEqualTo(1);
  }

  @Test
  void aThreadIsBusyFromTheLimitOnAndCalmBelowHalfOfIt() {
    pass(SECOND_NS, SECOND_NS * 79 / 100, SECOND_NS * 80 / 100);
    assertThat(load.isBusy(0)).isFalse();
    assertThat(load.isBusy(1)).isTrue();

    pass(SECOND_NS, SECOND_NS * 39 / 100, SECOND_NS * 41 / 100);
    assertThat(load.isCalm(0)).isTrue();
    assertThat(load.isCalm(1)).isFalse();
  }

  private void pass(long elapsedNs, long byThreadNs, long byOtherNs) {
    nowNs += elapsedNs;
    usedNs.merge(thread, byThreadNs, Long::sum);
    usedNs.merge(other, byOtherNs, Long::sum);
    load.look();
  }
}
