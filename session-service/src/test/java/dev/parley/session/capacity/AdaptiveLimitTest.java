package dev.parley.session.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Against stores of which it is known how much they can do. */
final class AdaptiveLimitTest {
  private static final long MS_NS = 1_000_000;
  private static final int STEPS = 2_000;
  private static final int GET = 0;
  private static final int WRITE = 1;

  /**
   * A store that works at so many operations at once, each in its time: more of them wait for each
   * other. Beyond so many a second it refuses.
   */
  private static final class SimulatedStore {
    final AdaptiveLimit limit = new AdaptiveLimit(2, 0);
    int parallel = Integer.MAX_VALUE;
    long serviceNs = 5 * MS_NS;
    double perSecMax = Double.MAX_VALUE;
    long nowNs;
    long attempts;
    long refusals;

    /** Lets as many run as may and want to. */
    void run(int demand, int steps) {
      for (int step = 0; step < steps; step++) {
        int inFlight = Math.min(demand, limit.limit());
        limit.onBusy(inFlight);
        long tookNs = (long) (serviceNs * Math.max(1.0, (double) inFlight / parallel));
        nowNs += tookNs;
        double allowed = perSecMax * tookNs / 1e9;
        for (int i = 0; i < inFlight; i++) {
          attempts++;
          if (i >= allowed) {
            refusals++;
            limit.onFailed(nowNs);
          } else {
            limit.onAnswered(GET, tookNs, nowNs);
          }
        }
      }
    }
  }

  @Property(tries = 200)
  void staysWithinItsBoundsWhateverHappens(@ForAll long seed) {
    Random random = new Random(seed);
    AdaptiveLimit limit = new AdaptiveLimit(2, 0);
    long nowNs = 0;
    for (int i = 0; i < STEPS; i++) {
      nowNs += random.nextLong(50 * MS_NS);
      limit.onBusy(random.nextInt(1_000));
      if (random.nextInt(8) == 0) {
        limit.onFailed(nowNs);
      } else {
        limit.onAnswered(random.nextInt(2), random.nextLong(-5, 5_000 * MS_NS), nowNs);
      }
      assertThat(limit.limit()).isBetween(AdaptiveLimit.MIN, AdaptiveLimit.MAX);
    }
  }

  @Property(tries = 100)
  void aStoreThatKeepsUpIsNeverHeldBack(
      @ForAll @IntRange(min = 1, max = 9) int serviceMs,
      @ForAll @IntRange(min = 1, max = 400) int demand) {
    SimulatedStore store = new SimulatedStore();
    store.serviceNs = serviceMs * MS_NS;
    store.run(demand, STEPS);

    assertThat(store.limit.limit())
        .isGreaterThanOrEqualTo(Math.max(AdaptiveLimit.FIRST, Math.min(demand, 256)));
  }

  @Property(tries = 100)
  void aStoreThatIsFullIsAskedForAboutWhatItCanDo(
      @ForAll @IntRange(min = 4, max = 100) int parallel,
      @ForAll @IntRange(min = 25, max = 60) int serviceMs) {
    SimulatedStore store = new SimulatedStore();
    store.serviceNs = serviceMs * MS_NS;
    store.parallel = parallel;
    store.run(parallel / 2, 400);
    store.run(400, STEPS);

    // Neither starved nor with a line longer than a few times what it does at once.
    assertThat(store.limit.limit()).isBetween(parallel / 2, 4 * parallel + 8);
  }

  @Property(tries = 100)
  void aStoreThatRefusesIsAskedForLessAndForAllAgainLater(
      @ForAll @IntRange(min = 2_000, max = 6_000) int perSecMax) {
    SimulatedStore store = new SimulatedStore();
    store.run(400, 200);
    store.perSecMax = perSecMax;
    store.run(400, STEPS);
    store.attempts = 0;
    store.refusals = 0;
    store.run(400, STEPS);
    double share = (double) store.refusals / store.attempts;
    int throttled = store.limit.limit();

    assertThat(throttled).isLessThan(AdaptiveLimit.FIRST);
    assertThat(share).isLessThan(0.5);

    store.perSecMax = Double.MAX_VALUE;
    store.run(400, STEPS);
    assertThat(store.limit.limit()).isEqualTo(AdaptiveLimit.MAX);
  }

  @Test
  void slowKindsOfOperationsAreComparedWithTheirOwn() {
    AdaptiveLimit limit = new AdaptiveLimit(2, 0);
    long nowNs = 0;
    for (int i = 0; i < STEPS; i++) {
      nowNs += 5 * MS_NS;
      limit.onBusy(10);
      // At last nearly all are writes, which always took as long.
      boolean isWrite = i > STEPS / 2 || i % 4 == 0;
      limit.onAnswered(isWrite ? WRITE : GET, (isWrite ? 120 : 2) * MS_NS, nowNs);
    }
    assertThat(limit.limit()).isEqualTo(AdaptiveLimit.FIRST);
  }

  @Test
  void aStoreThatGotSlowForGoodIsBelievedInTheEnd() {
    SimulatedStore store = new SimulatedStore();
    store.run(20, 400);
    store.serviceNs = 200 * MS_NS;
    store.run(20, STEPS);

    assertThat(store.limit.limit()).isGreaterThan(20);
  }

  @Test
  void oneLongPauseSaysNothing() {
    AdaptiveLimit limit = new AdaptiveLimit(2, 0);
    long nowNs = 0;
    for (int i = 0; i < STEPS; i++) {
      nowNs += 5 * MS_NS;
      limit.onAnswered(GET, i % 10 == 0 ? 400 * MS_NS : 2 * MS_NS, nowNs);
    }
    assertThat(limit.limit()).isEqualTo(AdaptiveLimit.FIRST);
  }

  @Test
  void aStoreThatDoesNotAnswerIsAskedForLittle() {
    AdaptiveLimit limit = new AdaptiveLimit(2, 0);
    for (int i = 1; i < 50; i++) {
      limit.onFailed(i * 1_000L * MS_NS);
    }
    assertThat(limit.limit()).isEqualTo(AdaptiveLimit.MIN);
  }
}
