package dev.parley.media.conference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SmoothedLossTest {
  private static final int TEN_PERCENT = 26;

  private final SmoothedLoss loss = new SmoothedLoss();

  @Test
  void lastingLossIsFollowedInAFewReports() {
    report(TEN_PERCENT, 4);

    assertThat(loss.percent()).isBetween(8, 10);
  }

  @Test
  void fallsToNothingWhenLossEnds() {
    report(TEN_PERCENT, 10);
    report(0, 3);
    assertThat(loss.percent()).isPositive();

    report(0, 10);

    assertThat(loss.percent()).isZero();
  }

  @Test
  void lossThatConcealmentHidesIsNotTold() {
    report(3, 50);

    assertThat(loss.percent()).isZero();
  }

  @Test
  void reportsThatDifferByChanceChangeNothing() {
    report(TEN_PERCENT, 20);
    int percent = loss.percent();
    for (int i = 0; i < 50; i++) {
      report(TEN_PERCENT + i % 7 - 3, 1);
      assertThat(loss.percent()).isEqualTo(percent);
    }
  }

  @Test
  void theWorstReportIsWithinBounds() {
    report(255, 100);

    assertThat(loss.percent()).isBetween(98, 100);
  }

  private void report(int fractionLost, int times) {
    for (int i = 0; i < times; i++) {
      loss.onFractionLost(fractionLost);
    }
  }
}
