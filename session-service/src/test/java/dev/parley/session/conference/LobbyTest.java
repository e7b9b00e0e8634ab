package dev.parley.session.conference;

import static dev.parley.session.conference.Stage.done;
import static dev.parley.session.conference.Stage.refusal;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.token.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who waits in a lobby, and how the wait ends. */
final class LobbyTest {
  private final Stage stage = new Stage();
  private final ConferenceId conference = stage.conference(lobby(Stage.options(3, LIFESPAN)));

  private static final Lifespan LIFESPAN = Lifespan.DEFAULT;

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void whoeverWaitsHasNoSeatUntilLetIn() {
    Participant ana = stage.join(conference, "ana");

    assertThat(ana.state()).isEqualTo(ParticipantState.QUEUED);
    assertThat(ana.csrc()).isZero();
    assertThat(stage.read(conference).participantCount()).isZero();
    assertThat(stage.store.present(conference)).isEmpty();
    assertThat(stage.store.waiting(conference)).containsExactly(ana);
    assertThat(refusal(stage.tryOffer(ana))).isInstanceOf(Refusal.Queued.class);

    Participant in = done(stage.waitingRoom.admit(conference, ana.id()));

    assertThat(in.state()).isEqualTo(ParticipantState.CONNECTING);
    assertThat(in.csrc()).isPositive();
    assertThat(in.waiting()).isNull();
    assertThat(stage.read(conference).participantCount()).isEqualTo(1);
    assertThat(stage.store.waiting(conference)).isEmpty();
    assertThat(stage.events)
        .containsExactly(
            new ConferenceEvent.ParticipantWaiting(ana.rosterEntry()),
            new ConferenceEvent.ParticipantAdmitted(ana.id()));
    assertThat(stage.offer(in).media()).isNotNull();
    // Once more is done, too, and takes no second seat.
    assertThat(done(stage.waitingRoom.admit(conference, ana.id())).id()).isEqualTo(ana.id());
    assertThat(stage.read(conference).participantCount()).isEqualTo(1);
  }

  @Test
  void moderatorsDoNotWait() {
    Participant host = done(stage.tryJoin(conference, "host", Role.HOST, false));

    assertThat(host.state()).isEqualTo(ParticipantState.CONNECTING);
  }

  @Test
  void whoComesBackIntoTheirOwnPlaceDoesNotWaitAgain() {
    Participant ana = stage.join(conference, "ana");
    Participant _ = done(stage.waitingRoom.admit(conference, ana.id()));

    Participant again = done(stage.tryJoin(conference, "ana", true));

    assertThat(again.id()).isNotEqualTo(ana.id());
    assertThat(again.state()).isEqualTo(ParticipantState.CONNECTING);
  }

  @Test
  void joiningAgainIsTheSameWait() {
    Participant first = stage.join(conference, "ana");
    stage.clock.advance(Duration.ofSeconds(50));

    assertThat(stage.join(conference, "ana").id()).isEqualTo(first.id());
    assertThat(done(stage.tryJoin(conference, "ana", true)).id()).isEqualTo(first.id());

    // It was shown then that the client is there.
    stage.clock.advance(Duration.ofSeconds(50));
    stage.dueWork.run();
    assertThat(stage.read(first).state()).isEqualTo(ParticipantState.QUEUED);
    assertThat(stage.read(first).revision()).isEqualTo(1);
    assertThat(stage.store.waiting(conference)).hasSize(1);
  }

  @Test
  void clientThatIsSilentForAMinuteIsGivenUp() {
    Participant silent = stage.join(conference, "silent");
    Participant polling = stage.join(conference, "polling");
    for (int i = 0; i < 3; i++) {
      stage.clock.advance(Duration.ofSeconds(21));
      assertThat(stage.waitingRoom.stillWaits(conference, polling.id())).isNotNull();
    }

    stage.dueWork.run();

    assertThat(reason(silent)).isEqualTo(LeaveReason.WAIT_EXPIRED);
    assertThat(stage.read(polling).state()).isEqualTo(ParticipantState.QUEUED);
    assertThat(stage.events)
        .endsWith(
            new ConferenceEvent.ParticipantNotAdmitted(silent.id(), LeaveReason.WAIT_EXPIRED));
    assertThat(stage.waits.expiredCount()).isEqualTo(1);
    assertThat(stage.waits.waitingCount(WaitReason.LOBBY)).isEqualTo(1);
    assertThat(stage.waitingRoom.stillWaits(conference, polling.id()))
        .isEqualTo(new QueuePlace(WaitReason.LOBBY, null, 1));
    // The seat count never knew of any of them.
    assertThat(stage.read(conference).participantCount()).isZero();
  }

  @Test
  void nobodyIsLetInWhileItIsLockedOrFull() {
    Participant ana = stage.join(conference, "ana");
    change(true, true);

    assertThat(refusal(stage.waitingRoom.admit(conference, ana.id())))
        .isInstanceOf(Refusal.Locked.class);
    assertThat(refusal(stage.tryJoin(conference, "ben", false))).isInstanceOf(Refusal.Locked.class);

    change(false, true);
    for (int i = 0; i < 3; i++) {
      done(stage.tryJoin(conference, "host" + i, Role.HOST, false));
    }
    assertThat(refusal(stage.waitingRoom.admit(conference, ana.id())))
        .isEqualTo(new Refusal.Full(3));
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.QUEUED);
  }

  @Test
  void whoWasRefusedHasNoGoodTokenAndIsOut() {
    Participant ana = stage.join(conference, "ana");

    done(stage.participants.leave(conference, ana.id(), LeaveReason.KICKED));

    assertThat(refusal(stage.waitingRoom.admit(conference, ana.id())))
        .isEqualTo(new Refusal.Left(LeaveReason.KICKED));
    assertThat(stage.participants.isRevoked(conference, "ana", ana.joinedAt())).isTrue();
    assertThat(stage.read(conference).participantCount()).isZero();
    assertThat(stage.waits.refusedCount()).isEqualTo(1);
  }

  @Test
  void whoIsBannedWhileWaitingDoesNotComeIn() {
    Participant ana = stage.join(conference, "ana");
    Participant ben = stage.join(conference, "ben");
    Bans bans = new Bans(stage.store, stage.clock, stage.participants);

    done(bans.ban(ana, Duration.ofHours(1)));
    // As if another node had written it a moment ago, and had not found the stay yet.
    stage.store.write(
        conference,
        new Ban("ben", stage.clock.instant(), stage.clock.instant().plusSeconds(60), 0));

    assertThat(reason(ana)).isEqualTo(LeaveReason.BANNED);
    assertThat(refusal(stage.waitingRoom.admit(conference, ben.id())))
        .isInstanceOf(Refusal.Banned.class);
    assertThat(reason(ben)).isEqualTo(LeaveReason.BANNED);
    assertThat(stage.read(conference).participantCount()).isZero();
  }

  @Test
  void theEndEndsEveryWait() {
    Participant ana = stage.join(conference, "ana");

    done(stage.conferences.end(conference, EndReason.API, null));

    assertThat(reason(ana)).isEqualTo(LeaveReason.ENDED);
    assertThat(refusal(stage.waitingRoom.admit(conference, ana.id())))
        .isInstanceOf(Refusal.Left.class);
    assertThat(stage.store.stays(conference)).isEmpty();
  }

  @Test
  void closingTheLobbyLetsEveryoneInAsFarAsThereArePlaces() {
    List<Participant> waiting = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      waiting.add(stage.join(conference, "p" + i));
      stage.clock.advance(Duration.ofMillis(5));
    }

    change(false, false);

    assertThat(stage.store.present(conference))
        .extracting(Participant::id)
        .containsExactlyInAnyOrderElementsOf(
            waiting.subList(0, 3).stream().map(Participant::id).toList());
    // The last has no place yet, and comes in by itself when there is one.
    Participant last = waiting.getLast();
    assertThat(stage.read(last).state()).isEqualTo(ParticipantState.QUEUED);
    done(stage.participants.leave(conference, waiting.getFirst().id(), LeaveReason.CLIENT));
    stage.clock.advance(Duration.ofSeconds(21));
    assertThat(stage.waitingRoom.stillWaits(conference, last.id())).isNull();
    assertThat(stage.read(last).state()).isEqualTo(ParticipantState.CONNECTING);
    assertThat(stage.read(conference).participantCount()).isEqualTo(3);
  }

  @Test
  void ofManyWhoLetOneInAtOnceOneDoesAndCountsOneSeat() throws Exception {
    Participant ana = stage.join(conference, "ana");
    List<Future<Answer<Participant>>> admissions = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        admissions.add(threads.submit(() -> stage.waitingRoom.admit(conference, ana.id())));
      }
    }

    for (Future<Answer<Participant>> admission : admissions) {
      // Some may find it full for a moment, by the seats of those who were as fast.
      Answer<Participant> answer = admission.get();
      assertThat(answer instanceof Answer.Done<?> || refusal(answer) instanceof Refusal.Full)
          .isTrue();
    }
    assertThat(stage.read(conference).participantCount()).isEqualTo(1);
    assertThat(stage.events.stream().filter(ConferenceEvent.ParticipantAdmitted.class::isInstance))
        .hasSize(1);
    assertThat(stage.waits.admittedCount()).isEqualTo(1);
  }

  private void change(boolean locked, boolean lobby) {
    done(
        stage.conferences.update(
            conference,
            options ->
                new ConferenceOptions(
                    locked,
                    lobby,
                    options.maxParticipants(),
                    options.lifespan(),
                    options.settings(),
                    options.tags(),
                    options.attributes(),
                    options.placement()),
            null));
  }

  private static ConferenceOptions lobby(ConferenceOptions options) {
    return new ConferenceOptions(
        false,
        true,
        options.maxParticipants(),
        options.lifespan(),
        options.settings(),
        options.tags(),
        null,
        options.placement());
  }

  private LeaveReason reason(Participant stay) {
    return requireNonNull(stage.read(stay).departure()).reason();
  }
}
