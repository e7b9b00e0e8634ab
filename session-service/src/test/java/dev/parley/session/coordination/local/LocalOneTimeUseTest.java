package dev.parley.session.coordination.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.access.OneTimeUse;
import dev.parley.session.coordination.OneTimeUseContract;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LocalOneTimeUseTest extends OneTimeUseContract {
  private final AtomicLong nowNs = new AtomicLong(5);
  private final LocalOneTimeUse used = new LocalOneTimeUse(nowNs::get);

  @Override
  protected OneTimeUse used() {
    return used;
  }

  @Override
  protected void pause(Duration duration) {
    nowNs.addAndGet(duration.toNanos());
  }

  @Test
  void idsThatHaveRunOutAreForgotten() {
    for (int i = 0; i < 200_000; i++) {
      pause(Duration.ofMillis(10));
      used.isFirstUse("u" + i, Duration.ofSeconds(1));
    }

    assertThat(used.size()).isLessThan(3000);
  }
}
