package dev.parley.session.conference;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a watcher of a conference begins with. Immutable.
 *
 * @param participants everyone who is connecting, connected or reconnecting, in order of joining
 * @param waiting who is to be let in, for those who may know
 * @param recordings of it that are not over
 * @param encoders how hard its mixes are encoded; null for the full effort
 */
public record Roster(
    ConferenceSummary conference,
    List<RosterEntry> participants,
    List<RosterEntry> waiting,
    List<RecordingEntry> recordings,
    @Nullable EncoderEffort encoders) {
  public Roster {
    participants = List.copyOf(participants);
    waiting = List.copyOf(waiting);
    recordings = List.copyOf(recordings);
  }
}
