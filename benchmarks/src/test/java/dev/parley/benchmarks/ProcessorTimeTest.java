package dev.parley.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorTimeTest {
  private static final long MS_NS = 1_000_000;

  private final ProcessorTime time = new ProcessorTime();

  @Test
  void oneSpoiltIntervalDoesNotCount() {
    time.add(100 * MS_NS, 10_000, 50);
    time.add(900 * MS_NS, 10_000, 50);
    time.add(110 * MS_NS, 10_000, 50);

    assertThat(time.median().usPerPacket()).isEqualTo(11);
    assertThat(time.median().msPerParticipantSecond()).isEqualTo(2.2);
  }

  @Test
  void twoMiddleIntervalsAreAveraged() {
    time.add(100 * MS_NS, 10_000, 50);
    time.add(120 * MS_NS, 10_000, 50);

    assertThat(time.median().usPerPacket()).isEqualTo(11);
  }

  @Test
  void anIntervalWithoutPacketsDividesByNothing() {
    time.add(MS_NS, 0, 50);

    assertThat(time.median().usPerPacket()).isEqualTo(1_000);
  }
}
