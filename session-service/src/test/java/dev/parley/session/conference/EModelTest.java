package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** The E-model against figures of the standard, and for sense. */
final class EModelTest {
  @Test
  void scoreOfARatingIsThatOfG107() {
    // G.107, table B.1.
    assertThat(EModel.mosOf(90)).isCloseTo(4.34, within(0.005));
    assertThat(EModel.mosOf(80)).isCloseTo(4.03, within(0.006));
    assertThat(EModel.mosOf(70)).isCloseTo(3.60, within(0.005));
    assertThat(EModel.mosOf(60)).isCloseTo(3.10, within(0.005));
    assertThat(EModel.mosOf(50)).isCloseTo(2.58, within(0.006));
    assertThat(EModel.mosOf(EModel.R_BEST)).isCloseTo(4.41, within(0.005));
    assertThat(EModel.mosOf(-5)).isEqualTo(1);
    assertThat(EModel.mosOf(100)).isEqualTo(4.5);
  }

  @Test
  void impairmentsAreThoseOfTheStandardsConstants() {
    // Half of all lost packets take as much as can be taken at Ppl = Bpl.
    assertThat(EModel.lossImpairment(EModel.LOSS_ROBUSTNESS)).isEqualTo(47.5);
    assertThat(EModel.lossImpairment(0)).isZero();
    assertThat(EModel.delayImpairment(100)).isCloseTo(2.4, within(1e-9));
    assertThat(EModel.delayImpairment(277.3)).isCloseTo(6.6552 + 11, within(1e-9));
  }

  @Test
  void callsSoundAsOneWouldSay() {
    assertThat(EModel.mos(20, 2, 0)).as("a good network").isGreaterThan(4.3);
    assertThat(EModel.mos(80, 10, 1)).as("a fair one").isBetween(4.0, 4.4);
    assertThat(EModel.mos(80, 10, 10)).as("a tenth lost").isBetween(2.6, 3.6);
    assertThat(EModel.mos(600, 40, 3)).as("far away").isBetween(2.0, 3.6);
    assertThat(EModel.mos(40, 5, 40)).as("not to be understood").isLessThan(2.2);
  }

  @Property
  void worseNetworksNeverSoundBetter(
      @ForAll @DoubleRange(min = 0, max = 60_000) double roundTripMs,
      @ForAll @DoubleRange(min = 0, max = 60_000) double jitterMs,
      @ForAll @DoubleRange(min = 0, max = 100) double lossPercent,
      @ForAll @DoubleRange(min = 0, max = 50) double more) {
    double mos = EModel.mos(roundTripMs, jitterMs, lossPercent);

    assertThat(mos).isBetween(1.0, 4.42);
    assertThat(EModel.mos(roundTripMs + more, jitterMs, lossPercent))
        .isLessThanOrEqualTo(mos + 1e-9);
    assertThat(EModel.mos(roundTripMs, jitterMs + more, lossPercent))
        .isLessThanOrEqualTo(mos + 1e-9);
    assertThat(EModel.mos(roundTripMs, jitterMs, Math.min(100, lossPercent + more)))
        .isLessThanOrEqualTo(mos + 1e-9);
  }
}
