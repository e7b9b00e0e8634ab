package dev.parley.benchmarks.delay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SendTimesTest {
  private static final int LONG_AGO = 1 << 14;

  @Test
  void knowsEachTalkersPackets() {
    SendTimes times = new SendTimes(2);
    times.onSend(0, 0, 100);
    times.onSend(1, 0, 200);
    times.onSend(1, 1, 300);

    assertThat(times.sentNs(0, 0)).isEqualTo(100);
    assertThat(times.sentNs(1, 1)).isEqualTo(300);
    assertThat(times.sentBy(1)).isEqualTo(2);
  }

  @Test
  void knowsNothingOfPacketsNotSentOrOfOthers() {
    SendTimes times = new SendTimes(1);
    times.onSend(0, 0, 100);
    times.onSend(7, 0, 100);

    assertThat(times.sentNs(0, 1)).isZero();
    assertThat(times.sentNs(0, -1)).isZero();
    assertThat(times.sentNs(7, 0)).isZero();
    assertThat(times.sentNs(-1, 0)).isZero();
  }

  @Test
  void forgetsRatherThanMistakesOnePacketForAnother() {
    SendTimes times = new SendTimes(1);
    for (int count = 0; count <= LONG_AGO; count++) {
      times.onSend(0, count, count + 1L);
    }

    assertThat(times.sentNs(0, 0)).isZero();
    assertThat(times.sentNs(0, 1)).isEqualTo(2);
    assertThat(times.sentNs(0, LONG_AGO)).isEqualTo(LONG_AGO + 1L);
  }
}
