package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who was removed from a conference for some time. Thread-safe; blocks on the store. */
public final class Bans {
  /** Longest ban. */
  public static final Duration LENGTH_MAX = Duration.ofDays(30);

  /** Bans of one conference that are kept at once. */
  public static final int COUNT_MAX = 1000;

  private static final int ATTEMPTS_MAX = 5;

  private final ConferenceStore store;
  private final Changes changes;
  private final Participants participants;

  public Bans(ConferenceStore store, Clock clock, Participants participants) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.participants = participants;
  }

  /** Takes a participant out, and keeps its identity out for so long from now. */
  public Answer<Ban> ban(Participant participant, Duration length) {
    ConferenceId conference = participant.conference();
    String identity = participant.person().identity();
    if (!hasRoom(conference)) {
      return new Answer.Refused<>(new Refusal.TooManyBans(COUNT_MAX));
    }
    // Before anybody is taken out: a join that is on its way looks for a ban when it is through.
    Ban ban = write(conference, identity, changes.now().plus(length));
    participants.leave(conference, participant.id(), LeaveReason.BANNED);
    Participant again = participants.findStay(conference, identity);
    if (again != null) {
      participants.leave(conference, again.id(), LeaveReason.BANNED);
    }
    return new Answer.Done<>(ban);
  }

  /** Returns the bans that are in force. */
  public List<Ban> inForce(ConferenceId conference) {
    Instant now = changes.now();
    return store.bans(conference).stream().filter(ban -> ban.isInForce(now)).toList();
  }

  /** Lifts a ban; returns false if there is none of that id. */
  public boolean lift(ConferenceId conference, String id) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Ban ban = store.ban(conference, id);
      if (ban == null || store.remove(conference, ban)) {
        return ban != null && ban.isInForce(changes.now());
      }
    }
    throw new ContendedException("ban in " + conference);
  }

  private Ban write(ConferenceId conference, String identity, Instant until) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      @Nullable Ban before = store.ban(conference, Ban.idOf(identity));
      long version = before == null ? 0 : before.version();
      Ban written = store.write(conference, new Ban(identity, changes.now(), until, version));
      if (written != null) {
        return written;
      }
    }
    throw new ContendedException("ban in " + conference);
  }

  private boolean hasRoom(ConferenceId conference) {
    List<Ban> bans = store.bans(conference);
    if (bans.size() < COUNT_MAX) {
      return true;
    }
    Instant now = changes.now();
    return bans.stream()
            .filter(ban -> !ban.isInForce(now))
            .filter(ban -> store.remove(conference, ban))
            .count()
        > 0;
  }
}
