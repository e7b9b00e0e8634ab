package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.common.control.ServerLoad;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoadMeterTest {
  private static final long SECOND_NS = 1_000_000_000L;

  private final MediaThreadLoad threads = new MediaThreadLoad(List.of(), 0.8, () -> 0, of -> 0);
  private long nowNs;
  private long packets;
  private long usedNs;
  private ServerLoad.@Nullable SpoolLoad spool;
  private final LoadMeter meter =
      new LoadMeter(
          new ConferenceDirectory(10, 1, threads),
          () -> nowNs,
          () -> packets,
          () -> 0,
          threads,
          List.of(),
          () -> usedNs,
          () -> spool);

  @Test
  void oneSecondOfCompilersDoesNotMakeTheServerLookFull() {
    assertThat(secondWithAllProcessorsInUse()).isCloseTo(0.25, within(1e-9));
  }

  @Test
  void processorsInUseForLongAreToldAsInUse() {
    for (int i = 0; i < 4; i++) {
      secondWithAllProcessorsInUse();
    }
    assertThat(secondWithAllProcessorsInUse()).isCloseTo(1, within(1e-9));
    nowNs += SECOND_NS;
    assertThat(meter.get().cpu()).isCloseTo(0.75, within(1e-9));
  }

  @Test
  void packetsAreTheLastIntervals() {
    packets = 300;
    nowNs = 2 * SECOND_NS;
    assertThat(meter.get().packetsPerSecond()).isEqualTo(150);
    nowNs += SECOND_NS;
    assertThat(meter.get().packetsPerSecond()).isZero();
  }

  @Test
  void whatWaitsInTheSpoolIsTold() {
    assertThat(meter.get().spool()).isNull();
    spool = new ServerLoad.SpoolLoad(1, 2, 3);
    assertThat(meter.get().spool()).isEqualTo(spool);
  }

  private double secondWithAllProcessorsInUse() {
    nowNs += SECOND_NS;
    usedNs += SECOND_NS * Runtime.getRuntime().availableProcessors();
    return meter.get().cpu();
  }
}
