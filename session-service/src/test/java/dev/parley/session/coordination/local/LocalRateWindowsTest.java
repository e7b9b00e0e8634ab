package dev.parley.session.coordination.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.access.Quota;
import dev.parley.session.coordination.RateWindowsContract;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LocalRateWindowsTest extends RateWindowsContract {
  private long nowNs = 5_000;
  private final LocalRateWindows windows = new LocalRateWindows(() -> nowNs);

  @Override
  protected Timed take(String subject, Quota quota) {
    return new Timed(windows.take(subject, quota), nowNs / 1000);
  }

  @Override
  protected void pause(Duration duration) {
    nowNs += duration.toNanos();
  }

  @Test
  void windowsThatHaveRunOutAreForgotten() {
    Quota quota = new Quota("op", 1, Duration.ofSeconds(1));
    for (int i = 0; i < 200_000; i++) {
      nowNs += 10_000_000;
      windows.take("s" + i, quota);
    }

    assertThat(windows.size()).isLessThan(3000);
  }
}
