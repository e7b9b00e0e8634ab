package dev.parley.media.conference;

import static dev.parley.media.conference.ConferenceRig.FORWARD;
import static dev.parley.media.conference.ConferenceRig.MIX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.conference.ConferenceEvent.ParticipantFigures;
import dev.parley.media.conference.ConferenceEvent.QualityMeasured;
import dev.parley.media.conference.ConferenceEvent.WayFigures;
import dev.parley.media.packet.ReceptionReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the control plane is told of how packets travel. */
final class QualityReportTest {
  private static final long MS = 1_000_000L;
  private static final int TICKS_PER_MS = 48;

  private final ConferenceRig rig = new ConferenceRig(1);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void eachFiveSecondsThoseOfWhomThereIsNewsAreTold() {
    ModelClient ana = rig.join("ana", FORWARD);
    rig.join("ben", MIX);
    ana.report(26, 40 * MS, 3 * TICKS_PER_MS);
    ana.report(5, ReceptionReport.ROUND_TRIP_UNKNOWN, 7 * TICKS_PER_MS);
    ana.reportUplink(128, 2 * TICKS_PER_MS);
    rig.run(4_900);
    assertThat(rig.takeEvents(QualityMeasured.class)).isEmpty();

    rig.run(200);

    assertThat(rig.takeEvents(QualityMeasured.class))
        .containsExactly(
            new QualityMeasured(
                "room",
                1,
                List.of(
                    new ParticipantFigures(
                        "ana", 40_000, new WayFigures(500, 2_000), new WayFigures(101, 7_000)))));
    rig.run(5_100);
    assertThat(rig.takeEvents(QualityMeasured.class)).as("no news").isEmpty();

    ana.report(0, ReceptionReport.ROUND_TRIP_UNKNOWN, 0);
    rig.run(5_100);
    assertThat(rig.takeEvents(QualityMeasured.class).getFirst().figures())
        .as("the way is as long as it was; of what is sent there is nothing new")
        .containsExactly(new ParticipantFigures("ana", 40_000, null, new WayFigures(0, 0)));
  }

  @Test
  void nonsenseOfAClientIsBounded() {
    ModelClient ana = rig.join("ana", FORWARD);
    ana.report(255, Long.MAX_VALUE, -1);
    rig.run(5_100);

    ParticipantFigures figures = rig.takeEvents(QualityMeasured.class).getFirst().figures().get(0);
    assertThat(figures.roundTripUs()).isEqualTo(60_000_000);
    assertThat(figures.received()).isEqualTo(new WayFigures(996, 1_800_000_000));
  }

  @Test
  void whatTheQueueDoesNotTakeIsForgotten() {
    try (ConferenceRig full = new ConferenceRig(1, 2)) {
      ModelClient ana = full.join("ana", FORWARD);
      full.join("ben", FORWARD);
      ana.report(0, MS, 0);
      full.run(5_100);

      assertThat(full.count(ConferenceCounter.QUALITY_EVENTS_DROPPED)).isEqualTo(1);
      assertThat(full.takeEvents(QualityMeasured.class)).isEmpty();
    }
  }

  @Test
  void ofVeryManyPeopleItTellsInTurn() {
    List<ModelClient> people = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      people.add(rig.join(ConferenceRig.ROOM, "p" + i, FORWARD, false));
    }
    Set<String> told = new HashSet<>();
    for (int round = 1; round <= 2; round++) {
      people.forEach(one -> one.report(0));
      rig.run(5_100);
      List<QualityMeasured> events = rig.takeEvents(QualityMeasured.class);
      assertThat(events).hasSize(1);
      assertThat(events.getFirst().figures()).hasSizeLessThanOrEqualTo(QualityReport.FIGURES_MAX);
      events.getFirst().figures().forEach(figures -> told.add(figures.participantId()));
    }

    assertThat(told).hasSize(600);
  }
}
