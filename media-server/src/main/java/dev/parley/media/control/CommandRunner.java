package dev.parley.media.control;

import dev.parley.common.control.Command;
import dev.parley.common.control.CommandLog;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ControlLimits;
import dev.parley.common.control.Order;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.CommandId;
import dev.parley.common.id.ConferenceId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out commands, each once, one at a time for each conference, and answers on the link by
 * which each was last asked for. Its state belongs to the {@link LinkLoop}'s thread; the commands
 * themselves run on workers.
 */
final class CommandRunner {
  private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);
  private static final int FINISHED_MAX = 4096;
  private static final int EPOCHS_MAX = 16_384;

  private final LinkLoop loop;
  private final LinkContext context;
  private final MediaCommands commands;
  private final BooleanSupplier refusesAdmissions;
  private final Consumer<StateEvent> report;
  private final LinkCounters counters;
  private final CommandLog log =
      new CommandLog(FINISHED_MAX, ControlLimits.COMMANDS_IN_FLIGHT_MAX, EPOCHS_MAX);
  // A conference is a key while one of its commands runs; the rest wait in the queue.
  private final Map<ConferenceId, ArrayDeque<Command>> queues = new HashMap<>();
  private final Map<CommandId, Consumer<CommandResult>> askedBy = new HashMap<>();

  /**
   * Takes what it needs.
   *
   * @param report takes in what was done unrecorded, before anybody is told that it was
   */
  CommandRunner(
      LinkContext context,
      MediaCommands commands,
      BooleanSupplier refusesAdmissions,
      Consumer<StateEvent> report) {
    this.context = context;
    this.loop = context.loop();
    this.counters = context.counters();
    this.commands = commands;
    this.refusesAdmissions = refusesAdmissions;
    this.report = report;
  }

  /**
   * Takes a command in.
   *
   * @param asker gets the result, if nobody asks for the same after him
   */
  void onCommand(Consumer<CommandResult> asker, Command command) {
    switch (log.arrive(command)) {
      case CommandLog.Answer(CommandResult.Outcome outcome) -> {
        count(outcome);
        asker.accept(new CommandResult(command.id(), outcome));
      }
      case CommandLog.Running _ -> {
        counters.increment(LinkCounter.COMMANDS_REPEATED);
        askedBy.put(command.id(), asker);
      }
      case CommandLog.Apply _ -> {
        askedBy.put(command.id(), asker);
        enqueue(command);
      }
    }
  }

  private void count(CommandResult.Outcome outcome) {
    counters.increment(
        switch (outcome) {
          case CommandResult.Stale _ -> LinkCounter.COMMANDS_STALE;
          case CommandResult.Busy _ -> LinkCounter.COMMANDS_BUSY;
          case CommandResult.Accepted _,
              CommandResult.IceRestarted _,
              CommandResult.NotFound _,
              CommandResult.OfferRefused _ ->
              LinkCounter.COMMANDS_REPEATED;
        });
  }

  private void enqueue(Command command) {
    ArrayDeque<Command> queue = queues.get(command.conference());
    if (queue != null) {
      queue.addLast(command);
      return;
    }
    queues.put(command.conference(), new ArrayDeque<>());
    run(command);
  }

  private void run(Command command) {
    if (command.order() instanceof Order.AdmitParticipant && refusesAdmissions.getAsBoolean()) {
      counters.increment(LinkCounter.COMMANDS_BUSY);
      onDone(
          command, new CommandResult.Busy("the session tier is behind with this server's reports"));
      return;
    }
    context
        .workers()
        .execute(() -> {
          CommandResult.Outcome outcome = execute(command);
          loop.execute(() -> onExecuted(command, outcome));
        });
  }

  /** Null stands for an exception: which is counted, as all else is, on the loop's thread. */
  private CommandResult.@Nullable Outcome execute(Command command) {
    try {
      return commands.execute(command);
    } catch (RuntimeException e) {
      LOG.error("command {} failed", command.id(), e);
      return null;
    }
  }

  private void onExecuted(Command command, CommandResult.@Nullable Outcome outcome) {
    if (outcome == null) {
      counters.increment(LinkCounter.COMMANDS_FAILED);
      onDone(command, new CommandResult.Busy("internal failure"));
      return;
    }
    // Not when it begins: who reads the count may rely on what was done.
    counters.increment(LinkCounter.COMMANDS_APPLIED);
    if (outcome instanceof CommandResult.Accepted
        && command.order() instanceof Order.DoUnrecorded(var participant, var deed, int banSec)) {
      report.accept(
          new StateEvent.CarriedOut(
              command.conference(), command.epoch(), participant, deed, banSec));
    }
    onDone(command, outcome);
  }

  private void onDone(Command command, CommandResult.Outcome outcome) {
    log.finish(command.id(), outcome);
    Consumer<CommandResult> asker = askedBy.remove(command.id());
    if (asker != null) {
      asker.accept(new CommandResult(command.id(), outcome));
    }
    ArrayDeque<Command> queue = queues.get(command.conference());
    assert queue != null : command;
    Command next = queue.pollFirst();
    if (next == null) {
      queues.remove(command.conference());
    } else {
      run(next);
    }
  }
}
