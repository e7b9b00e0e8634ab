package dev.parley.session.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.placement.ScalingAdvice.Direction;
import dev.parley.session.placement.ScalingAdvice.Reason;
import dev.parley.session.placement.ScalingPolicy.Sample;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ScalingPolicyTest {
  private final ScalingPolicy policy = new ScalingPolicy();
  private long nowNs = -5;

  @Test
  void moreWhenBusyForAMinute() {
    assertThat(after(0, 4, 0.8)).isEqualTo(hold(4, Reason.SETTLING));
    assertThat(after(59, 4, 0.8)).isEqualTo(hold(4, Reason.SETTLING));
    assertThat(after(1, 4, 0.8)).isEqualTo(new ScalingAdvice(Direction.UP, 6, Reason.BUSY));
  }

  @Test
  void aMomentsPeakIsNotFollowed() {
    assertThat(after(0, 4, 0.8).reason()).isEqualTo(Reason.SETTLING);
    assertThat(after(50, 4, 0.69)).isEqualTo(hold(4, Reason.STEADY));
    assertThat(after(1, 4, 0.8).reason()).isEqualTo(Reason.SETTLING);
    assertThat(after(30, 4, 0.8)).as("the minute begins anew").isEqualTo(hold(4, Reason.SETTLING));
  }

  @Test
  void moreAtOnceWhenFull() {
    assertThat(policy.advise(new Sample(2, 0.95, false, true), nowNs))
        .isEqualTo(new ScalingAdvice(Direction.UP, 4, Reason.FULL));
  }

  @Test
  void oneWhereThereIsNone() {
    assertThat(policy.advise(new Sample(0, 0, false, true), nowNs))
        .isEqualTo(new ScalingAdvice(Direction.UP, 1, Reason.NO_SERVER));
    assertThat(policy.advise(new Sample(0, 0, false, false), nowNs))
        .as("isolated")
        .isEqualTo(hold(0, Reason.STEADY));
  }

  @Test
  void oneFewerWhenThatWouldHaveDoneForTenMinutes() {
    assertThat(after(0, 3, 0.3)).isEqualTo(hold(3, Reason.SETTLING));
    assertThat(after(599, 3, 0.3)).isEqualTo(hold(3, Reason.SETTLING));
    assertThat(after(1, 3, 0.3)).isEqualTo(new ScalingAdvice(Direction.DOWN, 2, Reason.IDLE));
    assertThat(after(1, 2, 0.45)).as("and no further at once").isEqualTo(hold(2, Reason.STEADY));
  }

  @Test
  void theLastServerStays() {
    assertThat(after(0, 1, 0)).isEqualTo(hold(1, Reason.STEADY));
    assertThat(after(3600, 1, 0)).isEqualTo(hold(1, Reason.STEADY));
  }

  /** Whoever follows the advice at once is never told to go back at once. */
  @Property(tries = 100)
  void followedAdviceDoesNotSwing(@ForAll long seed) {
    Random random = new Random(seed);
    ScalingPolicy mine = new ScalingPolicy();
    double work = random.nextDouble() * 6;
    int servers = 1 + random.nextInt(8);
    int turns = 0;
    Direction last = Direction.HOLD;
    for (long second = 0; second < 7200; second += 2) {
      double load = Math.min(1, work / servers);
      ScalingAdvice advice =
          mine.advise(
              new Sample(servers, load, load < 0.9, true), TimeUnit.SECONDS.toNanos(second));
      if (advice.direction() != Direction.HOLD) {
        turns += last != Direction.HOLD && last != advice.direction() ? 1 : 0;
        last = advice.direction();
        servers = advice.servers();
      }
    }

    assertThat(turns).as("steady work, so one way only").isZero();
    assertThat(work / servers).isLessThanOrEqualTo(ScalingPolicy.BUSY);
  }

  private ScalingAdvice after(long seconds, int servers, double load) {
    nowNs += TimeUnit.SECONDS.toNanos(seconds);
    return policy.advise(new Sample(servers, load, true, true), nowNs);
  }

  private static ScalingAdvice hold(int servers, Reason reason) {
    return new ScalingAdvice(Direction.HOLD, servers, reason);
  }
}
