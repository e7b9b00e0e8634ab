package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.util.Map;

/**
 * Which version of each stay is the newest that any session node has stored lately. An index of the
 * store may be a moment behind; this tells which stays must be read by key. Thread-safe. Knowing
 * nothing is a good answer: then the index is believed.
 */
public interface RosterVersions {
  /** Knows nothing: for a store whose indexes are never behind. */
  RosterVersions NONE =
      new RosterVersions() {
        @Override
        public void note(ConferenceId conference, ParticipantId participant, Newest newest) {}

        @Override
        public Map<ParticipantId, Newest> newest(ConferenceId conference) {
          return Map.of();
        }
      };

  /** A stay's version, and whether it had not ended then. */
  record Newest(long version, boolean isPresent) {}

  /** Remembers a version, for some minutes, unless a newer one is known. Does not block. */
  void note(ConferenceId conference, ParticipantId participant, Newest newest);

  /** Returns what is known of a conference. Blocks for a moment. */
  Map<ParticipantId, Newest> newest(ConferenceId conference);
}
