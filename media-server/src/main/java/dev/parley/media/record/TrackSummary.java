package dev.parley.media.record;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a track's notes say of it, taken together. One thread. */
final class TrackSummary {
  private TrackNote.@Nullable Began began;
  private TrackNote.@Nullable Ended ended;
  private final List<TrackNote.Gap> gaps = new ArrayList<>();
  private final List<TrackNote> pauses = new ArrayList<>();
  private final List<Byte> levels = new ArrayList<>();
  private final List<SpeakerTurn> turns = new ArrayList<>();
  private final Map<String, Integer> open = new HashMap<>();

  void add(TrackNote note) {
    switch (note) {
      case TrackNote.Began first -> began = first;
      case TrackNote.Levels more -> levels.addAll(more.levels());
      case TrackNote.Gap gap -> gaps.add(gap);
      case TrackNote.Paused paused -> pauses.add(paused);
      case TrackNote.Resumed resumed -> pauses.add(resumed);
      case TrackNote.Ended last -> ended = last;
      case TrackNote.Heard heard -> onHeard(heard);
      case TrackNote.Silent silent -> onSilent(silent.participant(), silent.position());
    }
  }

  private void onHeard(TrackNote.Heard heard) {
    if (turns.size() < SpeakerTurns.TURNS_MAX && !open.containsKey(heard.participant())) {
      open.put(heard.participant(), turns.size());
      turns.add(new SpeakerTurn(heard.participant(), heard.position(), 0));
    }
  }

  private void onSilent(String participant, long position) {
    Integer index = open.remove(participant);
    if (index != null) {
      turns.set(index, turns.get(index).until(position));
    }
  }

  TrackNote.@Nullable Began began() {
    return began;
  }

  TrackNote.@Nullable Ended ended() {
    return ended;
  }

  List<TrackNote.Gap> gaps() {
    return gaps;
  }

  /** Pauses and resumptions, in turn. */
  List<TrackNote> pauses() {
    return pauses;
  }

  /** Who was heard, in the order in which they began; within what the track has in the end. */
  List<SpeakerTurn> turns() {
    long samples = ended == null ? 0 : ended.samples();
    List<SpeakerTurn> all = new ArrayList<>();
    for (int i = 0; i < turns.size(); i++) {
      SpeakerTurn turn = turns.get(i);
      boolean isOpen = Objects.equals(open.get(turn.participant()), i);
      SpeakerTurn whole = isOpen ? turn.until(samples) : turn.within(samples);
      if (whole.samples() > 0) {
        all.add(whole);
      }
    }
    return all;
  }

  List<Byte> levels() {
    return levels;
  }
}
