package dev.parley.media.control;

import static dev.parley.media.control.ControlLinkRig.A;
import static dev.parley.media.control.ControlLinkRig.ANA;
import static dev.parley.media.control.ControlLinkRig.B;
import static dev.parley.media.control.ControlLinkRig.CONFERENCE;
import static dev.parley.media.control.ControlLinkRig.OTHER;
import static dev.parley.media.control.ControlLinkRig.SECOND_NS;
import static dev.parley.media.control.ControlLinkRig.connected;
import static dev.parley.media.control.ControlLinkRig.gone;
import static dev.parley.media.control.ControlLinkRig.speakers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Acknowledge;
import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.Quality;
import dev.parley.common.control.StateReport;
import dev.parley.common.id.ConferenceId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** State and speakers on their way up, over links that come and go. */
class ControlLinkReportsTest {
  private final ControlLinkRig rig = new ControlLinkRig(100);

  @Test
  void reportsAreSentUntilAcknowledgedOnWhicheverLinkIsUp() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a", A, B);
    ScriptedNodes.Dialled b = rig.nodes.last().welcome("b", A, B);
    rig.report(connected(CONFERENCE));
    rig.report(connected(OTHER));
    assertThat(a.heard())
        .containsExactly(
            new StateReport(1, connected(CONFERENCE)), new StateReport(2, connected(OTHER)));
    assertThat(b.heard()).isEmpty();
    a.say(new Acknowledge(1));

    a.breakOff();

    assertThat(b.heard()).containsExactly(new StateReport(2, connected(OTHER)));
    b.say(new Acknowledge(2));
    b.breakOff();
    rig.report(connected(CONFERENCE));
    rig.loop.advance(SECOND_NS);
    ScriptedNodes.Dialled again = rig.nodes.last().welcome("c");
    assertThat(again.heard()).containsExactly(new StateReport(3, connected(CONFERENCE)));
  }

  @Test
  void aLinkThatAcknowledgesNothingLosesTheReportsToAnother() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a", A, B);
    ScriptedNodes.Dialled b = rig.nodes.last().welcome("b", A, B);
    rig.report(connected(CONFERENCE));
    assertThat(a.heard()).hasSize(1);

    rig.loop.advance(5 * SECOND_NS);

    assertThat(b.heard()).containsExactly(new StateReport(1, connected(CONFERENCE)));
    a.say(new Acknowledge(1));
    b.breakOff();
    assertThat(a.heard()).as("acknowledged by whichever").isEmpty();
  }

  @Test
  void withNoLinkAtAllStateWaitsAndIsMergedAndSpeakersAreDropped() {
    rig.nodes.last().welcome("a").breakOff();
    assertThat(rig.link.upCount()).isZero();
    for (int i = 0; i < 1000; i++) {
      rig.report(connected(CONFERENCE));
      rig.report(gone(CONFERENCE));
      rig.link.report(speakers(CONFERENCE));
    }

    rig.loop.advance(SECOND_NS);

    ScriptedNodes.Dialled again = rig.nodes.last().welcome("a");
    assertThat(again.heard()).containsExactly(new StateReport(1, gone(CONFERENCE)));
    assertThat(rig.counters.value(LinkCounter.SPEAKERS_DROPPED)).isEqualTo(1000);
  }

  @Test
  void theGreetingListsThoseWhoseEndTheSessionTierDoesNotKnowYet() {
    rig.nodes.last().welcome("a").breakOff();
    rig.present.add(new ConferenceSnapshot(OTHER, 4, List.of()));
    rig.report(gone(CONFERENCE));

    rig.loop.advance(SECOND_NS);

    assertThat(rig.nodes.last().welcome("a").hello().conferences())
        .containsExactly(
            new ConferenceSnapshot(OTHER, 4, List.of()),
            new ConferenceSnapshot(CONFERENCE, 1, List.of(ANA)));
  }

  @Test
  void aGreetingThatWouldNotFitAFrameTellsTheBarePresent() {
    rig.nodes.last().welcome("a").breakOff();
    rig.present.add(new ConferenceSnapshot(OTHER, 4, List.of()));
    for (int i = 0; i < 4000; i++) {
      rig.report(gone(new ConferenceId("cf_01JABCDEFGHJKMNPQRSTV" + i)));
    }

    rig.loop.advance(SECOND_NS);

    assertThat(rig.nodes.last().welcome("a").hello().conferences()).isEqualTo(rig.present);
  }

  @Test
  void aSlowNodeGetsOneFrameAtATimeAndSpeakersLast() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");
    a.takes = false;
    rig.report(connected(CONFERENCE));
    for (int i = 0; i < 50; i++) {
      rig.link.report(speakers(CONFERENCE));
      rig.link.report(speakers(OTHER));
    }
    rig.report(connected(OTHER));
    rig.loop.run();
    assertThat(a.heard()).containsExactly(new StateReport(1, connected(CONFERENCE)));

    a.take();
    assertThat(a.heard()).containsExactly(new StateReport(2, connected(OTHER)));
    a.take();
    a.take();
    a.take();
    assertThat(a.heard()).containsExactly(speakers(CONFERENCE), speakers(OTHER));
    assertThat(a.sending).isZero();
    assertThat(rig.counters.value(LinkCounter.SPEAKERS_DROPPED)).isEqualTo(98);
  }

  @Test
  void callFiguresComeAfterAllElseAndTheNewestOnly() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");
    a.takes = false;
    rig.report(connected(CONFERENCE));
    rig.link.report(quality(1));
    rig.link.report(quality(2));
    rig.link.report(speakers(CONFERENCE));
    rig.loop.run();
    for (int frames = 0; frames < 3; frames++) {
      a.take();
    }

    assertThat(a.heard())
        .containsExactly(
            new StateReport(1, connected(CONFERENCE)), speakers(CONFERENCE), quality(2));
    assertThat(rig.counters.value(LinkCounter.QUALITY_DROPPED)).isEqualTo(1);
    assertThat(rig.counters.value(LinkCounter.QUALITY_SENT)).isEqualTo(1);
  }

  private static Quality quality(int lostPerMille) {
    return new Quality(
        CONFERENCE,
        1,
        List.of(new Quality.Figures(ANA, 20_000, new Quality.Way(lostPerMille, 400), null)));
  }

  @Test
  void anAcknowledgementOfTheFutureIsIgnored() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");
    rig.report(connected(CONFERENCE));

    a.say(new Acknowledge(99));
    a.breakOff();
    rig.loop.advance(SECOND_NS);

    assertThat(rig.nodes.last().welcome("a").heard()).hasSize(1);
    assertThat(rig.counters.value(LinkCounter.FRAMES_UNEXPECTED)).isEqualTo(1);
  }
}
