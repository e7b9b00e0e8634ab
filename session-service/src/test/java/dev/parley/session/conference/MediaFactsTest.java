package dev.parley.session.conference;

import static dev.parley.session.conference.Stage.FIRST;
import static dev.parley.session.conference.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.Order;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.StateEvent.GoneReason;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MediaFactsTest {
  private static final Moderation.Change HOLD = new Moderation.Change(null, true, null, null);

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
  void eachReportIsAppliedOnce() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    StateEvent connected = new StateEvent.ParticipantConnected(conference, 1, ana.id());
    StateEvent lost = new StateEvent.ParticipantReconnecting(conference, 1, ana.id());
    stage.facts.onState(FIRST, 1, connected);
    stage.facts.onState(FIRST, 2, lost);
    stage.facts.onState(FIRST, 3, connected);

    // A link broke before the acknowledgement: all of it comes again.
    stage.facts.onState(FIRST, 1, connected);
    stage.facts.onState(FIRST, 2, lost);
    stage.facts.onState(FIRST, 3, connected);

    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTED);
    assertThat(stage.events)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("ParticipantJoined", "ParticipantUpdated", "ParticipantUpdated");
    assertThat(stage.read(conference).state()).isEqualTo(ConferenceState.LIVE);
  }

  @Test
  void reportOfAnotherIncarnationChangesNothing() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    MediaServer earlier = new MediaServer(FIRST.server(), "zero", FIRST.region());

    stage.facts.onState(
        earlier,
        9,
        new StateEvent.ParticipantGone(conference, 1, ana.id(), GoneReason.CONSENT_EXPIRED));

    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTING);
  }

  @Test
  void encodersOfTheServerThatHoldsTheConferenceAreTold() {
    stage.offer(stage.join(conference, "ana"));

    stage.facts.onState(FIRST, 1, new StateEvent.EncodersChanged(conference, 1, 3, 5));
    stage.facts.onState(SECOND, 1, new StateEvent.EncodersChanged(conference, 1, 0, 5));
    stage.facts.onState(FIRST, 2, new StateEvent.EncodersChanged(conference, 0, 1, 5));

    assertThat(stage.events).containsExactly(new ConferenceEvent.EncodersChanged(3, 5));
  }

  @Test
  void whoWatchesLaterLearnsOfTheEncodersEffortToo() {
    stage.offer(stage.join(conference, "ana"));
    assertThat(encoders()).isNull();

    stage.facts.onState(FIRST, 1, new StateEvent.EncodersChanged(conference, 1, 3, 5));
    stage.facts.onState(SECOND, 1, new StateEvent.EncodersChanged(conference, 1, 0, 5));
    assertThat(encoders()).isEqualTo(new EncoderEffort(3, 5));

    stage.facts.onState(FIRST, 2, new StateEvent.EncodersChanged(conference, 1, 5, 5));
    assertThat(encoders()).as("all the effort again").isNull();

    stage.facts.onState(FIRST, 3, new StateEvent.EncodersChanged(conference, 1, 0, 5));
    stage.facts.onServerLost(FIRST);
    assertThat(encoders()).as("another server's").isNull();
  }

  private @Nullable EncoderEffort encoders() {
    Roster roster = stage.participants.roster(conference);
    assertThat(roster).isNotNull();
    return roster.encoders();
  }

  @Test
  void connectionOfSomebodyWhoHasLeftIsUndone() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.participants.depart(conference, ana.id(), LeaveReason.CLIENT);
    stage.orders.clear();

    stage.facts.onState(FIRST, 1, new StateEvent.ParticipantConnected(conference, 1, ana.id()));

    assertThat(stage.ordersOf(FIRST)).containsExactly(new Order.RemoveParticipant(ana.id()));
  }

  @Test
  void sessionBegunWithATicketTakesThePlaceOfThoseThatCarryTheSame() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.facts.onState(FIRST, 1, new StateEvent.ParticipantConnected(conference, 1, ana.id()));
    stage.orders.clear();

    stage.facts.onState(FIRST, 2, began(ana, "leg-2", false, false));
    stage.facts.onState(FIRST, 2, began(ana, "leg-3", false, false));

    Participant now = stage.read(ana);
    assertThat(now.listening()).isEqualTo(Order.Listening.MIX);
    assertThat(now.media()).isNotNull();
    assertThat(now.media().legs())
        .containsExactly(new MediaLeg("leg-2", Order.SignallingProfile.RTC, "frag", 0));
    assertThat(stage.orders).isEmpty();
  }

  @Test
  void serverIsToldWhatWasDecidedAfterTheTicketWasMade() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    assertThat(stage.moderation.change(conference, ana.id(), HOLD, false, null))
        .isInstanceOf(Answer.Done.class);
    stage.orders.clear();

    stage.facts.onState(FIRST, 1, began(ana, "leg-2", true, false));

    assertThat(stage.ordersOf(FIRST))
        .containsExactly(
            new Order.MuteParticipant(ana.id(), false), new Order.HoldParticipant(ana.id(), true));
  }

  @Test
  void sessionOfSomebodyWhoHasLeftMeanwhileIsUndone() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.participants.depart(conference, ana.id(), LeaveReason.KICKED);
    stage.orders.clear();

    stage.facts.onState(FIRST, 1, began(ana, "leg-2", false, false));

    assertThat(stage.ordersOf(FIRST)).containsExactly(new Order.RemoveParticipant(ana.id()));
  }

  private StateEvent began(Participant stay, String session, boolean muted, boolean held) {
    return new StateEvent.SessionBegan(
        conference,
        1,
        stay.id(),
        session,
        Order.SignallingProfile.RTC,
        Order.Listening.MIX,
        "frag",
        muted,
        held);
  }

  @Test
  void conferenceOfALostServerGoesToAnotherAndItsPeopleStayWhoTheyAre() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.facts.onState(FIRST, 1, new StateEvent.ParticipantConnected(conference, 1, ana.id()));
    stage.events.clear();
    stage.up.remove(FIRST);
    stage.up.add(SECOND);

    stage.facts.onServerLost(FIRST);
    stage.facts.onServerLost(FIRST);

    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.RECONNECTING);
    assertThat(stage.events)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("ParticipantUpdated", "MediaMoves");
    assertThat(stage.events.getLast())
        .isEqualTo(new ConferenceEvent.MediaMoves(2, MoveReason.SERVER_LOST));
    Participant again = stage.offer(stage.read(ana));
    assertThat(again.id()).isEqualTo(ana.id());
    assertThat(again.media()).isNotNull();
    assertThat(again.media().server()).isEqualTo(SECOND);
    assertThat(again.media().epoch()).isEqualTo(2);
    stage.facts.onState(SECOND, 1, new StateEvent.ParticipantConnected(conference, 2, ana.id()));
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTED);
    assertThat(stage.read(conference).participantCount()).isEqualTo(1);
  }

  @Test
  void whoDoesNotComeToTheNewServerIsOutAfterAWhile() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.facts.onState(FIRST, 1, new StateEvent.ParticipantConnected(conference, 1, ana.id()));
    stage.up.clear();
    stage.facts.onServerLost(FIRST);

    stage.clock.advance(Duration.ofSeconds(29));
    stage.dueWork.run();
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.RECONNECTING);
    stage.clock.advance(Duration.ofSeconds(1));
    stage.dueWork.run();

    assertThat(stage.read(ana).departure())
        .isNotNull()
        .extracting(Participant.Departure::reason)
        .isEqualTo(LeaveReason.SERVER_LOST);
  }

  @Test
  void incarnationThatWasGivenUpGetsNothingAnyMoreAndIsTold() {
    stage.facts.onServerUp(FIRST, List.of());
    stage.facts.onServerLost(FIRST);

    stage.facts.onServerUp(FIRST, List.of(new ConferenceSnapshot(conference, 1, List.of())));

    assertThat(stage.fenced).containsExactly(FIRST);
    assertThat(stage.orders).isEmpty();
    Answer<Signalling.Answered> answer = stage.tryOffer(stage.join(conference, "ana"));
    assertThat(Stage.refusal(answer))
        .as("this node has not heard of the fence and would choose it")
        .isInstanceOf(Refusal.NoCapacity.class);
    stage.clock.advance(Duration.ofMinutes(5));
    stage.facts.lookAfterServers();
    assertThat(stage.store.knownFleet().servers()).isEmpty();
    assertThat(stage.store.isFenced(FIRST)).as("for ever").isTrue();
  }

  @Test
  void whatANodeLeftUndoneWhenAServerWasLostAnotherFinishes() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.facts.onServerUp(FIRST, List.of());
    stage.up.add(SECOND);
    stage.store.fence(FIRST);
    KnownServer known = stage.store.knownServer(FIRST);
    assertThat(known).isNotNull();
    stage.store.write(known.lost(stage.clock.instant()));

    stage.newFacts().lookAfterServers();

    Allocation allocation = stage.store.allocation(conference);
    assertThat(allocation).isNotNull();
    assertThat(allocation.server()).isEqualTo(SECOND);
    assertThat(stage.read(ana).media()).extracting(MediaSession::lostAt).isNotNull();
    assertThat(stage.fenced).contains(FIRST);
  }

  @Test
  void clientsWordsReachTheServerThatTheyAreOn() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    MediaTestimony testimony = new MediaTestimony(stage.store, stage.servers, Runnable::run);

    testimony.hear(conference, ana.id(), new MediaWord(true, Duration.ofMillis(20)));
    testimony.hear(conference, ana.id(), MediaWord.STOPPED);
    testimony.hear(conference, new ParticipantId("pt_nobody"), MediaWord.STOPPED);

    assertThat(stage.testimony).containsExactly("ms-1 flows", "ms-1 stopped");
  }

  @Test
  void helloSettlesWhatEachSideHolds() {
    Participant ana = stage.offer(stage.join(conference, "ana"));
    Participant ben = stage.offer(stage.join(conference, "ben"));
    Participant eve = stage.offer(stage.join(conference, "eve"));
    stage.participants.depart(conference, eve.id(), LeaveReason.KICKED);
    ConferenceId unknown = new ConferenceId("cf_unknown");
    stage.clock.advance(Duration.ofSeconds(11));
    stage.orders.clear();

    stage.facts.onServerUp(
        FIRST,
        List.of(
            new ConferenceSnapshot(conference, 1, List.of(ana.id(), eve.id())),
            new ConferenceSnapshot(unknown, 5, List.of())));

    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTING);
    assertThat(stage.read(ben).state()).isEqualTo(ParticipantState.LEFT);
    assertThat(stage.orders)
        .containsExactlyInAnyOrder(
            new Stage.Given(FIRST, conference, 1, new Order.RemoveParticipant(eve.id())),
            new Stage.Given(FIRST, unknown, 5, new Order.EndConference()));
  }

  @Test
  void helloThatCrossedAnAdmissionTakesNobodyOut() {
    Participant ana = stage.offer(stage.join(conference, "ana"));

    stage.facts.onServerUp(FIRST, List.of());

    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTING);
  }

  @Test
  void endedConferenceIsEndedOnAServerThatComesBack() {
    stage.offer(stage.join(conference, "ana"));
    stage.script = _ -> new MediaAnswer.Unreachable("no link");
    Stage.done(stage.conferences.end(conference, EndReason.API, null));
    stage.orders.clear();

    stage.facts.onServerUp(FIRST, List.of(new ConferenceSnapshot(conference, 1, List.of())));

    assertThat(stage.orders)
        .containsExactly(new Stage.Given(FIRST, conference, 2, new Order.EndConference()));
  }

  @Test
  void conferenceThatFailedOnItsServerIsFreeForAnother() {
    Participant ana = stage.offer(stage.join(conference, "ana"));

    stage.facts.onState(
        FIRST, 1, new StateEvent.ConferenceClosed(conference, 1, StateEvent.ClosedReason.FAILED));

    Participant again = stage.offer(stage.read(ana));
    assertThat(again.media()).isNotNull();
    assertThat(again.media().epoch()).as("freed, then given").isEqualTo(3);
    stage.facts.onState(
        FIRST, 2, new StateEvent.ConferenceClosed(conference, 1, StateEvent.ClosedReason.FAILED));
    assertThat(stage.read(again).state())
        .as("the older epoch is over already")
        .isEqualTo(ParticipantState.CONNECTING);
  }

  @Test
  void serverThatDoesNotComeBackAfterARestartIsGivenUp() {
    stage.facts.onServerUp(FIRST, List.of());
    Participant ana = stage.offer(stage.join(conference, "ana"));
    stage.facts.onState(FIRST, 1, new StateEvent.ParticipantConnected(conference, 1, ana.id()));

    MediaFacts restarted = stage.newFacts();
    restarted.lookAfterServers();
    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.CONNECTED);
    stage.clock.advance(Duration.ofSeconds(30));
    stage.up.clear();
    restarted.lookAfterServers();

    assertThat(stage.read(ana).state()).isEqualTo(ParticipantState.RECONNECTING);
    assertThat(stage.store.isFenced(FIRST)).isTrue();
  }
}
