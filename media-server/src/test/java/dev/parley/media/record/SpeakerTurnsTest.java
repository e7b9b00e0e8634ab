package dev.parley.media.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.record.TrackNote.Heard;
import dev.parley.media.record.TrackNote.Silent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class SpeakerTurnsTest {
  private static final int TICK = 960;
  private static final int BREATH = (int) SpeakerTurns.BREATH_SAMPLES;

  private final List<TrackNote> notes = new ArrayList<>();
  private final SpeakerTurns turns = new SpeakerTurns(notes::add);

  @Test
  void aPauseForBreathEndsNoTurnAndAPauseToListenDoes() {
    turns.onCame(3, "ana");
    turns.onHeard(3, 0);
    turns.onSilent(3, 10 * TICK);
    turns.onHeard(3, 10 * TICK + BREATH - 1);
    turns.onSilent(3, 60 * TICK);
    turns.advance(60 * TICK + BREATH - 1);
    assertThat(notes).containsExactly(new Heard(0, "ana"));

    turns.advance(60 * TICK + BREATH);

    assertThat(notes).containsExactly(new Heard(0, "ana"), new Silent(60 * TICK, "ana"));
  }

  @Test
  void anotherWithTheSameNumberIsAnother() {
    turns.onCame(0, "ana");
    turns.onHeard(0, 0);
    turns.onLeft(0, 20 * TICK);
    turns.onHeard(0, 21 * TICK);
    turns.onCame(0, "ben");
    turns.onHeard(0, 22 * TICK);
    turns.endAll(40 * TICK);

    assertThat(notes)
        .containsExactly(
            new Heard(0, "ana"),
            new Silent(20 * TICK, "ana"),
            new Heard(22 * TICK, "ben"),
            new Silent(40 * TICK, "ben"));
  }

  @Test
  void aTrackNotesNoMoreThanItMay() {
    turns.onCame(0, "ana");
    long position = 0;
    for (int i = 0; i < 2 * SpeakerTurns.TURNS_MAX; i++) {
      turns.onHeard(0, position);
      turns.onSilent(0, position + TICK);
      position += 2L * BREATH;
    }
    turns.endAll(position);

    assertThat(notes).hasSize(2 * SpeakerTurns.TURNS_MAX);
  }

  /** Whoever is heard and silent however often: turns are as a plain list of ticks has them. */
  @RepeatedTest(50)
  void turnsAreWhatWasHeardWithBreathsFilled(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    int ticks = 400;
    boolean[] heard = new boolean[ticks];
    turns.onCame(7, "ana");
    boolean isHeard = false;
    for (int tick = 0; tick < ticks; tick++) {
      if (random.nextInt(15) == 0) {
        isHeard = !isHeard;
        if (isHeard) {
          turns.onHeard(7, (long) tick * TICK);
        } else {
          turns.onSilent(7, (long) tick * TICK);
        }
      }
      heard[tick] = isHeard;
      turns.advance((long) tick * TICK);
    }
    turns.endAll((long) ticks * TICK);

    assertThat(ticksOf(notes, ticks)).isEqualTo(filled(heard));
    assertThat(notes.size()).isLessThanOrEqualTo(2 + 2 * ticks * TICK / BREATH);
  }

  private static boolean[] ticksOf(List<TrackNote> notes, int ticks) {
    boolean[] covered = new boolean[ticks];
    for (int i = 0; i < notes.size(); i += 2) {
      Heard from = (Heard) notes.get(i);
      Silent to = (Silent) notes.get(i + 1);
      for (int tick = (int) (from.position() / TICK); tick < to.position() / TICK; tick++) {
        covered[tick] = true;
      }
    }
    return covered;
  }

  private static boolean[] filled(boolean[] heard) {
    boolean[] filled = heard.clone();
    int silentFrom = -1;
    for (int tick = 0; tick < heard.length; tick++) {
      if (!heard[tick]) {
        continue;
      }
      if (silentFrom > 0 && (tick - silentFrom) * TICK < BREATH) {
        for (int i = silentFrom; i < tick; i++) {
          filled[i] = true;
        }
      }
      silentFrom = tick + 1;
    }
    return filled;
  }
}
