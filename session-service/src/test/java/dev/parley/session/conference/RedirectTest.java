package dev.parley.session.conference;

import static dev.parley.session.conference.Stage.FIRST;
import static dev.parley.session.conference.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Order.Listening;
import dev.parley.common.control.Order.SignallingProfile;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.token.AudioGrant;
import dev.parley.common.token.Grants;
import dev.parley.common.token.MediaTicket;
import dev.parley.common.token.Role;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Offers that their makers take to media servers themselves. */
final class RedirectTest {
  private static final URI DOOR = URI.create("https://ms-1.example/media");

  private final Stage stage = new Stage();
  private final List<MediaTicket> made = new ArrayList<>();
  private ConferenceId conference = new ConferenceId("none");

  @BeforeEach
  void open() {
    conference = stage.conference(ConferenceOptions.DEFAULT);
    stage.doors.put(FIRST, DOOR);
    stage.signalling.redirectBy((region, ticket) -> {
      made.add(ticket);
      return "signed-for-" + region;
    });
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void ticketSaysAllThatTheOrderWouldAndNobodyIsAsked() {
    Participant ana = stage.join(conference, "ana");

    Signalling.Directed directed = direct(ana);

    assertThat(directed).isNotNull();
    assertThat(directed.url()).isEqualTo(URI.create(DOOR + "/rtc/signed-for-local"));
    assertThat(directed.toString()).doesNotContain("signed");
    assertThat(stage.orders).isEmpty();
    MediaTicket ticket = made.getFirst();
    assertThat(ticket.place())
        .isEqualTo(new MediaTicket.Place(FIRST.server(), FIRST.incarnation(), conference, 1));
    assertThat(ticket.iceServers()).containsExactly("<stun:local>");
    assertThat(ticket.terms())
        .isEqualTo(
            new MediaTicket.Terms(
                ana.id(),
                ana.csrc(),
                Listening.MIX,
                SignallingProfile.RTC,
                true,
                false,
                false,
                ConferenceOptions.DEFAULT.settings(),
                null,
                ticket.terms().session()));
  }

  @Test
  void grantsHoldAndMuteGoWithTheTicket() {
    Participant ana =
        Stage.done(
            stage.admission.join(
                new Admission.Wish(
                    conference,
                    new Participant.Person(
                        "ana",
                        null,
                        Role.SPEAKER,
                        new Grants(AudioGrant.SEND, false, true, true, true, false)),
                    true,
                    false)));

    assertThat(direct(ana)).isNotNull();

    MediaTicket.Terms terms = made.getFirst().terms();
    assertThat(terms.listening()).isEqualTo(Listening.NONE);
    assertThat(terms.maySend()).isTrue();
    assertThat(terms.muted()).isTrue();
    Participant ben = stage.join(conference, "ben");
    stage.moderation.change(
        conference, ben.id(), new Moderation.Change(null, true, null, null), false, null);
    assertThat(direct(ben)).isNotNull();
    assertThat(made.getLast().terms().held()).isTrue();
  }

  @Test
  void serverWithoutADoorIsRelayedTo() {
    stage.doors.clear();

    assertThat(direct(stage.join(conference, "ana"))).isNull();
    assertThat(made).isEmpty();
  }

  @Test
  void whoHasLeftAndConferencesThatAreOverGetNoTicket() {
    Participant ana = stage.join(conference, "ana");
    stage.participants.leave(conference, ana.id(), LeaveReason.KICKED);
    assertThat(direct(ana)).isNull();

    Participant ben = stage.join(conference, "ben");
    stage.conferences.end(conference, EndReason.API, null);
    assertThat(direct(ben)).isNull();
    assertThat(made).isEmpty();
  }

  @Test
  void ticketThatIsNeverUsedLeavesMediaAsItIs() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.facts.onState(FIRST, 1, new StateEvent.ParticipantConnected(conference, 1, ana.id()));
    MediaSession before = stage.read(ana).media();

    assertThat(direct(ana)).isNotNull();
    stage.clock.advance(Duration.ofMinutes(5));
    stage.dueWork.run();

    assertThat(stage.read(ana).media()).isEqualTo(before);
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTED);
  }

  @Test
  void whoNeverUsesTheFirstTicketIsOutOnceMediaCannotComeAnyMore() {
    Participant ana = stage.join(conference, "ana");
    assertThat(direct(ana)).isNotNull();

    stage.clock.advance(MediaTicket.LIFETIME.plusSeconds(29));
    stage.dueWork.run();
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTING);

    stage.clock.advance(Duration.ofSeconds(2));
    stage.dueWork.run();
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.LEFT);
  }

  @Test
  void usedTicketIsALegAndMediaFlows() {
    Participant ana = stage.join(conference, "ana");
    assertThat(direct(ana)).isNotNull();
    String session = made.getFirst().terms().session();
    // A hello that was written before the ticket was used.
    stage.facts.onServerUp(FIRST, List.of());

    stage.facts.onState(
        FIRST,
        1,
        new StateEvent.SessionBegan(
            conference,
            1,
            ana.id(),
            session,
            SignallingProfile.RTC,
            Listening.MIX,
            "EsAw",
            false,
            false));
    stage.facts.onState(FIRST, 2, new StateEvent.ParticipantConnected(conference, 1, ana.id()));

    Participant now = stage.read(ana);
    assertThat(now.state()).isEqualTo(ParticipantState.CONNECTED);
    assertThat(now.listening()).isEqualTo(Listening.MIX);
    assertThat(stage.signalling.findLeg(conference, ana.id(), session)).isNotNull();
    assertThat(stage.orders).isEmpty();
    stage.clock.advance(Duration.ofMinutes(5));
    stage.dueWork.run();
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTED);
  }

  @Test
  void iceBegunAnewAtTheDoorIsTheIceSessionOfTheLegOnce() {
    Participant ana = stage.join(conference, "ana");
    assertThat(direct(ana)).isNotNull();
    String session = made.getFirst().terms().session();
    stage.facts.onState(
        FIRST,
        1,
        new StateEvent.SessionBegan(
            conference,
            1,
            ana.id(),
            session,
            SignallingProfile.RTC,
            Listening.MIX,
            "EsAw",
            false,
            false));
    StateEvent anew = new StateEvent.IceBegunAnew(conference, 1, ana.id(), session, "ysXw");

    stage.facts.onState(FIRST, 2, anew);
    stage.facts.onState(FIRST, 2, anew);
    stage.facts.onState(SECOND, 3, anew);
    stage.facts.onState(
        FIRST, 3, new StateEvent.IceBegunAnew(conference, 1, ana.id(), "another", "none"));

    Signalling.Held held = stage.signalling.findLeg(conference, ana.id(), session);
    assertThat(held).isNotNull();
    assertThat(held.leg().clientFragment()).isEqualTo("ysXw");
    assertThat(held.leg().restarts()).isEqualTo(1);
    assertThat(stage.orders).as("it is done already").isEmpty();
  }

  @Test
  void whoComesToAnotherServerByTicketIsAwaitedThere() {
    stage.up.add(SECOND);
    stage.doors.put(SECOND, DOOR);
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.facts.onState(FIRST, 1, new StateEvent.ParticipantConnected(conference, 1, ana.id()));
    stage.up.remove(FIRST);
    stage.facts.onServerLost(FIRST);

    assertThat(direct(ana)).isNotNull();

    assertThat(made.getFirst().place().server()).isEqualTo(SECOND.server());
    stage.clock.advance(MediaTicket.LIFETIME.plusSeconds(31));
    stage.dueWork.run();
    assertThat(stage.read(ana).state()).as("never came").isEqualTo(ParticipantState.LEFT);
  }

  private Signalling.@Nullable Directed direct(Participant participant) {
    return stage.signalling.direct(
        conference,
        participant.id(),
        Listening.MIX,
        SignallingProfile.RTC,
        region -> List.of("<stun:" + region + ">"));
  }
}
