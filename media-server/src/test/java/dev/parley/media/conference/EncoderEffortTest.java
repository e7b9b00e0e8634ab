package dev.parley.media.conference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EncoderEffortTest {
  private static final long TICK_NS = TickSchedule.TICK_NS;

  private final ConferenceCounters counters = new ConferenceCounters();
  private final EncoderEffort effort = new EncoderEffort(5, counters, 0);
  private long nowNs;

  @Test
  void tooLittleTimeToSpareLowersItStepByStep() {
    run(1, 0.75);
    assertThat(effort.complexity()).isEqualTo(3);
    run(1, 0.75);
    assertThat(effort.complexity()).isEqualTo(1);
    run(1, 0.75);
    assertThat(effort.complexity()).isZero();
    run(5, 0.99);
    assertThat(effort.complexity()).isZero();
    assertThat(gauge()).isZero();
    assertThat(counters.get(ConferenceCounter.ENCODER_EFFORT_CUTS)).isEqualTo(3);
  }

  @Test
  void aBusyThreadWithRoomKeepsIt() {
    run(60, 0.65);

    assertThat(effort.complexity()).isEqualTo(5);
    assertThat(gauge()).isEqualTo(5);
  }

  @Test
  void itComesBackStepByStepAfterLongCalm() {
    run(3, 0.9);

    run(EncoderEffort.CALM_LOOKS, 0.2);
    assertThat(effort.complexity()).isEqualTo(1);
    run(EncoderEffort.CALM_LOOKS, 0.2);
    assertThat(effort.complexity()).isEqualTo(3);
    run(EncoderEffort.CALM_LOOKS, 0.2);
    assertThat(effort.complexity()).isEqualTo(5);
    run(10 * EncoderEffort.CALM_LOOKS, 0.2);
    assertThat(effort.complexity()).isEqualTo(5);
    assertThat(gauge()).isEqualTo(5);
  }

  @Test
  void calmThatIsInterruptedBeginsAnew() {
    run(1, 0.9);

    run(EncoderEffort.CALM_LOOKS - 1, 0.2);
    run(1, 0.6);
    run(EncoderEffort.CALM_LOOKS - 1, 0.2);

    assertThat(effort.complexity()).isEqualTo(3);
  }

  @Test
  void moreThanFiveFirstFallsToFive() {
    EncoderEffort high = new EncoderEffort(8, new ConferenceCounters(), 0);
    high.onRest(EncoderEffort.LOOK_NS, EncoderEffort.LOOK_NS);

    assertThat(high.complexity()).isEqualTo(5);
  }

  private long gauge() {
    return counters.get(ConferenceCounter.ENCODER_COMPLEXITY);
  }

  /** So many looks' time, of which the thread is busy for a share. */
  private void run(int looks, double share) {
    long ticks = looks * EncoderEffort.LOOK_NS / TICK_NS;
    for (long i = 0; i < ticks; i++) {
      nowNs += TICK_NS;
      effort.onRest(nowNs - (long) ((1 - share) * TICK_NS), nowNs);
    }
  }
}
