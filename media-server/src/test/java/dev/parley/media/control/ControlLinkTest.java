package dev.parley.media.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.control.Acknowledge;
import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.ControlCodec;
import dev.parley.common.control.ControlLimits;
import dev.parley.common.control.Order;
import dev.parley.common.control.ServerLoad;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.StateReport;
import dev.parley.common.control.Welcome;
import dev.parley.common.id.CommandId;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlLinkTest {
  private static final URI A = URI.create("ws://127.0.0.1:7001/control");
  private static final URI B = URI.create("ws://127.0.0.1:7002/control");
  private static final ConferenceId CONFERENCE = new ConferenceId("cf_1");
  private static final ConferenceId OTHER = new ConferenceId("cf_2");
  private static final ParticipantId ANA = new ParticipantId("pt_1");
  private static final CommandResult.Outcome DONE = new CommandResult.Accepted(null, null);
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private final ManualLoop loop = new ManualLoop();
  private final ScriptedNodes nodes = new ScriptedNodes(loop);
  private final LinkCounters counters = new LinkCounters();
  private final ArrayDeque<Runnable> workers = new ArrayDeque<>();
  private final List<Command> executed = new ArrayList<>();
  private final List<ConferenceSnapshot> present = new ArrayList<>();
  private boolean workersAreSlow;
  private int participantsMax = 100;
  private ControlLink link = newLink();

  @BeforeEach
  void start() {
    link.start();
    loop.run();
  }

  @Test
  void itSaysWhoItIsAndIsUpOnceWelcomed() {
    assertThat(link.upCount()).isZero();
    nodes.last().open();
    assertThat(nodes.last().hello().server()).isEqualTo(new ServerId("ms-1"));
    assertThat(link.upCount()).isZero();

    nodes.last().say(new Welcome("a", 1, 1000, 3500, List.of()));

    assertThat(link.upCount()).isEqualTo(1);
  }

  @Test
  void itBeatsEachSecondWithTheLoad() {
    ScriptedNodes.Dialled a = nodes.last().welcome("a");

    loop.advance(5 * SECOND_NS);

    assertThat(a.heartbeats()).isEqualTo(5);
    assertThat(a.pings).isEqualTo(5);
  }

  @Test
  void itDialsEveryNodeThatWelcomeLists() {
    nodes.last().welcome("a", A, B);

    assertThat(nodes.dialled).extracting(dialled -> dialled.address).containsExactly(A, B);
    nodes.last().welcome("b", A, B);
    assertThat(link.upCount()).isEqualTo(2);
  }

  @Test
  void aLearntAddressThatWouldCrossTheNetworkInClearTextIsNotDialled() {
    nodes.last().welcome("a", URI.create("ws://10.0.0.1:7001/control"));

    assertThat(nodes.dialled).hasSize(1);
    assertThat(counters.value(LinkCounter.PEERS_REFUSED)).isEqualTo(1);
  }

  @Test
  void aSecondLinkToTheSameNodeIsGivenUp() {
    nodes.last().welcome("a", A, B);
    ScriptedNodes.Dialled second = nodes.last().welcome("a", A, B);

    assertThat(second.closed).startsWith("1000");
    assertThat(link.upCount()).isEqualTo(1);
  }

  @Test
  void reportsAreSentUntilAcknowledgedOnWhicheverLinkIsUp() {
    ScriptedNodes.Dialled a = nodes.last().welcome("a", A, B);
    ScriptedNodes.Dialled b = nodes.last().welcome("b", A, B);
    report(connected(CONFERENCE));
    report(connected(OTHER));
    assertThat(a.heard())
        .containsExactly(
            new StateReport(1, connected(CONFERENCE)), new StateReport(2, connected(OTHER)));
    assertThat(b.heard()).isEmpty();
    a.say(new Acknowledge(1));

    a.breakOff();

    assertThat(b.heard()).containsExactly(new StateReport(2, connected(OTHER)));
    b.say(new Acknowledge(2));
    b.breakOff();
    report(connected(CONFERENCE));
    loop.advance(SECOND_NS);
    ScriptedNodes.Dialled again = nodes.last().welcome("c");
    assertThat(again.heard()).containsExactly(new StateReport(3, connected(CONFERENCE)));
  }

  @Test
  void aLinkThatAcknowledgesNothingLosesTheReportsToAnother() {
    ScriptedNodes.Dialled a = nodes.last().welcome("a", A, B);
    ScriptedNodes.Dialled b = nodes.last().welcome("b", A, B);
    report(connected(CONFERENCE));
    assertThat(a.heard()).hasSize(1);

    loop.advance(5 * SECOND_NS);

    assertThat(b.heard()).containsExactly(new StateReport(1, connected(CONFERENCE)));
    a.say(new Acknowledge(1));
    b.breakOff();
    assertThat(a.heard()).as("acknowledged by whichever").isEmpty();
  }

  @Test
  void withNoLinkAtAllStateWaitsAndIsMergedAndSpeakersAreDropped() {
    nodes.last().welcome("a").breakOff();
    assertThat(link.upCount()).isZero();
    for (int i = 0; i < 1000; i++) {
      report(connected(CONFERENCE));
      report(gone(CONFERENCE));
      link.report(speakers(CONFERENCE));
    }

    loop.advance(SECOND_NS);

    ScriptedNodes.Dialled again = nodes.last().welcome("a");
    assertThat(again.heard()).containsExactly(new StateReport(1, gone(CONFERENCE)));
    assertThat(counters.value(LinkCounter.SPEAKERS_DROPPED)).isEqualTo(1000);
  }

  @Test
  void theGreetingListsThoseWhoseEndTheSessionTierDoesNotKnowYet() {
    nodes.last().welcome("a").breakOff();
    present.add(new ConferenceSnapshot(OTHER, 4, List.of()));
    report(gone(CONFERENCE));

    loop.advance(SECOND_NS);

    assertThat(nodes.last().welcome("a").hello().conferences())
        .containsExactly(
            new ConferenceSnapshot(OTHER, 4, List.of()),
            new ConferenceSnapshot(CONFERENCE, 1, List.of(ANA)));
  }

  @Test
  void aGreetingThatWouldNotFitAFrameTellsTheBarePresent() {
    nodes.last().welcome("a").breakOff();
    present.add(new ConferenceSnapshot(OTHER, 4, List.of()));
    for (int i = 0; i < 4000; i++) {
      report(gone(new ConferenceId("cf_01JABCDEFGHJKMNPQRSTV" + i)));
    }

    loop.advance(SECOND_NS);

    assertThat(nodes.last().welcome("a").hello().conferences()).isEqualTo(present);
  }

  @Test
  void aSlowNodeGetsOneFrameAtATimeAndSpeakersLast() {
    ScriptedNodes.Dialled a = nodes.last().welcome("a");
    a.takes = false;
    report(connected(CONFERENCE));
    for (int i = 0; i < 50; i++) {
      link.report(speakers(CONFERENCE));
      link.report(speakers(OTHER));
    }
    report(connected(OTHER));
    loop.run();
    assertThat(a.heard()).containsExactly(new StateReport(1, connected(CONFERENCE)));

    a.take();
    assertThat(a.heard()).containsExactly(new StateReport(2, connected(OTHER)));
    a.take();
    a.take();
    a.take();
    assertThat(a.heard()).containsExactly(speakers(CONFERENCE), speakers(OTHER));
    assertThat(a.sending).isZero();
    assertThat(counters.value(LinkCounter.SPEAKERS_DROPPED)).isEqualTo(98);
  }

  @Test
  void aNodeThatTakesNothingIsGivenUp() {
    ScriptedNodes.Dialled a = nodes.last().welcome("a");
    a.takes = false;

    loop.advance(8 * SECOND_NS);

    assertThat(a.closed).isEqualTo("aborted");
    assertThat(counters.value(LinkCounter.PEERS_SILENT)).isEqualTo(1);
  }

  @Test
  void aNodeThatDoesNotPongIsGivenUpAndDialledAgain() {
    ScriptedNodes.Dialled a = nodes.last().welcome("a");
    a.pongs = false;

    loop.advance(5 * SECOND_NS);

    assertThat(a.closed).isEqualTo("aborted");
    assertThat(nodes.dialled.size()).isGreaterThan(1);
  }

  @Test
  void aNodeThatNeverWelcomesIsGivenUp() {
    ScriptedNodes.Dialled a = nodes.last().open();

    loop.advance(6 * SECOND_NS);

    assertThat(a.closed).isEqualTo("aborted");
    assertThat(nodes.dialled.size()).isEqualTo(2);
  }

  @Test
  void attemptsComeFurtherAndFurtherApart() {
    List<Long> at = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      at.add(loop.nowNs());
      nodes.last().refuse();
      int before = nodes.dialled.size();
      while (nodes.dialled.size() == before) {
        loop.advance(TimeUnit.MILLISECONDS.toNanos(10));
      }
    }

    assertThat(at.get(1) - at.get(0)).isLessThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(110));
    assertThat(at.get(11) - at.get(10))
        .isBetween(TimeUnit.MILLISECONDS.toNanos(2490), TimeUnit.MILLISECONDS.toNanos(5010));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "{\"type\":\"command\"}",
        "{\"type\":\"welcome\",\"node\":\"a b\",\"protocol\":1}",
        "{\"type\":\"acknowledge\",\"sequence\":-1}"
      })
  void garbageEndsTheLinkAndNothingElse(String garbage) {
    ScriptedNodes.Dialled a = nodes.last().welcome("a");
    report(connected(CONFERENCE));

    a.sayText(garbage);

    assertThat(a.closed).startsWith("1002");
    assertThat(counters.value(LinkCounter.FRAMES_MALFORMED)).isEqualTo(1);
    loop.advance(SECOND_NS);
    assertThat(nodes.last().welcome("a").heard()).hasSize(1);
  }

  @Test
  void anUnknownMessageIsCountedAndIgnored() {
    ScriptedNodes.Dialled a = nodes.last().welcome("a");

    a.sayText("{\"type\":\"dance\"}");

    assertThat(a.closed).isNull();
    assertThat(counters.value(LinkCounter.FRAMES_UNKNOWN)).isEqualTo(1);
    a.say(command("c1", CONFERENCE, 1));
    assertThat(a.heard()).hasSize(1);
  }

  @Test
  void aCommandBeforeTheWelcomeEndsTheLink() {
    ScriptedNodes.Dialled a = nodes.last().open();

    a.say(command("c1", CONFERENCE, 1));

    assertThat(a.closed).startsWith("1002");
    assertThat(executed).isEmpty();
  }

  @Test
  void aNodeWithoutACommonVersionIsLeft() {
    ScriptedNodes.Dialled a = nodes.last().open();

    a.say(new Welcome("a", 2, 1000, 3500, List.of()));

    assertThat(a.closed).startsWith("1002");
    assertThat(link.upCount()).isZero();
  }

  @Test
  void anAcknowledgementOfTheFutureIsIgnored() {
    ScriptedNodes.Dialled a = nodes.last().welcome("a");
    report(connected(CONFERENCE));

    a.say(new Acknowledge(99));
    a.breakOff();
    loop.advance(SECOND_NS);

    assertThat(nodes.last().welcome("a").heard()).hasSize(1);
    assertThat(counters.value(LinkCounter.FRAMES_UNEXPECTED)).isEqualTo(1);
  }

  @Test
  void aCommandIsAppliedOnceHoweverOftenAndWhereverItComes() {
    ScriptedNodes.Dialled a = nodes.last().welcome("a", A, B);
    ScriptedNodes.Dialled b = nodes.last().welcome("b", A, B);
    Command command = command("c1", CONFERENCE, 1);
    a.say(command);
    a.say(command);
    b.say(command);

    assertThat(executed).containsExactly(command);
    CommandResult result = new CommandResult(command.id(), DONE);
    assertThat(a.heard()).containsExactly(result, result);
    assertThat(b.heard()).containsExactly(result);
  }

  @Test
  void aRepetitionWhileItRunsIsAnsweredWhereItWasLastAsked() {
    workersAreSlow = true;
    ScriptedNodes.Dialled a = openSlowly("a", A, B);
    ScriptedNodes.Dialled b = openSlowly("b", A, B);
    a.say(command("c1", CONFERENCE, 1));
    b.say(command("c1", CONFERENCE, 1));
    a.breakOff();

    work();

    assertThat(executed).hasSize(1);
    assertThat(b.heard()).containsExactly(new CommandResult(new CommandId("c1"), DONE));
  }

  @Test
  void commandsOfOneConferenceRunInOrderAndThoseOfOthersDoNotWait() {
    workersAreSlow = true;
    ScriptedNodes.Dialled a = openSlowly("a");
    a.say(command("c1", CONFERENCE, 1));
    a.say(command("c2", CONFERENCE, 1));
    a.say(command("c3", OTHER, 1));

    assertThat(workers).as("one of each conference").hasSize(2);
    Runnable first = workers.removeFirst();
    work();
    assertThat(executed).extracting(command -> command.id().value()).containsExactly("c3");
    first.run();
    loop.run();
    work();
    assertThat(executed)
        .extracting(command -> command.id().value())
        .containsExactly("c3", "c1", "c2");
  }

  @Test
  void anOldEpochIsRefused() {
    ScriptedNodes.Dialled a = nodes.last().welcome("a");
    a.say(command("c1", CONFERENCE, 5));
    a.say(command("c2", CONFERENCE, 4));

    assertThat(executed).hasSize(1);
    assertThat(a.heard())
        .endsWith(new CommandResult(new CommandId("c2"), new CommandResult.Stale(5)));
    assertThat(counters.value(LinkCounter.COMMANDS_STALE)).isEqualTo(1);
  }

  @Test
  void aCommandThatFailsIsAnsweredAndTheNextOneRuns() {
    ScriptedNodes.Dialled a = nodes.last().welcome("a");
    a.say(command("boom", CONFERENCE, 1));
    a.say(command("c2", CONFERENCE, 1));

    assertThat(a.heard())
        .containsExactly(
            new CommandResult(new CommandId("boom"), new CommandResult.Busy("internal failure")),
            new CommandResult(new CommandId("c2"), DONE));
    assertThat(counters.value(LinkCounter.COMMANDS_FAILED)).isEqualTo(1);
  }

  @Test
  void floodedWithCommandsItAnswersBusyAndForgetsNone() {
    workersAreSlow = true;
    ScriptedNodes.Dialled a = openSlowly("a");
    for (int i = 0; i < ControlLimits.COMMANDS_IN_FLIGHT_MAX + 10; i++) {
      a.say(command("c" + i, CONFERENCE, 1));
    }

    assertThat(a.heard()).hasSize(10);
    assertThat(counters.value(LinkCounter.COMMANDS_BUSY)).isEqualTo(10);
    work();
    assertThat(executed).hasSize(ControlLimits.COMMANDS_IN_FLIGHT_MAX);
  }

  @Test
  void whileTheSessionTierIsBehindNobodyNewIsTaken() {
    participantsMax = 2;
    link = newLink();
    link.start();
    loop.run();
    ScriptedNodes.Dialled a = nodes.last().welcome("a");
    for (int i = 0; i < ControlLimits.REPORTS_IN_FLIGHT_MAX + 2; i++) {
      report(connected(new ConferenceId("cf_" + i)));
    }
    a.heard();

    a.say(new Command(new CommandId("c1"), CONFERENCE, 1, admit()));
    a.say(command("c2", CONFERENCE, 1));

    assertThat(executed).extracting(command -> command.id().value()).containsExactly("c2");
    assertThat(((CommandResult) a.heard().getFirst()).outcome())
        .isInstanceOf(CommandResult.Busy.class);
  }

  @Test
  void afterClosingNothingIsDialledAnyMore() {
    ScriptedNodes.Dialled a = nodes.last().welcome("a");

    link.close();
    loop.run();
    a.breakOff();
    loop.advance(60 * SECOND_NS);

    assertThat(a.closed).startsWith("1000");
    assertThat(nodes.dialled).hasSize(1);
    assertThat(link.upCount()).isZero();
  }

  private ControlLink newLink() {
    LinkContext context =
        new LinkContext(loop, nodes, this::runWorker, new Random(1), new ControlCodec(), counters);
    ControlLinkSettings settings =
        new ControlLinkSettings(
            new ServerId("ms-1"),
            "i1",
            new Region("eu"),
            "0.1.0",
            participantsMax,
            List.of(A),
            null);
    return new ControlLink(
        settings, new Commands(), () -> new ServerLoad(0, 0, 0, 0, 0, 0, false), context, () -> {});
  }

  private final class Commands implements MediaCommands {
    @Override
    public CommandResult.Outcome execute(Command command) {
      if (command.id().value().equals("boom")) {
        throw new IllegalStateException("boom");
      }
      executed.add(command);
      return DONE;
    }

    @Override
    public List<ConferenceSnapshot> conferences() {
      return present;
    }
  }

  private void runWorker(Runnable task) {
    if (workersAreSlow) {
      workers.addLast(task);
    } else {
      task.run();
    }
  }

  private void work() {
    for (Runnable task = workers.pollFirst(); task != null; task = workers.pollFirst()) {
      task.run();
      loop.run();
    }
  }

  /** With slow workers the greeting, too, waits for one. */
  private ScriptedNodes.Dialled openSlowly(String name, URI... announced) {
    ScriptedNodes.Dialled dialled = nodes.last().open();
    work();
    dialled.say(new Welcome(name, 1, 1000, 3500, List.of(announced)));
    return dialled;
  }

  private void report(StateEvent event) {
    link.report(event);
    loop.run();
  }

  private static StateEvent connected(ConferenceId conference) {
    return new StateEvent.ParticipantConnected(conference, 1, ANA);
  }

  private static StateEvent gone(ConferenceId conference) {
    return new StateEvent.ParticipantGone(conference, 1, ANA, StateEvent.GoneReason.CLIENT);
  }

  private static Speakers speakers(ConferenceId conference) {
    return new Speakers(conference, 1, ANA, List.of(new Speakers.Level(ANA, -20)));
  }

  private static Command command(String id, ConferenceId conference, long epoch) {
    return new Command(new CommandId(id), conference, epoch, new Order.EndConference());
  }

  private static Order admit() {
    return new Order.AdmitParticipant(
        ANA,
        1,
        "v=0\r\n",
        Order.Listening.AUTO,
        Order.SignallingProfile.RTC,
        true,
        false,
        Order.ConferenceSettings.DEFAULT);
  }
}
