package dev.parley.media;

import static dev.parley.common.control.Order.SignallingProfile.RTC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.media.conference.ConferenceAgentProxy;
import dev.parley.media.conference.ConferenceMove;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a move begins, and when it does not; the agents themselves never get to it here. */
class ConferenceMoverTest {
  private static final ConferenceId ROOM = new ConferenceId("room");
  private static final ConferenceId OTHER = new ConferenceId("other");

  private final List<ConferenceAgentProxy> agents =
      List.of(new ConferenceAgentProxy(() -> {}), new ConferenceAgentProxy(() -> {}));
  private final ConferenceDirectory directory = new ConferenceDirectory(10, 2, Headroom.UNLIMITED);
  private final ConferenceMover mover =
      new ConferenceMover(
          directory,
          agents,
          (id, from, to) -> new ConferenceMove(id, agents.get(from), (_, _, _) -> true, 2),
          () -> 0);

  @BeforeEach
  void seat() {
    directory.seat(ROOM, 1, new ParticipantId("ana"), null, RTC, null);
    directory.seat(OTHER, 1, new ParticipantId("ben"), null, RTC, null);
  }

  @Test
  void conferenceBelongsToItsNewAgentAtOnce() {
    assertThat(directory.agentOf(ROOM)).isZero();

    assertThat(mover.begin(ROOM, 1)).isTrue();

    assertThat(directory.agentOf(ROOM)).isEqualTo(1);
    assertThat(directory.<Integer>atAgent(ROOM, agent -> agent)).isEqualTo(1);
    assertThat(mover.isUnderWay()).isTrue();
    // Where there are fewer participants now.
    ConferenceId third = new ConferenceId("third");
    directory.seat(third, 1, new ParticipantId("eve"), null, RTC, null);
    assertThat(directory.agentOf(third)).isZero();
  }

  @Test
  void oneMovesAtATime() {
    assertThat(mover.begin(ROOM, 1)).isTrue();

    assertThat(mover.begin(OTHER, 0)).isFalse();
    assertThat(directory.agentOf(OTHER)).isEqualTo(1);
  }

  @Test
  void agentThatIsBehindGetsNothing() {
    while (agents.get(1).endConference("nobody's")) {
      // Until its queue is full.
    }

    assertThat(mover.begin(ROOM, 1)).isFalse();
    assertThat(directory.agentOf(ROOM)).isZero();
    assertThat(mover.isUnderWay()).isFalse();
  }

  @Test
  void whoIsThereOrEndsOrIsNotHereIsNotMoved() {
    directory.end(OTHER, _ -> true);

    assertThat(mover.begin(ROOM, 0)).as("there already").isFalse();
    assertThat(mover.begin(OTHER, 0)).as("ends").isFalse();
    assertThat(mover.begin(new ConferenceId("nowhere"), 0)).as("not here").isFalse();
  }

  @Test
  void endingServerMovesNobody() {
    directory.close();

    assertThat(mover.begin(ROOM, 1)).isFalse();
  }
}
