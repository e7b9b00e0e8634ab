package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is heard, at most four times a second and only on change. Not sequenced: the newest replaces
 * the others, and it is the first thing dropped when a link is slow.
 *
 * @param dominant who leads the talk now, or null in silence
 */
public record Speakers(
    ConferenceId conference, long epoch, @Nullable ParticipantId dominant, List<Level> levels)
    implements MediaMessage {
  public Speakers {
    requireNonNull(conference, "conference");
    Ranges.requireAtLeast(0, epoch, "epoch");
    if (levels.size() > ControlLimits.LEVELS_MAX) {
      throw new IllegalArgumentException("too many levels: " + levels.size());
    }
    levels = List.copyOf(levels);
  }

  /**
   * One talker's loudness.
   *
   * @param levelDbov smoothed audio level, -127 (silence) to 0 (full scale), RFC 6464's unit with
   *     its sign
   */
  public record Level(ParticipantId participant, int levelDbov) {
    public Level {
      requireNonNull(participant, "participant");
      if (levelDbov < -127 || levelDbov > 0) {
        throw new IllegalArgumentException("levelDbov must be -127 to 0: " + levelDbov);
      }
    }
  }
}
