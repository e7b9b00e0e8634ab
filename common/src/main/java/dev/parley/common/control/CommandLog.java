package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

import dev.parley.common.control.CommandResult.Outcome;
import dev.parley.common.id.CommandId;
import dev.parley.common.id.ConferenceId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A media server's memory of commands: which it has applied and with what result, and the newest
 * epoch it has seen of each conference. It makes "sent until answered" mean "applied once". One
 * thread.
 *
 * <p>All three memories are bounded. A finished command is forgotten after {@code finishedMax}
 * newer ones, long after the session tier has given up sending it again. Epochs are forgotten least
 * recently used first; a forgotten one could at worst let a command pass that names a conference no
 * longer here.
 */
public final class CommandLog {
  private final int finishedMax;
  private final int runningMax;
  private final int conferencesMax;
  private final Map<CommandId, Outcome> finished = new LinkedHashMap<>();
  private final Map<CommandId, Command> running = new LinkedHashMap<>();
  private final LinkedHashMap<ConferenceId, Long> epochs = new LinkedHashMap<>(64, 0.75f, true);

  public CommandLog(int finishedMax, int runningMax, int conferencesMax) {
    this.finishedMax = finishedMax;
    this.runningMax = runningMax;
    this.conferencesMax = conferencesMax;
  }

  /** What to do with a command that has arrived. */
  public sealed interface Arrival {}

  /** Apply it, then call {@link CommandLog#finish}. */
  public record Apply() implements Arrival {}

  /** A repetition of one being applied; its result will be sent when it is there. */
  public record Running() implements Arrival {}

  /** Send this outcome and apply nothing. */
  public record Answer(Outcome outcome) implements Arrival {}

  /** Judges a command that has arrived, and remembers it as running if it is to be applied. */
  public Arrival arrive(Command command) {
    CommandId id = command.id();
    Outcome known = finished.get(id);
    if (known != null) {
      return new Answer(known);
    }
    if (running.containsKey(id)) {
      return new Running();
    }
    Long newest = epochs.get(command.conference());
    if (newest != null && command.epoch() < newest) {
      return new Answer(new CommandResult.Stale(newest));
    }
    if (running.size() >= runningMax) {
      // Not remembered: nothing was applied, so a repetition may well be.
      return new Answer(new CommandResult.Busy("too many commands at once"));
    }
    epochs.put(command.conference(), command.epoch());
    evictEldest(epochs, conferencesMax);
    running.put(id, command);
    return new Apply();
  }

  /** Remembers how a running command ended. */
  public void finish(CommandId id, Outcome outcome) {
    Command command = running.remove(id);
    assert command != null : "finished but never applied: " + id;
    finished.put(id, requireNonNull(outcome));
    evictEldest(finished, finishedMax);
  }

  /** The newest epoch seen of a conference, or null if none is remembered. */
  public @Nullable Long newestEpoch(ConferenceId conference) {
    return epochs.get(conference);
  }

  public int runningCount() {
    return running.size();
  }

  public int finishedCount() {
    return finished.size();
  }

  private static void evictEldest(Map<?, ?> map, int max) {
    if (map.size() > max) {
      Iterator<?> eldest = map.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }
}
