package dev.parley.media.control;

import static dev.parley.media.control.ControlLinkRig.A;
import static dev.parley.media.control.ControlLinkRig.B;
import static dev.parley.media.control.ControlLinkRig.BOOM;
import static dev.parley.media.control.ControlLinkRig.CONFERENCE;
import static dev.parley.media.control.ControlLinkRig.DONE;
import static dev.parley.media.control.ControlLinkRig.OTHER;
import static dev.parley.media.control.ControlLinkRig.admit;
import static dev.parley.media.control.ControlLinkRig.command;
import static dev.parley.media.control.ControlLinkRig.connected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ControlLimits;
import dev.parley.common.control.Deed;
import dev.parley.common.control.Order;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.StateReport;
import dev.parley.common.id.CommandId;
import dev.parley.common.id.ConferenceId;
import org.junit.jupiter.api.Test;

/** Commands on their way down: each once, in order, or answered why not. */
class ControlLinkCommandsTest {
  private final ControlLinkRig rig = new ControlLinkRig(100);

  @Test
  void aCommandBeforeTheWelcomeEndsTheLink() {
    ScriptedNodes.Dialled a = rig.nodes.last().open();

    a.say(command("c1", CONFERENCE, 1));

    assertThat(a.closed).startsWith("1002");
    assertThat(rig.executed).isEmpty();
  }

  @Test
  void aCommandIsAppliedOnceHoweverOftenAndWhereverItComes() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a", A, B);
    ScriptedNodes.Dialled b = rig.nodes.last().welcome("b", A, B);
    Command command = command("c1", CONFERENCE, 1);
    a.say(command);
    a.say(command);
    b.say(command);

    assertThat(rig.executed).containsExactly(command);
    CommandResult result = new CommandResult(command.id(), DONE);
    assertThat(a.heard()).containsExactly(result, result);
    assertThat(b.heard()).containsExactly(result);
  }

  @Test
  void aRepetitionWhileItRunsIsAnsweredWhereItWasLastAsked() {
    rig.workersAreSlow = true;
    ScriptedNodes.Dialled a = rig.openSlowly("a", A, B);
    ScriptedNodes.Dialled b = rig.openSlowly("b", A, B);
    a.say(command("c1", CONFERENCE, 1));
    b.say(command("c1", CONFERENCE, 1));
    a.breakOff();

    rig.work();

    assertThat(rig.executed).hasSize(1);
    assertThat(b.heard()).containsExactly(new CommandResult(new CommandId("c1"), DONE));
  }

  @Test
  void whatIsDoneUnrecordedIsOwedBeforeItIsAnsweredAndOwedOnce() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a", A, B);
    ScriptedNodes.Dialled b = rig.nodes.last().welcome("b", A, B);
    Order order = new Order.DoUnrecorded(ControlLinkRig.ANA, Deed.EVICT, 60);
    Command command = new Command(new CommandId("c1"), CONFERENCE, 3, order);
    StateReport owed =
        new StateReport(
            1, new StateEvent.CarriedOut(CONFERENCE, 3, ControlLinkRig.ANA, Deed.EVICT, 60));

    a.say(command);
    b.say(command);
    assertThat(a.heard()).containsExactly(owed, new CommandResult(command.id(), DONE));
    assertThat(b.heard()).containsExactly(new CommandResult(command.id(), DONE));
    a.breakOff();
    rig.loop.run();

    assertThat(b.heard()).as("the node that ordered it is gone").containsExactly(owed);
  }

  @Test
  void whatWasNotDoneIsNotOwed() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");
    rig.script = _ -> new CommandResult.NotFound();

    a.say(
        new Command(
            new CommandId("c1"),
            CONFERENCE,
            3,
            new Order.DoUnrecorded(ControlLinkRig.ANA, Deed.MUTE, 0)));

    assertThat(a.heard())
        .containsExactly(new CommandResult(new CommandId("c1"), new CommandResult.NotFound()));
  }

  @Test
  void commandsOfOneConferenceRunInOrderAndThoseOfOthersDoNotWait() {
    rig.workersAreSlow = true;
    ScriptedNodes.Dialled a = rig.openSlowly("a");
    a.say(command("c1", CONFERENCE, 1));
    a.say(command("c2", CONFERENCE, 1));
    a.say(command("c3", OTHER, 1));

    assertThat(rig.workers).as("one of each conference").hasSize(2);
    Runnable first = rig.workers.removeFirst();
    rig.work();
    assertThat(rig.executed).extracting(command -> command.id().value()).containsExactly("c3");
    first.run();
    rig.loop.run();
    rig.work();
    assertThat(rig.executed)
        .extracting(command -> command.id().value())
        .containsExactly("c3", "c1", "c2");
  }

  @Test
  void anOldEpochIsRefused() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");
    a.say(command("c1", CONFERENCE, 5));
    a.say(command("c2", CONFERENCE, 4));

    assertThat(rig.executed).hasSize(1);
    assertThat(a.heard())
        .endsWith(new CommandResult(new CommandId("c2"), new CommandResult.Stale(5)));
    assertThat(rig.counters.value(LinkCounter.COMMANDS_STALE)).isEqualTo(1);
  }

  @Test
  void aCommandThatFailsIsAnsweredAndTheNextOneRuns() {
    ScriptedNodes.Dialled a = rig.nodes.last().welcome("a");
    a.say(command(BOOM, CONFERENCE, 1));
    a.say(command("c2", CONFERENCE, 1));

    assertThat(a.heard())
        .containsExactly(
            new CommandResult(new CommandId(BOOM), new CommandResult.Busy("internal failure")),
            new CommandResult(new CommandId("c2"), DONE));
    assertThat(rig.counters.value(LinkCounter.COMMANDS_FAILED)).isEqualTo(1);
    assertThat(rig.counters.value(LinkCounter.COMMANDS_APPLIED)).isEqualTo(1);
  }

  @Test
  void floodedWithCommandsItAnswersBusyAndForgetsNone() {
    rig.workersAreSlow = true;
    ScriptedNodes.Dialled a = rig.openSlowly("a");
    for (int i = 0; i < ControlLimits.COMMANDS_IN_FLIGHT_MAX + 10; i++) {
      a.say(command("c" + i, CONFERENCE, 1));
    }

    assertThat(a.heard()).hasSize(10);
    assertThat(rig.counters.value(LinkCounter.COMMANDS_BUSY)).isEqualTo(10);
    rig.work();
    assertThat(rig.executed).hasSize(ControlLimits.COMMANDS_IN_FLIGHT_MAX);
  }

  @Test
  void whileTheSessionTierIsBehindNobodyNewIsTaken() {
    ControlLinkRig small = new ControlLinkRig(2);
    ScriptedNodes.Dialled a = small.nodes.last().welcome("a");
    for (int i = 0; i < ControlLimits.REPORTS_IN_FLIGHT_MAX + 2; i++) {
      small.report(connected(new ConferenceId("cf_" + i)));
    }
    a.heard();

    a.say(new Command(new CommandId("c1"), CONFERENCE, 1, admit()));
    a.say(command("c2", CONFERENCE, 1));

    assertThat(small.executed).extracting(command -> command.id().value()).containsExactly("c2");
    assertThat(((CommandResult) a.heard().getFirst()).outcome())
        .isInstanceOf(CommandResult.Busy.class);
  }
}
