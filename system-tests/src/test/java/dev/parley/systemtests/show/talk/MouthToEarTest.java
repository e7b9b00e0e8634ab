package dev.parley.systemtests.show.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MouthToEarTest {
  @Test
  void eachHeardBurstIsPairedWithTheNewestSpokenOneBeforeIt() {
    List<Double> spoken = List.of(1000.0, 1900.0, 3000.0, 4300.0);
    List<Double> heard = List.of(1080.0, 1990.0, 3070.0, 4400.0);

    MouthToEar measured = MouthToEar.of(spoken, heard);

    assertThat(measured.delaysMs()).containsExactly(70.0, 80.0, 90.0, 100.0);
    assertThat(measured.medianMs()).isEqualTo(90);
    assertThat(measured.worstMs()).isEqualTo(100);
  }

  @Test
  void burstHeardWithoutHavingBeenSpokenDoesNotCount() {
    assertThat(MouthToEar.of(List.of(1000.0), List.of(900.0, 2500.0)).count()).isZero();
  }

  @Test
  void withoutAnyBurstThereIsNoDelay() {
    assertThat(MouthToEar.of(List.of(), List.of(5.0)).medianMs()).isNaN();
    assertThat(MouthToEar.of(List.of(5.0), List.of()).worstMs()).isNaN();
  }
}
