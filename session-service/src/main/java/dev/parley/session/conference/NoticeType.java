package dev.parley.session.conference;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant's own systems can be told of. A constant here is all that a new type needs before
 * something posts it: its name in the API follows from its own.
 */
public enum NoticeType {
  /** A conference was made. */
  CONFERENCE_CREATED,
  /** Somebody's media came up for the first time in a conference. */
  CONFERENCE_LIVE,
  /** Options of a conference were changed. */
  CONFERENCE_UPDATED,
  /** A conference is over. */
  CONFERENCE_ENDED,
  /** Somebody waits to be let in. */
  PARTICIPANT_WAITING,
  /** One who waited is out without having been let in. */
  PARTICIPANT_NOT_ADMITTED,
  /** A participant's media came up. */
  PARTICIPANT_JOINED,
  /** One who has joined was muted or unmuted, or lost the connection, or has it again. */
  PARTICIPANT_UPDATED,
  /** One who had joined is out. */
  PARTICIPANT_LEFT,
  /** A recording of a conference has begun. */
  RECORDING_STARTED,
  /** All there is of a recording can be fetched. */
  RECORDING_AVAILABLE,
  /** There is nothing of a recording. */
  RECORDING_FAILED,
  /** The content of an object of a conference is at its store. */
  OBJECT_AVAILABLE,
  /** The store of an object of a conference has confirmed that its content is gone. */
  OBJECT_ERASED;

  private final String text =
      name().toLowerCase(Locale.ROOT).replaceFirst("_", ".").replace('_', '-');

  /** Returns its name in the API, such as {@code participant.joined}. */
  public String text() {
    return text;
  }

  /** Returns the type with that name in the API, or null if there is none. */
  public static @Nullable NoticeType of(String text) {
    for (NoticeType type : values()) {
      if (type.text.equals(text)) {
        return type;
      }
    }
    return null;
  }
}
