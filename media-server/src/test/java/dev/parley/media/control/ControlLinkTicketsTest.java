package dev.parley.media.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Acknowledge;
import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.Deed;
import dev.parley.common.control.Fence;
import dev.parley.common.control.Order;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.StateReport;
import dev.parley.common.control.TicketKey;
import dev.parley.common.control.Welcome;
import dev.parley.common.id.CommandId;
import dev.parley.common.id.ServerId;
import dev.parley.common.token.MediaTicket;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is done with tickets that were checked, with links and without. */
class ControlLinkTicketsTest {
  private static final CommandResult.Accepted ANSWERED =
      new CommandResult.Accepted("v=0\r\n", Order.Listening.MIX, "EsAw");
  private static final StateEvent BEGAN = began(false);

  private final ControlLinkRig rig = new ControlLinkRig(10);

  ControlLinkTicketsTest() {
    rig.script =
        command ->
            command.order() instanceof Order.AdmitParticipant ? ANSWERED : ControlLinkRig.DONE;
  }

  @Test
  void keysComeWithTheWelcomeAndStayUntilThereAreOthers() {
    assertThat(rig.link.tickets()).isNull();
    ScriptedNodes.Dialled node = rig.nodes.last().welcome("a");
    assertThat(rig.link.tickets()).as("from an older node").isNull();
    TicketKey key = TicketKey.of("1", new byte[32]);

    node.say(new Welcome("a", 1, 1000, 3500, List.of(), List.of(key)));
    var first = rig.link.tickets();
    node.say(new Welcome("a", 1, 1000, 3500, List.of()));

    assertThat(first).isNotNull();
    assertThat(rig.link.tickets()).isSameAs(first);
  }

  @Test
  void ticketIsCarriedOutAsTheCommandWouldBeAndReported() {
    ScriptedNodes.Dialled node = rig.nodes.last().welcome("a");
    node.heard();

    assertThat(admit(ticket("mt_1", 3, false))).isCompletedWithValue(ANSWERED);

    assertThat(rig.executed).hasSize(1);
    assertThat(rig.executed.getFirst().epoch()).isEqualTo(3);
    assertThat(rig.executed.getFirst().order())
        .isEqualTo(ticket("mt_1", 3, false).terms().admit("v=0\r\n"));
    assertThat(node.heard()).containsExactly(new StateReport(1, BEGAN));
  }

  @Test
  void withNoLinkItIsReportedLater() {
    ScriptedNodes.Dialled first = rig.nodes.last().welcome("a");
    first.breakOff();

    assertThat(admit(ticket("mt_1", 3, false))).isCompletedWithValue(ANSWERED);
    rig.report(
        new StateEvent.ParticipantConnected(ControlLinkRig.CONFERENCE, 3, ControlLinkRig.ANA));
    rig.loop.advance(ControlLinkRig.SECOND_NS);
    ScriptedNodes.Dialled second = rig.nodes.last().welcome("a");

    assertThat(second).isNotSameAs(first);
    assertThat(second.heard())
        .containsExactly(
            new StateReport(1, BEGAN),
            new StateReport(
                2,
                new StateEvent.ParticipantConnected(
                    ControlLinkRig.CONFERENCE, 3, ControlLinkRig.ANA)));
  }

  @Test
  void ticketOfAnOlderEpochIsStale() {
    ScriptedNodes.Dialled node = rig.nodes.last().welcome("a");
    node.say(command("c1", 4, new Order.MuteParticipant(ControlLinkRig.ANA, true)));

    assertThat(admit(ticket("mt_1", 3, false))).isCompletedWithValue(new CommandResult.Stale(4));
    assertThat(admit(ticket("mt_2", 4, false))).isCompletedWithValue(ANSWERED);
  }

  @Test
  void ticketOfWhoWasRemovedSinceIsVoidEvenIfNobodyWasThereYet() {
    ScriptedNodes.Dialled node = rig.nodes.last().welcome("a");
    rig.script = _ -> new CommandResult.NotFound();
    node.say(command("c1", 3, new Order.RemoveParticipant(ControlLinkRig.ANA)));
    rig.script = _ -> ANSWERED;
    rig.executed.clear();

    assertThat(admit(ticket("mt_1", 3, false))).isCompletedWithValue(new CommandResult.NotFound());
    assertThat(rig.executed).isEmpty();
    assertThat(admit(ticket("mt_2", 4, false))).as("made later").isCompletedWithValue(ANSWERED);

    node.say(command("c2", 4, new Order.DoUnrecorded(ControlLinkRig.ANA, Deed.MUTE, 0)));
    assertThat(admit(ticket("mt_4", 4, false))).as("muted").isCompletedWithValue(ANSWERED);
    node.say(command("c3", 4, new Order.DoUnrecorded(ControlLinkRig.ANA, Deed.EVICT, 0)));
    assertThat(admit(ticket("mt_5", 4, false))).isCompletedWithValue(new CommandResult.NotFound());

    node.say(command("c4", 4, new Order.EndConference()));
    assertThat(admit(ticket("mt_3", 4, false)))
        .as("of the whole conference")
        .isCompletedWithValue(new CommandResult.NotFound());
  }

  @Test
  void whoIsOnHoldIsPutOnHoldBeforeTheAnswerIsGiven() {
    rig.nodes.last().welcome("a");

    assertThat(admit(ticket("mt_1", 3, true))).isCompletedWithValue(ANSWERED);

    assertThat(rig.executed)
        .extracting(Command::order)
        .endsWith(new Order.HoldParticipant(ControlLinkRig.ANA, true));
  }

  @Test
  void whoCannotBePutOnHoldIsTakenOutAgain() {
    rig.nodes.last().welcome("a");
    rig.script =
        command ->
            command.order() instanceof Order.AdmitParticipant
                ? ANSWERED
                : new CommandResult.Busy("behind");

    assertThat(admit(ticket("mt_1", 3, true)).join()).isInstanceOf(CommandResult.Busy.class);

    assertThat(rig.executed)
        .extracting(Command::order)
        .endsWith(new Order.RemoveParticipant(ControlLinkRig.ANA));
  }

  @Test
  void refusedOfferIsNotReported() {
    ScriptedNodes.Dialled node = rig.nodes.last().welcome("a");
    node.heard();
    rig.script = _ -> new CommandResult.OfferRefused("no ice-ufrag", 3);

    assertThat(admit(ticket("mt_1", 3, false)))
        .isCompletedWithValue(new CommandResult.OfferRefused("no ice-ufrag", 3));
    assertThat(node.heard()).isEmpty();
  }

  @Test
  void ticketForTheIncarnationThatWasGivenUpIsNotTaken() {
    ScriptedNodes.Dialled node = rig.nodes.last().welcome("a");
    MediaTicket ticket = ticket("mt_1", 3, false);
    assertThat(rig.link.isFor(ticket.place())).isTrue();

    node.say(new Fence());

    assertThat(rig.link.isFor(ticket.place())).isFalse();
    assertThat(admit(ticket).join()).isInstanceOf(CommandResult.Busy.class);
    assertThat(rig.executed).isEmpty();
  }

  @Test
  void serverThatOwesTooMuchTakesNoTicketsEither() {
    ControlLinkRig small = new ControlLinkRig(1);
    small.nodes.last().welcome("a").breakOff();
    small.report(ControlLinkRig.connected(ControlLinkRig.OTHER));
    CompletableFuture<CommandResult.Outcome> outcome =
        small.link.admit(ticket("mt_1", 3, false), "v=0\r\n");
    small.loop.run();

    assertThat(outcome.join()).isInstanceOf(CommandResult.Busy.class);
  }

  @Test
  void reportIsKeptUntilItIsAcknowledged() {
    ScriptedNodes.Dialled node = rig.nodes.last().welcome("a");
    var _ = admit(ticket("mt_1", 3, false));
    node.say(new Acknowledge(1));
    node.breakOff();
    rig.loop.advance(ControlLinkRig.SECOND_NS);

    assertThat(rig.nodes.last().welcome("a").heard()).isEmpty();
  }

  private CompletableFuture<CommandResult.Outcome> admit(MediaTicket ticket) {
    CompletableFuture<CommandResult.Outcome> outcome = rig.link.admit(ticket, "v=0\r\n");
    rig.loop.run();
    return outcome;
  }

  private static Command command(String id, long epoch, Order order) {
    return new Command(new CommandId(id), ControlLinkRig.CONFERENCE, epoch, order);
  }

  private static StateEvent began(boolean held) {
    return new StateEvent.SessionBegan(
        ControlLinkRig.CONFERENCE,
        3,
        ControlLinkRig.ANA,
        "s-1",
        Order.SignallingProfile.RTC,
        Order.Listening.MIX,
        "EsAw",
        false,
        held);
  }

  private static MediaTicket ticket(String id, long epoch, boolean held) {
    return new MediaTicket(
        id,
        new MediaTicket.Place(new ServerId("ms-1"), "i1", ControlLinkRig.CONFERENCE, epoch),
        new MediaTicket.Terms(
            ControlLinkRig.ANA,
            1,
            Order.Listening.AUTO,
            Order.SignallingProfile.RTC,
            true,
            false,
            held,
            Order.ConferenceSettings.DEFAULT,
            null,
            "s-1"),
        List.of(),
        Instant.EPOCH);
  }
}
