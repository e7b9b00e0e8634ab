package dev.parley.session.conference;

import static dev.parley.session.conference.Stage.FIRST;
import static dev.parley.session.conference.Stage.SECOND;
import static dev.parley.session.conference.Stage.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.token.AudioGrant;
import dev.parley.common.token.Grants;
import dev.parley.common.token.Role;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SignallingTest {
  private final Stage stage = new Stage();
  private ConferenceId conference = new ConferenceId("none");

  @BeforeEach
  void createConference() {
    conference = stage.conference(ConferenceOptions.DEFAULT);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void everyoneInAConferenceIsOnOneServer() {
    stage.up.add(SECOND);

    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.up.remove(FIRST);
    Participant ben = stage.offer(stage.join(conference, "ben"));

    assertThat(server(ana)).isEqualTo(FIRST);
    assertThat(server(ben)).isEqualTo(FIRST);
    assertThat(stage.ordersOf(SECOND)).isEmpty();
  }

  @Test
  void emptyConferenceGoesToAnotherServerWhenTheFirstHasNoRoom() {
    stage.up.add(SECOND);
    stage.script =
        given -> given.server().equals(FIRST) ? new MediaAnswer.Busy("full") : Stage.accept(given);

    Participant ana = stage.offer(stage.join(conference, "ana"));

    assertThat(server(ana)).isEqualTo(SECOND);
    assertThat(epoch(ana)).isEqualTo(2);
  }

  @Test
  void conferenceWithPeopleStaysThoughItsServerHasNoRoom() {
    stage.up.add(SECOND);
    stage.offer(stage.join(conference, "ana"));
    stage.script = _ -> new MediaAnswer.Busy("full");

    Answer<Signalling.Answered> ben = stage.tryOffer(stage.join(conference, "ben"));

    assertThat(refusal(ben)).isInstanceOf(Refusal.NoCapacity.class);
    assertThat(stage.ordersOf(SECOND)).isEmpty();
  }

  @Test
  void withoutServersThereIsNoCapacity() {
    stage.up.clear();

    Answer<Signalling.Answered> answer = stage.tryOffer(stage.join(conference, "ana"));

    assertThat(refusal(answer)).isInstanceOf(Refusal.NoCapacity.class);
  }

  @Test
  void silenceMovesNothing() {
    Participant ana = stage.join(conference, "ana");
    stage.up.add(SECOND);
    stage.script = _ -> new MediaAnswer.Unreachable("no link");

    Answer<Signalling.Answered> answer = stage.tryOffer(ana);

    assertThat(refusal(answer)).isInstanceOf(Refusal.MediaUnreachable.class);
    Allocation allocation = stage.store.allocation(conference);
    assertThat(allocation).isNotNull();
    assertThat(allocation.server()).isEqualTo(FIRST);
    assertThat(stage.read(ana).media()).isNull();
  }

  @Test
  void refusedOfferLeavesTheMediaThatWasThere() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.script = _ -> new MediaAnswer.OfferRefused("no audio line", 0);

    Answer<Signalling.Answered> again = stage.tryOffer(ana);

    assertThat(refusal(again)).isEqualTo(new Refusal.OfferRefused("no audio line", 0));
    assertThat(stage.read(ana).media()).isEqualTo(ana.media());
  }

  @Test
  void whoLeavesWhileBeingLetInIsRemovedAgain() {
    Participant ana = stage.join(conference, "ana");
    stage.script =
        given -> {
          if (given.order() instanceof Order.AdmitParticipant) {
            stage.participants.depart(conference, ana.id(), LeaveReason.CLIENT);
          }
          return Stage.accept(given);
        };

    Answer<Signalling.Answered> answer = stage.tryOffer(ana);

    assertThat(refusal(answer)).isEqualTo(new Refusal.Left(LeaveReason.CLIENT));
    assertThat(stage.ordersOf(FIRST).getLast()).isEqualTo(new Order.RemoveParticipant(ana.id()));
  }

  @Test
  void endWhileSomebodyIsLetInWins() {
    Participant ana = stage.join(conference, "ana");
    stage.script =
        given -> {
          if (given.order() instanceof Order.AdmitParticipant) {
            stage.conferences.end(conference, EndReason.API, null);
          }
          return Stage.accept(given);
        };

    Answer<Signalling.Answered> answer = stage.tryOffer(ana);

    assertThat(refusal(answer)).isInstanceOf(Refusal.Ended.class);
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.LEFT);
    assertThat(stage.read(conference).state()).isEqualTo(ConferenceState.ENDED);
    assertThat(stage.ordersOf(FIRST)).contains(new Order.RemoveParticipant(ana.id()));
  }

  @Test
  void audioGrantsGoToTheMediaServer() {
    Order.AdmitParticipant listener = admitted("lea", AudioGrant.RECV);
    Order.AdmitParticipant announcer = admitted("leo", AudioGrant.SEND);
    Order.AdmitParticipant reader = admitted("liz", AudioGrant.NONE);

    assertThat(listener.maySend()).isFalse();
    assertThat(listener.listening()).isNotEqualTo(Order.Listening.NONE);
    assertThat(announcer.maySend()).isTrue();
    assertThat(announcer.listening()).isEqualTo(Order.Listening.NONE);
    assertThat(reader.maySend()).isFalse();
    assertThat(reader.listening()).isEqualTo(Order.Listening.NONE);
  }

  private Order.AdmitParticipant admitted(String identity, AudioGrant audio) {
    Grants usual = Grants.of(Role.SPEAKER);
    Participant.Person person =
        new Participant.Person(
            identity,
            null,
            Role.SPEAKER,
            new Grants(
                audio, usual.moderate(), usual.chat(), usual.files(), usual.spatial(), false));
    stage.offer(
        Stage.done(stage.admission.join(new Admission.Wish(conference, person, false, false))));
    return (Order.AdmitParticipant) stage.ordersOf(FIRST).getLast();
  }

  private static @Nullable MediaServer server(Participant participant) {
    MediaSession media = participant.media();
    return media == null ? null : media.server();
  }

  private static long epoch(Participant participant) {
    MediaSession media = participant.media();
    return media == null ? 0 : media.epoch();
  }
}
