package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DueShardsTest {
  private static final List<Integer> ALL = IntStream.range(0, DueShards.COUNT).boxed().toList();

  private final DueShards shards = new DueShards();
  private Instant now = Instant.parse("2026-11-21T04:00:00Z");

  @Test
  void allAreLookedAtFirstAndThenEachInterval() {
    assertThat(shards.take(now, _ -> true)).isEqualTo(ALL);

    now = now.plus(DueShards.LOOK_INTERVAL).minusMillis(1);
    assertThat(shards.take(now, _ -> true)).isEmpty();
    now = now.plusMillis(1);
    assertThat(shards.take(now, _ -> true)).isEqualTo(ALL);
    assertThat(shards.take(now, _ -> true)).isEmpty();
  }

  @Test
  void aShardIsLookedAtWhenItsWorkIsDueAndNotBefore() {
    shards.take(now, _ -> true);
    Instant dueAt = now.plusMillis(1_200);
    shards.wake(3, dueAt);
    shards.wake(3, dueAt.plusMillis(100));

    now = dueAt.minusMillis(1);
    assertThat(shards.take(now, _ -> true)).isEmpty();
    now = dueAt.plus(DueShards.GRAIN);
    assertThat(shards.take(now, _ -> true)).as("both at once").containsExactly(3);
    assertThat(shards.take(now, _ -> true)).isEmpty();
  }

  @Test
  void aNodeLooksAtWhatItWroteThoughTheShardIsAnothers() {
    assertThat(shards.take(now, _ -> false)).isEmpty();
    shards.wake(5, now);

    now = now.plus(DueShards.GRAIN);
    assertThat(shards.take(now, _ -> false)).containsExactly(5);
    now = now.plus(DueShards.LOOK_INTERVAL);
    assertThat(shards.take(now, shard -> shard == 7)).containsExactly(7);
  }

  @Test
  void whatBrokeOffIsLookedAtInTheNextRound() {
    shards.take(now, _ -> true);

    shards.again(2);

    assertThat(shards.take(now, _ -> true)).containsExactly(2);
    assertThat(shards.take(now, _ -> true)).isEmpty();
  }

  @Test
  void howeverMuchIsDueLittleIsRemembered() {
    shards.take(now, _ -> true);
    for (int i = 0; i < 100_000; i++) {
      shards.wake(0, now.plus(DueShards.GRAIN.multipliedBy(i)));
    }

    List<Integer> looks = new ArrayList<>();
    Instant far = now.plus(DueShards.GRAIN.multipliedBy(50_000));
    looks.addAll(shards.take(far, _ -> false));
    assertThat(looks).containsExactly(0);
    now = far.plus(Duration.ofDays(1));
    assertThat(shards.take(now, _ -> true)).as("found by the looks in between").isEqualTo(ALL);
  }
}
