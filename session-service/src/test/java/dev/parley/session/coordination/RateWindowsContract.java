package dev.parley.session.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.access.Quota;
import dev.parley.session.access.RateWindows.Decision;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What sliding windows must do, whoever counts. */
public abstract class RateWindowsContract {
  private static final Quota QUOTA = new Quota("op", 3, Duration.ofMillis(10));
  private static final long WINDOW_MICROS = 10_000;

  /** A decision and when it was made, by the clock that counts. */
  public record Timed(Decision decision, long nowMicros) {}

  protected abstract Timed take(String subject, Quota quota);

  protected abstract void pause(Duration duration);

  /** Compared with a plain list of the times at which requests were let through. */
  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void eachDecisionIsThatOfAPlainListOfTimes(
      @ForAll @Size(max = 40) List<@IntRange(max = 6000) Integer> pausesMicros) {
    String subject = UUID.randomUUID().toString();
    Deque<Long> taken = new ArrayDeque<>();
    for (int pauseMicros : pausesMicros) {
      pause(Duration.ofNanos(pauseMicros * 1000L));

      Timed timed = take(subject, QUOTA);

      while (!taken.isEmpty() && timed.nowMicros() - taken.getFirst() >= WINDOW_MICROS) {
        taken.removeFirst();
      }
      Decision decision = timed.decision();
      assertThat(decision.isAllowed()).isEqualTo(taken.size() < QUOTA.limit());
      if (decision.isAllowed()) {
        taken.addLast(timed.nowMicros());
      }
      assertThat(decision.remaining()).isEqualTo(QUOTA.limit() - taken.size());
      assertThat(decision.resetSec()).isEqualTo(taken.size() < QUOTA.limit() ? 0 : 1);
    }
  }

  @Test
  void resetTellsWholeSecondsUntilTheOldestExpires() {
    Quota slow = new Quota("slow", 1, Duration.ofSeconds(30));

    assertThat(take("reset", slow).decision()).isEqualTo(new Decision(true, 0, 30));
    pause(Duration.ofMillis(5));
    assertThat(take("reset", slow).decision()).isEqualTo(new Decision(false, 0, 30));
  }

  @Test
  void subjectsAndOperationsDoNotShareAWindow() {
    Quota one = new Quota("one", 1, Duration.ofSeconds(30));
    Quota two = new Quota("two", 1, Duration.ofSeconds(30));

    assertThat(take("a", one).decision().isAllowed()).isTrue();
    assertThat(take("a", one).decision().isAllowed()).isFalse();
    assertThat(take("a", two).decision().isAllowed()).isTrue();
    assertThat(take("b", one).decision().isAllowed()).isTrue();
  }
}
