package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the stays in conferences sound now, for all session nodes. It may be lost at any time: then
 * the next reports begin it anew. Thread-safe; blocks for a moment, and never fails.
 */
public interface QualityBoard {
  /** Keeps nothing. */
  QualityBoard NONE =
      new QualityBoard() {
        @Override
        public void put(ConferenceId conference, Map<ParticipantId, StayQuality> stays) {}

        @Override
        public Map<ParticipantId, StayQuality> all(ConferenceId conference) {
          return Map.of();
        }

        @Override
        public @Nullable StayQuality take(ConferenceId conference, ParticipantId stay) {
          return null;
        }
      };

  /** Keeps stays' newest figures, for two minutes after the conference's last. */
  void put(ConferenceId conference, Map<ParticipantId, StayQuality> stays);

  /** Returns all that is known of a conference. */
  Map<ParticipantId, StayQuality> all(ConferenceId conference);

  /** Returns what is known of one stay, and forgets it: it ends. */
  @Nullable StayQuality take(ConferenceId conference, ParticipantId stay);
}
