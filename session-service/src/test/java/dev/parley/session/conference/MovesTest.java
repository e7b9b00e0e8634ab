package dev.parley.session.conference;

import static dev.parley.session.conference.Stage.FIRST;
import static dev.parley.session.conference.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Order;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a server is emptied without cutting a call. */
final class MovesTest {
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  private final Stage stage = new Stage();
  private ConferenceId conference = new ConferenceId("none");
  private Participant ana;
  private Participant ben;
  private long reports;

  @BeforeEach
  void twoTalkOnTheFirstServer() {
    conference = stage.conference(ConferenceOptions.DEFAULT);
    stage.facts.onServerUp(FIRST, List.of());
    ana = arrived(stage.offer(stage.join(conference, "ana")));
    ben = arrived(stage.offer(stage.join(conference, "ben")));
    stage.facts.onServerUp(SECOND, List.of());
    stage.up.add(SECOND);
    stage.events.clear();
    stage.orders.clear();
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void conferenceGoesInAQuietMomentAndLeavesTheServerWhenAllHaveCome() {
    stage.fleet.drain(FIRST.server(), DEADLINE);
    talk(true);
    look(Duration.ofSeconds(2));
    assertThat(stage.events).as("somebody talks").isEmpty();
    talk(false);
    look(Duration.ofMillis(400));
    assertThat(stage.events).as("perhaps only a breath").isEmpty();
    look(Duration.ofMillis(200));
    assertThat(stage.events).containsExactly(new ConferenceEvent.MediaMoves(2, MoveReason.DRAIN));
    assertThat(stage.read(ana).state()).as("nothing is cut").isEqualTo(ParticipantState.CONNECTED);

    ana = arrived(stage.offer(stage.read(ana)));
    look(Duration.ofSeconds(1));
    assertThat(stage.events).as("one is still there").hasSize(1);
    assertThat(stage.ordersOf(FIRST)).isEmpty();
    ben = arrived(stage.offer(stage.read(ben)));

    assertThat(stage.events.getLast()).isEqualTo(new ConferenceEvent.MediaMoved(2));
    assertThat(stage.ordersOf(FIRST)).as("until they have heard of it").isEmpty();
    // Due work is rounded up to half a second.
    look(Duration.ofMillis(2500));
    assertThat(stage.orders.getLast())
        .isEqualTo(new Stage.Given(FIRST, conference, 2, new Order.EndConference()));
    look(Duration.ofSeconds(20));
    assertThat(stage.orders.getLast().order()).isInstanceOf(Order.EndConference.class);
    assertThat(stage.events).hasSize(2);
    assertThat(stage.fleet.servers())
        .filteredOn(held -> held.server().server().equals(FIRST))
        .extracting(Fleet.Held::conferences)
        .containsExactly(0);
  }

  @Test
  void whoHasNotComeInTimeIsToldAndComesLater() {
    stage.fleet.drain(FIRST.server(), DEADLINE);
    talk(false);
    look(Duration.ofSeconds(1));
    ana = arrived(stage.offer(stage.read(ana)));

    look(Duration.ofSeconds(15));
    assertThat(stage.events.getLast()).isEqualTo(new ConferenceEvent.MediaMoved(2));
    look(Duration.ofMillis(2500));

    assertThat(stage.read(ben).state()).isEqualTo(ParticipantState.RECONNECTING);
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTED);
    ben = arrived(stage.offer(stage.read(ben)));
    assertThat(stage.read(ben).state()).isEqualTo(ParticipantState.CONNECTED);
  }

  @Test
  void neverSilentConferenceGoesAfterAWhile() {
    stage.fleet.drain(FIRST.server(), DEADLINE);
    talk(true);
    look(Duration.ofSeconds(29));
    assertThat(stage.events).isEmpty();

    look(Duration.ofSeconds(1));

    assertThat(stage.events).hasSize(1);
  }

  @Test
  void withNoOtherServerNobodyIsCut() {
    stage.up.remove(SECOND);
    stage.fleet.drain(FIRST.server(), Duration.ofSeconds(1));

    look(Duration.ofSeconds(5));

    assertThat(stage.events).isEmpty();
    assertThat(stage.moves.stuckCount()).isEqualTo(1);
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTED);
    stage.up.add(SECOND);
    look(Duration.ofSeconds(1));
    assertThat(stage.events).hasSize(1);
  }

  @Test
  void drainedServerGetsNothingUntilItIsWantedAgain() {
    stage.fleet.drain(FIRST.server(), DEADLINE);
    ConferenceId next = stage.conference(ConferenceOptions.DEFAULT);
    assertThat(server(stage.offer(stage.join(next, "eve")))).isEqualTo(SECOND);

    stage.fleet.undrain(FIRST.server());

    ConferenceId third = stage.conference(ConferenceOptions.DEFAULT);
    assertThat(server(stage.offer(stage.join(third, "eve")))).isEqualTo(FIRST);
  }

  @Test
  void isolatedRegionGetsNothingUntilItIsRestored() {
    stage.fleet.set(FIRST.region(), RegionState.ISOLATED);
    ConferenceId next = stage.conference(ConferenceOptions.DEFAULT);
    assertThat(Stage.refusal(stage.tryOffer(stage.join(next, "eve"))))
        .isInstanceOf(Refusal.NoCapacity.class);
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTED);

    stage.fleet.set(FIRST.region(), RegionState.OPEN);

    stage.offer(stage.join(next, "uwe"));
  }

  @Test
  void whoIsTakenOutOnTheWayIsTakenOutOfBothServers() {
    stage.fleet.drain(FIRST.server(), DEADLINE);
    talk(false);
    look(Duration.ofSeconds(1));
    ana = stage.offer(stage.read(ana));

    stage.moderation.change(
        conference, ana.id(), new Moderation.Change(true, null, null, null), false, null);
    stage.participants.leave(conference, ana.id(), LeaveReason.KICKED);

    assertThat(stage.ordersOf(FIRST))
        .containsExactly(
            new Order.MuteParticipant(ana.id(), true), new Order.RemoveParticipant(ana.id()));
    assertThat(stage.ordersOf(SECOND))
        .contains(new Order.MuteParticipant(ana.id(), true), new Order.RemoveParticipant(ana.id()));
  }

  @Test
  void deathOfTheServerThatIsLeftChangesNothingForWhoHasCome() {
    stage.fleet.drain(FIRST.server(), DEADLINE);
    talk(false);
    look(Duration.ofSeconds(1));
    ana = arrived(stage.offer(stage.read(ana)));

    stage.facts.onServerLost(FIRST);
    look(Duration.ofSeconds(20));

    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTED);
    assertThat(server(stage.read(ana))).isEqualTo(SECOND);
    assertThat(server(arrived(stage.offer(stage.read(ben))))).isEqualTo(SECOND);
  }

  private void talk(boolean isAnyone) {
    List<Speakers.Level> levels = isAnyone ? List.of(new Speakers.Level(ana.id(), -20)) : List.of();
    stage.facts.onSpeakers(FIRST, new Speakers(conference, 1, null, levels));
    stage.events.removeIf(ConferenceEvent.SpeakersChanged.class::isInstance);
  }

  private void look(Duration later) {
    stage.clock.advance(later);
    stage.dueWork.run();
    stage.dueWork.run();
  }

  private Participant arrived(Participant participant) {
    MediaSession media = participant.media();
    assertThat(media).isNotNull();
    stage.facts.onState(
        media.server(),
        ++reports,
        new StateEvent.ParticipantConnected(conference, media.epoch(), participant.id()));
    return participant;
  }

  private static MediaServer server(Participant participant) {
    MediaSession media = participant.media();
    assertThat(media).isNotNull();
    return media.server();
  }
}
