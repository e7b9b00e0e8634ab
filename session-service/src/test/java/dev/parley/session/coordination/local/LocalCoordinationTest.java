package dev.parley.session.coordination.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.access.Quota;
import dev.parley.session.access.RateWindows.Decision;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class LocalCoordinationTest {
  private static final long SECOND_NS = 1_000_000_000L;

  private long nowNs = 5;
  private final LocalCoordination coordination = new LocalCoordination(() -> nowNs);

  /** Compared with a plain list of the times at which requests were let through. */
  @Property(tries = 200)
  void noWindowEverHoldsMoreThanTheQuota(
      @ForAll @Size(max = 80) List<@IntRange(max = 700) Integer> pausesMs) {
    LocalCoordination windows = new LocalCoordination(() -> nowNs);
    Quota quota = new Quota("op", 3, Duration.ofSeconds(1));
    Deque<Long> taken = new ArrayDeque<>();
    for (int pauseMs : pausesMs) {
      nowNs += pauseMs * 1_000_000L;
      while (!taken.isEmpty() && nowNs - taken.getFirst() >= SECOND_NS) {
        taken.removeFirst();
      }

      Decision decision = windows.take("t", quota);

      assertThat(decision.isAllowed()).isEqualTo(taken.size() < 3);
      if (decision.isAllowed()) {
        taken.addLast(nowNs);
      }
      assertThat(decision.remaining()).isEqualTo(3 - taken.size());
      long waitNs = taken.size() < 3 ? 0 : taken.getFirst() + SECOND_NS - nowNs;
      assertThat(decision.resetSec()).isEqualTo((int) Math.ceilDiv(waitNs, SECOND_NS));
    }
  }

  @Test
  void subjectsAndOperationsDoNotShareAWindow() {
    Quota one = new Quota("one", 1, Duration.ofSeconds(1));
    Quota two = new Quota("two", 1, Duration.ofSeconds(1));

    assertThat(coordination.take("a", one).isAllowed()).isTrue();
    assertThat(coordination.take("a", one).isAllowed()).isFalse();
    assertThat(coordination.take("a", two).isAllowed()).isTrue();
    assertThat(coordination.take("b", one).isAllowed()).isTrue();
  }

  @Test
  void usedIdIsRememberedAsLongAsAsked() {
    assertThat(coordination.isFirstUse("x", Duration.ofSeconds(30))).isTrue();
    nowNs += 30 * SECOND_NS - 1;
    assertThat(coordination.isFirstUse("x", Duration.ofSeconds(30))).isFalse();
    nowNs += 1;
    assertThat(coordination.isFirstUse("x", Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void whatHasRunOutIsForgotten() {
    Quota quota = new Quota("op", 1, Duration.ofSeconds(1));
    for (int i = 0; i < 200_000; i++) {
      nowNs += 10_000_000;
      coordination.take("s" + i, quota);
      coordination.isFirstUse("u" + i, Duration.ofSeconds(1));
    }

    assertThat(coordination.size()).isLessThan(3000);
  }
}
