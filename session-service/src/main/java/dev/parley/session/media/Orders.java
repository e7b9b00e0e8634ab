package dev.parley.session.media;

import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ControlLimits;
import dev.parley.common.id.CommandId;
import dev.parley.session.conference.MediaAnswer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The orders one server incarnation has not answered yet. The caller waits on its own (virtual)
 * thread and sends again: when no answer comes for a while, and when the link it used has broken.
 * Any thread.
 */
final class Orders {
  /** How long to wait for an answer before asking again: a result may have been dropped. */
  private static final long REPEAT_NS = TimeUnit.SECONDS.toNanos(1);

  private final ControlCounters counters;
  private final LongSupplier nanoClock;
  private final Map<CommandId, Waiting> waiting = new ConcurrentHashMap<>();

  private record Waiting(Command command, CompletableFuture<CommandResult.Outcome> outcome) {}

  Orders(ControlCounters counters, LongSupplier nanoClock) {
    this.counters = counters;
    this.nanoClock = nanoClock;
  }

  /** Sends the command until it is answered, the time is over, or the server is given up. */
  MediaAnswer send(Command command, ServerEntry entry, Duration timeout) {
    if (waiting.size() >= ControlLimits.COMMANDS_IN_FLIGHT_MAX) {
      return new MediaAnswer.Busy("too many orders wait for this server");
    }
    Waiting mine = new Waiting(command, new CompletableFuture<>());
    waiting.put(command.id(), mine);
    try {
      return await(mine, entry, timeout.toNanos());
    } finally {
      waiting.remove(command.id());
    }
  }

  void onResult(CommandResult result) {
    Waiting asked = waiting.get(result.id());
    if (asked == null || !asked.outcome().complete(result.outcome())) {
      counters.increment(ControlCounter.RESULTS_LATE);
    }
  }

  /** Sends everything unanswered by the link, which has just come up. */
  void repeatOn(ServerLink link) {
    for (Waiting unanswered : waiting.values()) {
      if (!unanswered.outcome().isDone()) {
        counters.increment(ControlCounter.ORDERS_SENT);
        link.send(unanswered.command());
      }
    }
  }

  /** No answer will come: the server is given up or another incarnation has taken its place. */
  void giveUp() {
    for (Waiting unanswered : waiting.values()) {
      unanswered.outcome().completeExceptionally(new IllegalStateException("server given up"));
    }
  }

  int waitingCount() {
    return waiting.size();
  }

  private MediaAnswer await(Waiting mine, ServerEntry entry, long timeoutNs) {
    long deadlineNs = nanoClock.getAsLong() + timeoutNs;
    long leftNs = timeoutNs;
    while (leftNs > 0) {
      sendBy(entry.newestLink(), mine.command());
      try {
        return answer(mine.outcome().get(Math.min(leftNs, REPEAT_NS), TimeUnit.NANOSECONDS));
      } catch (TimeoutException _) {
        leftNs = deadlineNs - nanoClock.getAsLong();
      } catch (ExecutionException _) {
        return unreachable("the server was given up");
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return unreachable("interrupted");
      }
    }
    return unreachable("no answer in time");
  }

  private void sendBy(@Nullable ServerLink link, Command command) {
    if (link != null) {
      counters.increment(ControlCounter.ORDERS_SENT);
      link.send(command);
    }
  }

  private MediaAnswer unreachable(String detail) {
    counters.increment(ControlCounter.ORDERS_UNREACHABLE);
    return new MediaAnswer.Unreachable(detail);
  }

  private static MediaAnswer answer(CommandResult.Outcome outcome) {
    return switch (outcome) {
      case CommandResult.IceRestarted(String fragment, String password, var candidates) ->
          new MediaAnswer.IceRestarted(fragment, password, candidates);
      case CommandResult.Accepted(String answer, var listening, String fragment) ->
          new MediaAnswer.Accepted(answer, listening, fragment);
      case CommandResult.Busy(String detail) -> new MediaAnswer.Busy(detail);
      case CommandResult.NotFound() -> new MediaAnswer.NotFound();
      case CommandResult.Stale(long epoch) -> new MediaAnswer.Stale(epoch);
      case CommandResult.OfferRefused(String detail, int line) ->
          new MediaAnswer.OfferRefused(detail, line);
    };
  }
}
