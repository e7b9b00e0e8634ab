package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.common.control.Quality;
import dev.parley.common.id.ConferenceId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How calls sound: now, over a stay, and after it. */
final class CallQualityTest {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Stage stage = new Stage();
  private final ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
  private final Participant ana = stage.join(conference, "ana");

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void scoreIsThatOfTheWorseWay() {
    measure(20_000, way(0, 1_000), way(100, 2_000));

    StayQuality quality = known();
    assertThat(quality.mos()).isEqualTo(EModel.mos(20, 2, 10));
    assertThat(quality.lostPerMille()).isEqualTo(100);
    assertThat(quality.jitterUs()).isEqualTo(2_000);
    assertThat(stage.events.getLast()).isInstanceOf(ConferenceEvent.QualityChanged.class);
    assertThat(stage.scores).containsExactly(quality.mos());
  }

  @Test
  void nothingIsStoredUntilTheStayEndsAndThenItsSummaryIs() {
    long version = stage.read(ana).version();
    for (int i = 0; i < 120; i++) {
      measure(20_000, way(0, 1_000), way(i < 12 ? 400 : 0, 1_000));
    }
    assertThat(stage.read(ana).version()).isEqualTo(version);

    stage.participants.leave(conference, ana.id(), LeaveReason.CLIENT);

    Participant left = stage.read(ana);
    assertThat(left.version()).as("one write ends it").isEqualTo(version + 1);
    StayQuality quality = stage.quality.of(left);
    assertThat(quality).isNotNull();
    StayQuality.Summary summary = quality.summary();
    assertThat(summary.measuredMs()).isEqualTo(600_000);
    assertThat(summary.badMs()).isEqualTo(60_000);
    assertThat(summary.lostPerMilleMean()).isCloseTo(40, within(1e-6));
    assertThat(summary.lostPerMilleWorst()).isEqualTo(400);
    assertThat(summary.mosWorst()).isEqualTo(EModel.mos(20, 1, 40));
    assertThat(summary.mosMean())
        .isCloseTo(0.1 * EModel.mos(20, 1, 40) + 0.9 * EModel.mos(20, 1, 0), within(1e-6));
    assertThat(stage.quality.of(conference)).isEmpty();
  }

  @Test
  void wayOfWhichNothingIsHeardIsForgotten() {
    measure(20_000, way(0, 1_000), way(300, 1_000));
    measure(null, way(0, 1_000), null);
    assertThat(known().received()).as("a few seconds old").isNotNull();
    for (int i = 0; i < 4; i++) {
      measure(null, way(0, 1_000), null);
    }

    assertThat(known().received()).isNull();
    assertThat(known().mos()).isEqualTo(EModel.mos(20, 1, 0));
  }

  @Test
  void gapsBetweenReportsAreNotCounted() {
    measure(20_000, way(0, 0), null);
    stage.clock.advance(Duration.ofSeconds(100));
    measure(20_000, way(0, 0), null);

    assertThat(known().summary().measuredMs()).isEqualTo(15_000);
    stage.clock.advance(Duration.ofMinutes(3));
    assertThat(stage.quality.of(conference)).as("of whom nothing is heard").isEmpty();
  }

  @Test
  void stayOfWhichNothingIsKnownEndsAllTheSame() {
    stage.participants.leave(conference, ana.id(), LeaveReason.CLIENT);

    assertThat(stage.quality.of(stage.read(ana))).isNull();
  }

  private StayQuality known() {
    StayQuality quality = stage.quality.of(stage.read(ana));
    assertThat(quality).isNotNull();
    return quality;
  }

  private void measure(
      @Nullable Integer roundTripUs, Quality.@Nullable Way sent, Quality.@Nullable Way received) {
    stage.facts.onQuality(
        Stage.FIRST,
        new Quality(
            conference, 1, List.of(new Quality.Figures(ana.id(), roundTripUs, sent, received))));
    stage.clock.advance(INTERVAL);
  }

  private static Quality.Way way(int lostPerMille, int jitterUs) {
    return new Quality.Way(lostPerMille, jitterUs);
  }
}
