package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import java.time.Clock;

/** Takes a person out of what conferences keep. Thread-safe; blocks on the store. */
public final class PersonTraces {
  private final ConferenceStore store;
  private final Changes changes;
  private final Participants participants;

  public PersonTraces(ConferenceStore store, Clock clock, Participants participants) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.participants = participants;
  }

  /**
   * What was found of a person in one conference.
   *
   * @param stays that name nobody any more
   * @param notices that were still to be handed on, and name nobody any more
   * @param bans that were over, or whose conference is, and are gone
   * @param bansKept that go on, by a hash of the identity
   */
  public record Found(int stays, int notices, int bans, int bansKept) {}

  /**
   * Takes a person out of one conference: out of the call, if it goes on, then out of its records.
   * May be repeated.
   */
  public Found erase(Conference conference, String identity) {
    ConferenceId id = conference.id();
    if (conference.state().isOpen()) {
      // Its client may come back at once.
      store.revokeTokens(id, identity, changes.now());
    }
    int stays = 0;
    int notices = 0;
    for (Participant stay : store.staysOf(id, identity)) {
      if (!stay.state().isOver()) {
        Answer<Participant> _ = participants.leave(id, stay.id(), LeaveReason.KICKED);
      }
      Changes.Changed<Participant> changed =
          changes.participant(id, stay.id(), p -> p.state().isOver() ? p.erased() : null);
      if (changed.before() != null && changed.after() != null) {
        stays++;
        notices += count(changed.before().outbox(), changed.after().outbox());
      }
    }
    // After the stays: what they had to tell may have come over meanwhile.
    Changes.Changed<Conference> changed =
        changes.conference(
            id,
            c -> {
              Outbox rest = c.outbox().withoutPerson(identity);
              return rest.equals(c.outbox()) ? null : c.withOutbox(rest.quietly());
            });
    if (changed.before() != null && changed.after() != null) {
      notices += count(changed.before().outbox(), changed.after().outbox());
    }
    return eraseBan(conference, identity, stays, notices);
  }

  private Found eraseBan(Conference conference, String identity, int stays, int notices) {
    while (true) {
      Ban ban = store.ban(conference.id(), Ban.idOf(identity));
      if (ban == null) {
        return new Found(stays, notices, 0, 0);
      }
      if (!conference.state().isOpen() || !ban.isInForce(changes.now())) {
        if (store.remove(conference.id(), ban)) {
          return new Found(stays, notices, 1, 0);
        }
      } else if (ban.hash() != null || store.write(conference.id(), ban.erased()) != null) {
        return new Found(stays, notices, 0, 1);
      }
    }
  }

  private static int count(Outbox before, Outbox after) {
    int count = 0;
    for (int i = 0; i < after.pending().size(); i++) {
      count += after.pending().get(i).equals(before.pending().get(i)) ? 0 : 1;
    }
    return count;
  }
}
