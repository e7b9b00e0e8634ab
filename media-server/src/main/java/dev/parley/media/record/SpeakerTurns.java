package dev.parley.media.record;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes turns of who is heard in a mix and who is not, and notes them: a pause for breath ends
 * none, so nobody makes more than two notes in {@link #BREATH_SAMPLES}. Owned by one thread.
 */
final class SpeakerTurns {
  /** Of a track no more are noted, so that a manifest stays small: ten a minute for 13 hours. */
  static final int TURNS_MAX = 8192;

  /** Who is heard again so soon has not stopped: 500 ms. */
  static final long BREATH_SAMPLES = 24_000;

  private static final class Turn {
    final String participant;
    long silentFrom = -1;

    Turn(String participant) {
      this.participant = participant;
    }
  }

  private final Consumer<TrackNote> notes;
  private final Map<Integer, String> participants = new HashMap<>();
  private final Map<Integer, Turn> turns = new HashMap<>();
  private int count;

  /** Nobody is heard yet. */
  SpeakerTurns(Consumer<TrackNote> notes) {
    this.notes = notes;
  }

  /** Says who has a talker's number from now on. */
  void onCame(int talker, String participant) {
    participants.put(talker, participant);
  }

  /** Hears that a talker has left: another may get the number. */
  void onLeft(int talker, long position) {
    end(turns.remove(talker), position);
    participants.remove(talker);
  }

  void onHeard(int talker, long position) {
    String participant = participants.get(talker);
    Turn turn = turns.get(talker);
    if (participant == null) {
      return;
    }
    if (turn != null && turn.silentFrom >= 0 && position - turn.silentFrom >= BREATH_SAMPLES) {
      end(turns.remove(talker), position);
      turn = null;
    }
    if (turn != null) {
      turn.silentFrom = -1;
    } else if (count < TURNS_MAX) {
      count++;
      turns.put(talker, new Turn(participant));
      notes.accept(new TrackNote.Heard(position, participant));
    }
  }

  void onSilent(int talker, long position) {
    Turn turn = turns.get(talker);
    if (turn != null && turn.silentFrom < 0) {
      turn.silentFrom = position;
    }
  }

  /** Ends the turns of those who have been silent for more than a breath. */
  void advance(long now) {
    for (Map.Entry<Integer, Turn> entry : List.copyOf(turns.entrySet())) {
      long silentFrom = entry.getValue().silentFrom;
      if (silentFrom >= 0 && now - silentFrom >= BREATH_SAMPLES) {
        end(turns.remove(entry.getKey()), now);
      }
    }
  }

  /** Ends all turns: nothing is recorded after that position, or not for a while. */
  void endAll(long position) {
    List<Turn> open = new ArrayList<>(turns.values());
    turns.clear();
    open.forEach(turn -> end(turn, position));
  }

  private void end(@Nullable Turn turn, long position) {
    if (turn != null) {
      long end = turn.silentFrom < 0 ? position : turn.silentFrom;
      notes.accept(new TrackNote.Silent(end, turn.participant));
    }
  }
}
