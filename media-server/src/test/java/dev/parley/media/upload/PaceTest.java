package dev.parley.media.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private long nowNs = 5_000_000_000L;
  private final Pace pace = new Pace(1_000_000, () -> nowNs);

  @Test
  void aLineOfSendersKeepsTheRate() {
    long sent = 0;
    for (int i = 0; i < 1000; i++) {
      nowNs += pace.reserve(16_384);
      sent += 16_384;
    }

    double seconds = (nowNs - 5_000_000_000L) / 1e9;
    assertThat(sent / seconds).isBetween(1_000_000.0, 1_025_000.0);
  }

  @Test
  void aPauseIsNoCredit() {
    assertThat(pace.reserve(1_000_000)).isZero();
    nowNs += TimeUnit.HOURS.toNanos(1);

    assertThat(pace.reserve(100_000)).isZero();
    // Fifty milliseconds are: 50 kB of the 100 kB.
    assertThat(pace.reserve(1)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
  }

  @Test
  void sendersWaitForEachOther() {
    assertThat(pace.reserve(500_000)).isZero();
    assertThat(pace.reserve(500_000)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(500));
    assertThat(pace.reserve(1)).isEqualTo(TimeUnit.SECONDS.toNanos(1));
  }
}
