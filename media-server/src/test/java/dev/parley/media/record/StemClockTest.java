package dev.parley.media.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class StemClockTest {
  private static final int FRAME = 960;
  private static final int PACKETS = 30_000;

  private final StemClock clock = new StemClock();

  @Test
  void jitterDoesNotShow() {
    Random random = new Random(3);
    int first = Integer.MAX_VALUE - 10 * FRAME;
    for (int i = 0; i < PACKETS; i++) {
      // The first waits as little as any.
      long late = i == 0 ? 0 : random.nextInt(4_000);
      long position = clock.position(1, first + i * FRAME, 5_000 + (long) i * FRAME + late);
      assertThat(position).isEqualTo(5_000 + (long) i * FRAME);
    }
  }

  @Test
  void aSendersClockThatRunsFasterIsFollowedByWholePackets() {
    assertThat(follow(1.0001)).isEqualTo(2);
  }

  @Test
  void oneThatRunsSlowerToo() {
    assertThat(follow(0.9999)).isEqualTo(2);
  }

  /** Ten minutes of a sender's clock; returns how often its packets were moved. */
  private int follow(double rate) {
    int moves = 0;
    long before = -FRAME;
    for (int i = 0; i < PACKETS; i++) {
      long arrival = (long) (i * FRAME / rate);
      long position = clock.position(1, i * FRAME, arrival);
      long step = position - before;
      assertThat(step).isIn(0L, (long) FRAME, 2L * FRAME);
      moves += step == FRAME ? 0 : 1;
      assertThat(Math.abs(position - arrival)).isLessThan(2 * FRAME);
      before = position;
    }
    return moves;
  }

  @Test
  void aClockThatIsSetAnewBeginsWhereItsPacketCame() {
    assertThat(clock.position(1, 0, 7_000)).isEqualTo(7_000);
    assertThat(clock.position(1, 90_000_000, 8_000)).isEqualTo(8_000);
    assertThat(clock.position(2, 90_000_960, 8_100)).isEqualTo(8_100);
  }
}
