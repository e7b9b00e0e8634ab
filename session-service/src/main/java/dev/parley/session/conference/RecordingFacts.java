package dev.parley.session.conference;

import dev.parley.common.control.StateEvent;

/** Who keeps recordings true to what happens to their conferences. Thread-safe; blocks. */
public interface RecordingFacts {
  /** Nothing is recorded. */
  RecordingFacts NONE =
      new RecordingFacts() {
        @Override
        public void onEnded(StateEvent.RecordingEnded event) {
          // Of an older version of this service, perhaps: it waits at its media server.
        }

        @Override
        public void onMedia(Conference conference) {}
      };

  /** A media server has all of a segment. May be told again, by another of its processes, too. */
  void onEnded(StateEvent.RecordingEnded event);

  /** Somebody's media has come up in a conference that is recorded, or is to be. */
  void onMedia(Conference conference);
}
