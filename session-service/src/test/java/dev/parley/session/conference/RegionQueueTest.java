package dev.parley.session.conference;

import static dev.parley.session.conference.Stage.done;
import static dev.parley.session.conference.Stage.refusal;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.Region;
import dev.parley.common.token.Role;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who waits for a media server, and in which order they come in. */
final class RegionQueueTest {
  private static final Region LOCAL = Stage.FIRST.region();

  private final Stage stage = new Stage();
  private final ConferenceId conference = stage.conference(Stage.options(10, Lifespan.DEFAULT));

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void whoFindsNoServerWaitsForOneInTurn() {
    stage.seats = 0;
    Participant ana = stage.join(conference, "ana");
    Participant ben = stage.join(conference, "ben");
    assertThat(wait(ana).reason()).isEqualTo(WaitReason.REGION_FULL);
    assertThat(wait(ana).region()).isEqualTo(LOCAL);
    assertThat(place(ben)).isEqualTo(new QueuePlace(WaitReason.REGION_FULL, LOCAL, 2));

    assertThat(serve()).as("still full").isZero();
    stage.seats = 1;
    assertThat(serve()).isEqualTo(1);

    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTING);
    assertThat(stage.offer(stage.read(ana)).media()).isNotNull();
    assertThat(place(ben)).isEqualTo(new QueuePlace(WaitReason.REGION_FULL, LOCAL, 1));
    // The load that the server told knows nothing of her yet.
    assertThat(serve()).isZero();
    stage.clock.advance(Duration.ofSeconds(6));
    assertThat(serve()).isEqualTo(1);
    assertThat(stage.read(conference).participantCount()).isEqualTo(2);
    assertThat(stage.waits.admittedCount()).isEqualTo(2);
    assertThat(stage.line.lengths()).containsEntry(LOCAL, 1);
    assertThat(serve()).isZero();
    assertThat(stage.line.lengths()).containsEntry(LOCAL, 0);
  }

  @Test
  void nobodyGetsAheadOfThoseWhoWaitButModerators() {
    stage.seats = 0;
    Participant ana = stage.join(conference, "ana");
    stage.seats = 5;

    Participant ben = stage.join(conference, "ben");
    Participant host = done(stage.tryJoin(conference, "host", Role.HOST, false));

    assertThat(ben.state()).isEqualTo(ParticipantState.QUEUED);
    assertThat(host.state()).isEqualTo(ParticipantState.QUEUED);
    assertThat(place(host).position()).isEqualTo(1);
    assertThat(place(ana).position()).isEqualTo(2);
    assertThat(place(ben).position()).isEqualTo(3);
    assertThat(serve()).isEqualTo(3);
    assertThat(stage.events.stream().filter(ConferenceEvent.ParticipantAdmitted.class::isInstance))
        .containsExactly(
            new ConferenceEvent.ParticipantAdmitted(host.id()),
            new ConferenceEvent.ParticipantAdmitted(ana.id()),
            new ConferenceEvent.ParticipantAdmitted(ben.id()));
    assertThat(stage.join(conference, "eve").state())
        .as("next look")
        .isEqualTo(ParticipantState.QUEUED);
    assertThat(serve()).isEqualTo(1);
    assertThat(serve()).isZero();
    assertThat(stage.join(conference, "flo").state()).isEqualTo(ParticipantState.CONNECTING);
  }

  @Test
  void queueIsBounded() {
    stage.seats = 0;
    ConferenceId large = stage.conference(Stage.options(100, Lifespan.DEFAULT));
    for (int i = 0; i < Stage.QUEUE_MAX; i++) {
      stage.join(large, "p" + i);
    }

    assertThat(refusal(stage.tryJoin(conference, "late", false)))
        .isInstanceOf(Refusal.NoCapacity.class);
    assertThat(stage.store.stays(conference)).isEmpty();
  }

  @Test
  void whoLeavesTheQueueFreesItsPlace() {
    stage.seats = 0;
    Participant ana = stage.join(conference, "ana");
    Participant ben = stage.join(conference, "ben");

    done(stage.participants.leave(conference, ana.id(), LeaveReason.CLIENT));

    assertThat(place(ben).position()).isEqualTo(1);
    assertThat(stage.queues.length(LOCAL)).isEqualTo(1);
    stage.clock.advance(Duration.ofSeconds(61));
    stage.dueWork.run();
    assertThat(reason(ben)).isEqualTo(LeaveReason.WAIT_EXPIRED);
    assertThat(stage.queues.length(LOCAL)).isZero();
  }

  @Test
  void whoseTurnComesWhileItIsLockedOrOverDoesNotComeIn() {
    stage.seats = 0;
    Participant ana = stage.join(conference, "ana");
    ConferenceId other = stage.conference(Stage.options(1, Lifespan.DEFAULT));
    Participant ben = stage.join(other, "ben");
    ConferenceId third = stage.conference(Stage.options(1, Lifespan.DEFAULT));
    Participant eve = stage.join(third, "eve");
    lock(conference);
    done(stage.conferences.end(third, EndReason.API, null));

    stage.seats = 10;
    assertThat(serve()).isEqualTo(1);

    assertThat(reason(ana)).isEqualTo(LeaveReason.NO_PLACE);
    assertThat(stage.read(ben).state()).isEqualTo(ParticipantState.CONNECTING);
    assertThat(reason(eve)).isEqualTo(LeaveReason.ENDED);
    assertThat(stage.read(conference).participantCount()).isZero();
    assertThat(stage.waits.refusedCount()).isEqualTo(2);
  }

  @Test
  void queueThatWasLostIsBuiltAnewByThoseWhoAreThere() {
    stage.seats = 0;
    Participant ana = stage.join(conference, "ana");
    stage.queues.leave(LOCAL, ana.id());
    assertThat(stage.queues.length(LOCAL)).isZero();

    assertThat(place(ana)).isEqualTo(new QueuePlace(WaitReason.REGION_FULL, LOCAL, 1));

    stage.seats = 1;
    assertThat(serve()).isEqualTo(1);
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTING);
  }

  @Test
  void fromTheLobbyOnePassesOnIntoTheQueue() {
    ConferenceOptions usual = Stage.options(10, Lifespan.DEFAULT);
    ConferenceId lobby =
        stage.conference(
            new ConferenceOptions(
                false,
                true,
                10,
                usual.lifespan(),
                usual.settings(),
                usual.tags(),
                null,
                usual.placement()));
    stage.seats = 0;
    Participant ana = stage.join(lobby, "ana");
    assertThat(wait(ana).reason()).isEqualTo(WaitReason.LOBBY);

    Participant passed = done(stage.waitingRoom.admit(lobby, ana.id()));

    assertThat(wait(passed).reason()).isEqualTo(WaitReason.REGION_FULL);
    assertThat(wait(passed).since()).isEqualTo(wait(ana).since());
    assertThat(done(stage.waitingRoom.admit(lobby, ana.id())).state())
        .as("moderators make no room")
        .isEqualTo(ParticipantState.QUEUED);
    stage.seats = 1;
    assertThat(serve()).isEqualTo(1);
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTING);
  }

  @Test
  void ofSeveralNodesThatServeOneQueueOneLetsEachIn() throws Exception {
    stage.seats = 0;
    List<Participant> waiting =
        List.of("a", "b", "c", "d", "e", "f", "g", "h").stream()
            .map(name -> stage.join(conference, name))
            .toList();
    WaitingRoom other =
        new WaitingRoom(
            stage.store,
            stage.clock,
            stage.participants,
            (_, event) -> stage.events.add(event),
            stage.notices,
            stage.waits,
            new RegionLine(stage.queues, stage.servers, stage.clock, Stage.QUEUE_MAX),
            Runnable::run);
    stage.seats = 8;

    Thread second = Thread.ofVirtual().start(() -> other.serve(_ -> true));
    serve();
    second.join();

    assertThat(stage.events.stream().filter(ConferenceEvent.ParticipantAdmitted.class::isInstance))
        .hasSize(8)
        .doesNotHaveDuplicates();
    assertThat(stage.read(conference).participantCount()).isEqualTo(8);
    assertThat(waiting)
        .allSatisfy(
            stay -> assertThat(stage.read(stay).state()).isEqualTo(ParticipantState.CONNECTING));
  }

  private int serve() {
    return stage.waitingRoom.serve(_ -> true);
  }

  private QueuePlace place(Participant stay) {
    return requireNonNull(stage.waitingRoom.stillWaits(stay.conference(), stay.id()));
  }

  private void lock(ConferenceId id) {
    done(
        stage.conferences.update(
            id,
            options ->
                new ConferenceOptions(
                    true,
                    false,
                    options.maxParticipants(),
                    options.lifespan(),
                    options.settings(),
                    options.tags(),
                    options.attributes(),
                    options.placement()),
            null));
  }

  private LeaveReason reason(Participant stay) {
    return requireNonNull(stage.read(stay).departure()).reason();
  }

  private static Wait wait(Participant stay) {
    return requireNonNull(stay.waiting());
  }
}
