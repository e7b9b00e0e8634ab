package dev.parley.media.control;

import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.ControlCodec;
import dev.parley.common.control.Order;
import dev.parley.common.control.ServerLoad;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
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
import java.util.function.Function;

/** One link to session nodes that do what a test says, on a loop whose clock the test moves. */
final class ControlLinkRig {
  static final URI A = URI.create("ws://127.0.0.1:7001/control");
  static final URI B = URI.create("ws://127.0.0.1:7002/control");
  static final ConferenceId CONFERENCE = new ConferenceId("cf_1");
  static final ConferenceId OTHER = new ConferenceId("cf_2");
  static final ParticipantId ANA = new ParticipantId("pt_1");
  static final CommandResult.Outcome DONE = CommandResult.Accepted.PLAIN;
  static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  /** The id of a command that fails. */
  static final String BOOM = "boom";

  final ManualLoop loop = new ManualLoop();
  final ScriptedNodes nodes = new ScriptedNodes(loop);
  final LinkCounters counters = new LinkCounters();
  final ArrayDeque<Runnable> workers = new ArrayDeque<>();
  final List<Command> executed = new ArrayList<>();
  final List<ConferenceSnapshot> present = new ArrayList<>();
  final ControlLink link;
  Function<Command, CommandResult.Outcome> script = _ -> DONE;
  boolean workersAreSlow;

  /** Has dialled the first node. */
  ControlLinkRig(int participantsMax) {
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
    link =
        new ControlLink(
            settings,
            new Commands(),
            () -> new ServerLoad(0, 0, 0, 0, 0, 0, false),
            context,
            () -> {});
    link.start();
    loop.run();
  }

  private void runWorker(Runnable task) {
    if (workersAreSlow) {
      workers.addLast(task);
    } else {
      task.run();
    }
  }

  /** Does what waits for workers. */
  void work() {
    for (Runnable task = workers.pollFirst(); task != null; task = workers.pollFirst()) {
      task.run();
      loop.run();
    }
  }

  /** With slow workers the greeting, too, waits for one. */
  ScriptedNodes.Dialled openSlowly(String name, URI... announced) {
    ScriptedNodes.Dialled dialled = nodes.last().open();
    work();
    dialled.say(new Welcome(name, 1, 1000, 3500, List.of(announced)));
    return dialled;
  }

  void report(StateEvent event) {
    link.report(event);
    loop.run();
  }

  static StateEvent connected(ConferenceId conference) {
    return new StateEvent.ParticipantConnected(conference, 1, ANA);
  }

  static StateEvent gone(ConferenceId conference) {
    return new StateEvent.ParticipantGone(conference, 1, ANA, StateEvent.GoneReason.CLIENT);
  }

  static Speakers speakers(ConferenceId conference) {
    return new Speakers(conference, 1, ANA, List.of(new Speakers.Level(ANA, -20)));
  }

  static Command command(String id, ConferenceId conference, long epoch) {
    return new Command(new CommandId(id), conference, epoch, new Order.EndConference());
  }

  static Order admit() {
    return new Order.AdmitParticipant(
        ANA,
        1,
        "v=0\r\n",
        Order.Listening.AUTO,
        Order.SignallingProfile.RTC,
        true,
        false,
        Order.ConferenceSettings.DEFAULT,
        null,
        null);
  }

  private final class Commands implements MediaCommands {
    @Override
    public CommandResult.Outcome execute(Command command) {
      if (command.id().value().equals(BOOM)) {
        throw new IllegalStateException(BOOM);
      }
      executed.add(command);
      return script.apply(command);
    }

    @Override
    public List<ConferenceSnapshot> conferences() {
      return present;
    }

    @Override
    public void endAll() {
      present.clear();
    }
  }
}
