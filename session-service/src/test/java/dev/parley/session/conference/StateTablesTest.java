package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.Grants;
import dev.parley.common.token.Role;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class StateTablesTest {
  private static final Instant NOW = Instant.parse("2026-11-21T04:00:00Z");

  @Test
  void nothingFollowsTheEnd() {
    for (ParticipantState next : ParticipantState.values()) {
      assertThat(ParticipantState.LEFT.mayBecome(next)).isFalse();
    }
    for (ConferenceState next : ConferenceState.values()) {
      assertThat(ConferenceState.ENDED.mayBecome(next)).isFalse();
    }
  }

  @Test
  void everyoneMayLeaveAndEveryConferenceMayEnd() {
    for (ParticipantState state : ParticipantState.values()) {
      assertThat(state.mayBecome(ParticipantState.LEFT)).isEqualTo(!state.isOver());
    }
    for (ConferenceState state : ConferenceState.values()) {
      assertThat(state.mayBecome(ConferenceState.ENDING)).isEqualTo(state.isOpen());
    }
  }

  @Test
  void noStateFollowsItself() {
    for (ParticipantState state : ParticipantState.values()) {
      assertThat(state.mayBecome(state)).isFalse();
    }
    for (ConferenceState state : ConferenceState.values()) {
      assertThat(state.mayBecome(state)).isFalse();
    }
  }

  /** Whatever is asked for, a participant only ever takes steps of the table, and leaves once. */
  @Property(tries = 300)
  void participantTakesOnlyStepsOfTheTable(@ForAll @Size(max = 20) List<ParticipantState> wishes) {
    Participant participant = participant();
    for (ParticipantState wish : wishes) {
      Participant before = participant;
      if (before.state().mayBecome(wish)) {
        participant =
            wish == ParticipantState.LEFT
                ? before.left(LeaveReason.CLIENT, NOW, null)
                : before.in(wish);
        assertThat(participant.state()).isEqualTo(wish);
      } else {
        assertThatThrownBy(() -> before.in(wish)).isInstanceOf(IllegalStateException.class);
      }
      assertThat(participant.departure() != null).isEqualTo(participant.state().isOver());
    }
  }

  /**
   * Counting never goes below nothing, and a conference is empty exactly when it says since when.
   */
  @Property(tries = 300)
  void emptinessIsKnownSinceTheLastOneLeft(@ForAll @Size(max = 30) List<Boolean> comings) {
    Conference conference =
        Conference.create(new ConferenceId("cf_1"), "t", null, ConferenceOptions.DEFAULT, "h", NOW);
    int present = 0;
    long second = 0;
    for (boolean isComing : comings) {
      Instant now = NOW.plusSeconds(++second);
      conference = isComing ? conference.withOneMore(now) : conference.withOneLess(now);
      present = Math.max(0, present + (isComing ? 1 : -1));
      assertThat(conference.participantCount()).isEqualTo(present);
      assertThat(conference.times().emptySince() == null).isEqualTo(present > 0);
      assertThat(conference.dueAt()).isNotNull();
    }
    long joins = comings.stream().filter(isComing -> isComing).count();
    assertThat(conference.lastCsrc()).as("no number is given twice").isEqualTo(joins);
  }

  private static Participant participant() {
    Conference conference =
        Conference.create(new ConferenceId("cf_1"), "t", null, ConferenceOptions.DEFAULT, "h", NOW);
    return Participant.admit(
        new ParticipantId("pt_1"),
        conference.withOneMore(NOW),
        new Participant.Person("ana", null, Role.HOST, Grants.of(Role.HOST)),
        false,
        null,
        NOW);
  }
}
