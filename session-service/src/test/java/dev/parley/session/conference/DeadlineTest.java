package dev.parley.session.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.token.Grants;
import dev.parley.common.token.Role;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When conferences end though nobody asks, and why. */
final class DeadlineTest {
  private static final Duration EMPTY = Duration.ofMinutes(5);
  private static final Duration DEPARTURE = Duration.ofSeconds(20);

  private final Stage stage = new Stage();
  private long sequence;

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void conferenceEndsWhenItHasGoneOnForAsLongAsItMay() {
    ConferenceId conference =
        conference(
            new Lifespan(EMPTY, Duration.ofHours(1), Lifespan.EndWhen.EMPTY_TIMEOUT, DEPARTURE));
    stage.clock.advance(Duration.ofMinutes(2));
    Participant ana = connected(conference, "ana", Role.SPEAKER);

    pass(Duration.ofMinutes(59));
    assertThat(stage.read(conference).state()).isEqualTo(ConferenceState.LIVE);
    pass(Duration.ofMinutes(1));

    assertThat(stage.read(conference).endReason()).isEqualTo(EndReason.MAX_DURATION);
    assertThat(stage.read(ana).departure())
        .isNotNull()
        .extracting(Participant.Departure::reason)
        .isEqualTo(LeaveReason.ENDED);
  }

  @Test
  void limitThatIsTakenAwayInTimeEndsNothing() {
    Lifespan hour =
        new Lifespan(EMPTY, Duration.ofHours(1), Lifespan.EndWhen.EMPTY_TIMEOUT, DEPARTURE);
    ConferenceId conference = conference(hour);
    connected(conference, "ana", Role.SPEAKER);
    pass(Duration.ofMinutes(59));

    stage.conferences.update(conference, _ -> Stage.options(100, Lifespan.DEFAULT), null);
    pass(Duration.ofHours(3));

    assertThat(stage.read(conference).state()).isEqualTo(ConferenceState.LIVE);
  }

  @Test
  void conferenceEndsSoonerAfterTheLastOneLeftThanWhileItWaitsForTheFirst() {
    ConferenceId conference = conference(lifespan(Lifespan.EndWhen.LAST_LEFT));
    pass(Duration.ofMinutes(4));
    Participant ana = connected(conference, "ana", Role.SPEAKER);

    stage.participants.leave(conference, ana.id(), LeaveReason.CLIENT);
    pass(Duration.ofSeconds(19));
    assertThat(stage.read(conference).state()).isEqualTo(ConferenceState.LIVE);
    pass(Duration.ofSeconds(1));

    assertThat(stage.read(conference).endReason()).isEqualTo(EndReason.LAST_LEFT);
    ConferenceId unused = conference(lifespan(Lifespan.EndWhen.LAST_LEFT));
    pass(EMPTY);
    assertThat(stage.read(unused).endReason()).isEqualTo(EndReason.EMPTY_TIMEOUT);
  }

  @Test
  void conferenceEndsWithItsLastHost() {
    ConferenceId conference = conference(lifespan(Lifespan.EndWhen.HOST_LEFT));
    Participant host = connected(conference, "host", Role.HOST);
    Participant second = connected(conference, "second", Role.HOST);
    connected(conference, "ana", Role.SPEAKER);

    stage.participants.leave(conference, host.id(), LeaveReason.CLIENT);
    pass(Duration.ofMinutes(5));
    assertThat(stage.read(conference).state())
        .as("a host is there")
        .isEqualTo(ConferenceState.LIVE);
    long revision = stage.read(conference).revision();
    pass(Duration.ofMinutes(1));
    assertThat(stage.read(conference).revision()).as("nothing to see").isEqualTo(revision);

    stage.participants.leave(conference, second.id(), LeaveReason.ICE_TIMEOUT);
    pass(Duration.ofSeconds(19));
    assertThat(stage.read(conference).state()).isEqualTo(ConferenceState.LIVE);
    pass(Duration.ofSeconds(1));
    assertThat(stage.read(conference).endReason()).isEqualTo(EndReason.HOST_LEFT);
  }

  @Test
  void hostWhoComesBackInTimeKeepsTheConference() {
    ConferenceId conference = conference(lifespan(Lifespan.EndWhen.HOST_LEFT));
    Participant host = connected(conference, "host", Role.HOST);
    connected(conference, "ana", Role.SPEAKER);
    stage.participants.leave(conference, host.id(), LeaveReason.SERVER_LOST);
    pass(Duration.ofSeconds(10));

    connected(conference, "host", Role.HOST);
    pass(Duration.ofHours(2));

    assertThat(stage.read(conference).state()).isEqualTo(ConferenceState.LIVE);
  }

  @Test
  void hostWhoTakesTheirOwnPlaceHasNotLeft() {
    ConferenceId conference = conference(lifespan(Lifespan.EndWhen.HOST_LEFT));
    connected(conference, "host", Role.HOST);

    Stage.done(join(conference, "host", Role.HOST));

    assertThat(stage.read(conference).times().hostLeftAt()).isNull();
  }

  private static Lifespan lifespan(Lifespan.EndWhen endWhen) {
    return new Lifespan(EMPTY, null, endWhen, DEPARTURE);
  }

  private ConferenceId conference(Lifespan lifespan) {
    return stage.conference(Stage.options(100, lifespan));
  }

  private Answer<Participant> join(ConferenceId conference, String identity, Role role) {
    return stage.admission.join(
        new Admission.Wish(
            conference,
            new Participant.Person(identity, null, role, Grants.of(role)),
            false,
            true));
  }

  private Participant connected(ConferenceId conference, String identity, Role role) {
    Participant stay = stage.offer(Stage.done(join(conference, identity, role)));
    stage.facts.onState(
        Stage.FIRST,
        ++sequence,
        new StateEvent.ParticipantConnected(conference, epoch(stay.media()), stay.id()));
    return stage.read(stay);
  }

  private static long epoch(@Nullable MediaSession media) {
    return media == null ? 0 : media.epoch();
  }

  private void pass(Duration duration) {
    stage.clock.advance(duration);
    stage.dueWork.run();
  }
}
