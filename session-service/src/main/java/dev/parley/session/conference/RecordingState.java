package dev.parley.session.conference;

import java.util.EnumSet;
import java.util.Set;

/** Where in its life a recording is. */
public enum RecordingState {
  /** A media server was asked to begin, or is about to be. */
  STARTING,
  /** What is said is recorded. */
  RECORDING,
  /** What is said is left out. */
  PAUSED,
  /** Nothing more is recorded; media servers have yet to say what they have. */
  STOPPING,
  /** It lies at media servers, on its way to an object store. */
  UPLOADING,
  /** All of it that there is can be fetched. */
  AVAILABLE,
  /** There is nothing of it. */
  FAILED;

  /** Returns true if a recording in this state may come to be in the next. */
  public boolean mayBecome(RecordingState next) {
    return successors().contains(next);
  }

  private Set<RecordingState> successors() {
    return switch (this) {
      case STARTING -> EnumSet.of(RECORDING, STOPPING, FAILED);
      case RECORDING -> EnumSet.of(PAUSED, STOPPING);
      case PAUSED -> EnumSet.of(RECORDING, STOPPING);
      case STOPPING -> EnumSet.of(UPLOADING, FAILED);
      case UPLOADING -> EnumSet.of(AVAILABLE, FAILED);
      case AVAILABLE, FAILED -> EnumSet.noneOf(RecordingState.class);
    };
  }

  /** True while people in the conference are recorded, or about to be. */
  public boolean isRunning() {
    return this == STARTING || this == RECORDING || this == PAUSED;
  }

  /** True if it does not change any more. */
  public boolean isOver() {
    return this == AVAILABLE || this == FAILED;
  }
}
