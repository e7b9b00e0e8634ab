package dev.parley.media.door;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.MetadataRegion;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.MediaTickets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a path at the door names. Nothing in it is ever escaped, so nothing is unescaped. */
sealed interface DoorPath {
  /** What the path of an offer begins with; the ticket follows. */
  String OFFERS = "/rtc/";

  /**
   * What the path of a session begins with; its three names follow, parted by dots. The first, a
   * conference's, may have one in it.
   */
  String SESSIONS = "/rtc-sessions/";

  /** Where an offer is brought with a ticket, which is not checked yet. */
  record Offer(String ticket) implements DoorPath {
    /** It opens the door, and is not for logs. */
    @Override
    public String toString() {
      return "Offer";
    }
  }

  /** A session that an offer began. */
  record Session(ConferenceId conference, ParticipantId participant, String session)
      implements DoorPath {
    private static final Pattern SHAPE =
        Pattern.compile(
            "([A-Za-z0-9][A-Za-z0-9_-]{0,38}(?:\\."
                + MetadataRegion.PATTERN
                + ")?)\\.([A-Za-z0-9][A-Za-z0-9_-]{0,63})\\.([A-Za-z0-9_-]{1,64})");

    /** It opens the session, and is not for logs. */
    @Override
    public String toString() {
      return "Session";
    }

    String path() {
      return SESSIONS + conference + "." + participant + "." + session;
    }
  }

  Pattern TICKET = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

  /**
   * Reads a path as it was sent; null if it names nothing here.
   *
   * @param base the path of the address that clients are sent to, without the slash at its end; a
   *     proxy may have taken it away
   */
  static @Nullable DoorPath parse(String rawPath, String base) {
    String path =
        !base.isEmpty() && rawPath.startsWith(base + "/")
            ? rawPath.substring(base.length())
            : rawPath;
    if (path.startsWith(OFFERS)) {
      String ticket = path.substring(OFFERS.length());
      boolean fits = ticket.length() <= MediaTickets.LENGTH_MAX && TICKET.matcher(ticket).matches();
      return fits ? new Offer(ticket) : null;
    }
    if (!path.startsWith(SESSIONS)) {
      return null;
    }
    Matcher session = Session.SHAPE.matcher(path.substring(SESSIONS.length()));
    return session.matches()
        ? new Session(
            new ConferenceId(session.group(1)),
            new ParticipantId(session.group(2)),
            session.group(3))
        : null;
  }
}
