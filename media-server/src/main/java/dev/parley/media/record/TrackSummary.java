package dev.parley.media.record;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a track's notes say of it, taken together. One thread. */
final class TrackSummary {
  private TrackNote.@Nullable Began began;
  private TrackNote.@Nullable Ended ended;
  private final List<TrackNote.Gap> gaps = new ArrayList<>();
  private final List<TrackNote> pauses = new ArrayList<>();
  private final List<Byte> levels = new ArrayList<>();

  void add(TrackNote note) {
    switch (note) {
      case TrackNote.Began first -> began = first;
      case TrackNote.Levels more -> levels.addAll(more.levels());
      case TrackNote.Gap gap -> gaps.add(gap);
      case TrackNote.Paused paused -> pauses.add(paused);
      case TrackNote.Resumed resumed -> pauses.add(resumed);
      case TrackNote.Ended last -> ended = last;
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

  List<Byte> levels() {
    return levels;
  }
}
