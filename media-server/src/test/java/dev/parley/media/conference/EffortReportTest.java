package dev.parley.media.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.conference.ConferenceEvent.EncodersChanged;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EffortReportTest {
  private static final long SECOND_NS = 1_000_000_000L;

  private final ConferenceRig rig = new ConferenceRig(1);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void fullEffortIsNoNews() {
    rig.join("alice", ConferenceRig.MIX);
    rig.run(6000);

    assertThat(rig.takeEvents(EncodersChanged.class)).isEmpty();
  }

  @Test
  void eachConferenceIsToldOfAChangeOnce() {
    ConferenceDescription other = new ConferenceDescription("other", 7, 3, 5);
    rig.join("alice", ConferenceRig.MIX);
    rig.join(other, "bob", ConferenceRig.MIX, true);
    busyFor(1);
    rig.run(6000);

    assertThat(rig.count(ConferenceCounter.ENCODER_COMPLEXITY)).isEqualTo(3);
    assertThat(rig.takeEvents(EncodersChanged.class))
        .containsExactlyInAnyOrder(
            new EncodersChanged("room", 1, 3, 5), new EncodersChanged("other", 7, 3, 5));
  }

  @Test
  void changesInQuickSuccessionAreToldByTheirOutcome() {
    rig.join("alice", ConferenceRig.MIX);
    busyFor(1);
    rig.run(100);
    assertThat(rig.takeEvents(EncodersChanged.class))
        .containsExactly(new EncodersChanged("room", 1, 3, 5));

    busyFor(2);
    rig.run(2800);
    assertThat(rig.takeEvents(EncodersChanged.class)).as("too soon").isEmpty();
    rig.run(200);

    assertThat(rig.takeEvents(EncodersChanged.class))
        .containsExactly(new EncodersChanged("room", 1, 0, 5));
  }

  @Test
  void conferenceThatBeginsOnABusyAgentIsToldAtOnce() {
    busyFor(1);
    rig.join("alice", ConferenceRig.FORWARD);
    rig.run(40);

    assertThat(rig.takeEvents(EncodersChanged.class))
        .containsExactly(new EncodersChanged("room", 1, 3, 5));
  }

  @Test
  void newsOutlastsAFullQueue() {
    try (ConferenceRig narrow = new ConferenceRig(1, 2)) {
      narrow.join("alice", ConferenceRig.MIX);
      narrow.join("bob", ConferenceRig.MIX);
      narrow.agent.onRest(narrow.nowNs, narrow.nowNs);
      narrow.nowNs += SECOND_NS;
      narrow.agent.onRest(narrow.nowNs, narrow.nowNs);
      narrow.run(40);
      assertThat(narrow.takeEvents(EncodersChanged.class)).isEmpty();
      narrow.run(1);

      assertThat(narrow.takeEvents(EncodersChanged.class))
          .containsExactly(new EncodersChanged("room", 1, 3, 5));
    }
  }

  /** The thread has nothing to spare for so many looks. */
  private void busyFor(int looks) {
    for (int i = 0; i < looks; i++) {
      rig.nowNs += SECOND_NS;
      rig.agent.onRest(rig.nowNs, rig.nowNs);
      rig.cycle();
    }
  }
}
