package dev.parley.session.event;

import dev.parley.session.conference.Sight;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may see an event. It follows from the event's own text, so that every node that reads the log
 * knows. Immutable.
 *
 * @param who the participant that the event is about, or null
 * @param role what it is in the conference, if the event tells
 */
record Audience(Kind kind, @Nullable String who, @Nullable String role) {
  /** Events begin so; {@link EventJson} writes them. */
  private static final Pattern BEGINNING =
      Pattern.compile("\\{\"type\":\"([a-z.-]+)\",\"data\":\\{(?:\"id\":\"([^\"]+)\")?");

  private static final Pattern ROLE = Pattern.compile("\"role\":\"([a-z]+)\"");

  private enum Kind {
    /** Everyone, those who wait to be let in too. */
    EVERYONE,
    /** Everyone who is in. */
    INSIDE,
    /** Moderators, and the one that it is about. */
    MODERATORS
  }

  /** Returns who may see an event, by its text without number. */
  static Audience of(String event) {
    Matcher beginning = BEGINNING.matcher(event);
    if (!beginning.lookingAt()) {
      return new Audience(Kind.INSIDE, null, null);
    }
    String who = beginning.group(2);
    return switch (beginning.group(1)) {
      case "conference.updated", "conference.ended" -> new Audience(Kind.EVERYONE, null, null);
      case "participant.waiting", "participant.admitted", "participant.not-admitted" ->
          new Audience(Kind.MODERATORS, who, null);
      case "participant.joined", "participant.updated" ->
          new Audience(Kind.INSIDE, who, role(event));
      default -> new Audience(Kind.INSIDE, who, null);
    };
  }

  private static @Nullable String role(String event) {
    Matcher role = ROLE.matcher(event);
    return role.find() ? role.group(1) : null;
  }

  /** Returns whether one with that sight may see it; {@code viewer} is its participant, if any. */
  boolean includes(Sight sight, @Nullable String viewer) {
    return switch (kind) {
      case EVERYONE -> true;
      case INSIDE -> sight != Sight.WAITING;
      case MODERATORS -> sight == Sight.MODERATOR || isAbout(viewer);
    };
  }

  /** Returns whether it is about that participant. */
  boolean isAbout(@Nullable String viewer) {
    return who != null && who.equals(viewer);
  }
}
