package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of a conference's life, and what becomes of it when something breaks. */
final class OutboxTest {
  private static final Instant NOW = Instant.parse("2026-11-21T04:00:00Z");
  private static final ParticipantId ANA = new ParticipantId("pt_ana");

  private static final Moderation.Change MUTED = new Moderation.Change(true, null, null, null);

  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void wholeLifeIsToldInOrderWithoutAGap() {
    stage.told.isWanted = true;
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    Participant ana = connected(conference, "ana", 1);
    stage.moderation.change(conference, ana.id(), MUTED, true, null);
    Participant silent = stage.join(conference, "silent");
    stage.participants.leave(conference, silent.id(), LeaveReason.CLIENT);
    stage.conferences.end(conference, EndReason.API, null);

    assertThat(stage.told.types(conference))
        .containsExactly(
            NoticeType.CONFERENCE_CREATED,
            NoticeType.CONFERENCE_LIVE,
            NoticeType.PARTICIPANT_JOINED,
            NoticeType.PARTICIPANT_UPDATED,
            NoticeType.PARTICIPANT_LEFT,
            NoticeType.CONFERENCE_ENDED);
    assertThat(stage.told.sequences(conference)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(stage.read(conference).outbox().pending()).isEmpty();
    assertThat(stage.read(ana).outbox().pending()).isEmpty();
  }

  @Test
  void whatNobodyWantsIsNotWritten() {
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    Participant ana = connected(conference, "ana", 1);

    assertThat(stage.read(conference).outbox()).isEqualTo(Outbox.EMPTY);
    assertThat(stage.read(ana).outbox()).isEqualTo(Outbox.EMPTY);
    assertThat(stage.told.byConference).isEmpty();
  }

  @Test
  void handingOnDoesNotChangeTheVersionThatClientsSee() {
    stage.told.isWanted = true;
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    assertThat(stage.read(conference).version()).isEqualTo(2);
    assertThat(stage.read(conference).revision()).isEqualTo(1);

    Participant ana = connected(conference, "ana", 1);
    long seen = stage.read(ana).revision();
    assertThat(stage.read(ana).version()).isGreaterThan(seen);
    assertThat(stage.moderation.change(conference, ana.id(), MUTED, true, seen))
        .isInstanceOf(Answer.Done.class);
    long revision = stage.read(conference).revision();
    assertThat(stage.conferences.end(conference, EndReason.API, revision))
        .isInstanceOf(Answer.Done.class);
  }

  @Test
  void whatCouldNotBeHandedOnIsDueAndThenIs() {
    stage.told.isWanted = true;
    stage.told.onAccept =
        () -> {
          throw new IllegalStateException("the store is away");
        };
    ConferenceId conference = stage.conference(ConferenceOptions.DEFAULT);
    connected(conference, "ana", 1);
    assertThat(stage.notices.failureCount()).isPositive();
    assertThat(stage.read(conference).outbox().pending()).hasSize(3);

    stage.told.onAccept = () -> {};
    stage.dueWork.run();
    assertThat(stage.told.types(conference)).isEmpty();
    stage.clock.advance(Duration.ofSeconds(3));
    stage.dueWork.run();

    assertThat(stage.told.types(conference)).hasSize(3);
    assertThat(stage.dueWork.run()).isZero();
  }

  @Test
  void aThousandWhoLeaveAtOnceAreAllToldBeforeTheEnd() {
    stage.told.isWanted = true;
    ConferenceId conference = stage.conference(Stage.options(1_000, Lifespan.DEFAULT));
    int count = 3 * Outbox.ADOPTED_MAX;
    for (int i = 1; i <= count; i++) {
      connected(conference, "p" + i, i);
    }

    stage.conferences.end(conference, EndReason.API, null);

    List<NoticeType> types = stage.told.types(conference);
    assertThat(types.getLast()).isEqualTo(NoticeType.CONFERENCE_ENDED);
    assertThat(types).filteredOn(NoticeType.PARTICIPANT_LEFT::equals).hasSize(count);
  }

  @Test
  void latestUpdateTakesThePlaceOfTheOneBefore() {
    Outbox outbox =
        Outbox.EMPTY
            .with(NoticeType.PARTICIPANT_JOINED, NOW, Map.of())
            .withLatest(NoticeType.PARTICIPANT_UPDATED, NOW, Map.of("muted", true))
            .withLatest(NoticeType.PARTICIPANT_UPDATED, NOW, Map.of("muted", false));

    assertThat(outbox.pending()).extracting(Notice::sequence).containsExactly(1L, 3L);
    assertThat(outbox.pending().getLast().data()).containsEntry("muted", false);
  }

  @Test
  void nothingIsAdoptedTwiceNorBeyondTheRoom() {
    Outbox stay = Outbox.EMPTY.with(NoticeType.PARTICIPANT_JOINED, NOW, Map.of());
    Outbox once = Outbox.EMPTY.adopting(Notice.Origin.of(ANA), stay);
    Outbox more = stay.with(NoticeType.PARTICIPANT_LEFT, NOW, Map.of());

    assertThat(once.adopting(Notice.Origin.of(ANA), stay)).isEqualTo(once);
    assertThat(once.adopting(Notice.Origin.of(ANA), more).pending())
        .extracting(Notice::sequence)
        .containsExactly(1L, 2L);
    Outbox full = Outbox.EMPTY;
    for (int i = 0; i < Outbox.ADOPTED_MAX; i++) {
      full = full.adopting(Notice.Origin.of("ob_" + i), stay);
    }
    assertThat(full.isFull()).isTrue();
    assertThat(full.adopting(Notice.Origin.of(ANA), stay)).isEqualTo(full);
    assertThat(full.with(NoticeType.CONFERENCE_ENDED, NOW, Map.of()).pending())
        .hasSize(Outbox.ADOPTED_MAX + 1);
  }

  private Participant connected(ConferenceId conference, String identity, long sequence) {
    Participant participant = stage.offer(stage.join(conference, identity));
    stage.facts.onState(
        Stage.FIRST,
        sequence,
        new StateEvent.ParticipantConnected(conference, 1, participant.id()));
    return stage.read(participant);
  }
}
