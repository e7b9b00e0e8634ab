package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Lets people into conferences: one stay an identity, no more people than allowed. Thread-safe;
 * blocks on the store.
 *
 * <p>Three records are written, in an order that leaves only harmless traces if the process dies in
 * between: the identity's claim (which is free again when its stay does not exist), the
 * conference's count (which the recount corrects), the stay.
 */
public final class Admission {
  private static final int CLAIM_ATTEMPTS_MAX = 5;

  private final ConferenceStore store;
  private final Changes changes;
  private final ConferenceIds ids;
  private final Participants participants;
  private final WaitingRoom waitingRoom;
  private final Seats seats;

  /** Takes what it needs. */
  public Admission(
      ConferenceStore store,
      Clock clock,
      ConferenceIds ids,
      Participants participants,
      WaitingRoom waitingRoom) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.ids = ids;
    this.participants = participants;
    this.waitingRoom = waitingRoom;
    this.seats = new Seats(store, clock);
  }

  /**
   * A wish to come in.
   *
   * @param replace true to end an earlier stay of the identity rather than be refused
   */
  public record Wish(
      ConferenceId conference, Participant.Person person, boolean muted, boolean replace) {}

  /**
   * Somebody who is in.
   *
   * @param isReplayed true if an earlier request let them in
   */
  public record Joined(Participant stay, boolean isReplayed) {}

  /**
   * Lets one person in, once however often the same request is sent: the identity's claim says for
   * which it was taken. When the identity has come in by another request, this one is forgotten.
   */
  public Answer<Joined> joinOnce(Wish wish, JoinRequest request) {
    Answer<Joined> before = replayed(wish, request);
    if (before != null) {
      return before;
    }
    return switch (join(wish, request)) {
      case Answer.Done<Participant> done -> new Answer.Done<>(new Joined(done.value(), false));
      case Answer.Refused<Participant> refused -> {
        // Of two at the same time one came first.
        Answer<Joined> meanwhile =
            refused.refusal() instanceof Refusal.IdentityPresent ? replayed(wish, request) : null;
        yield meanwhile == null ? new Answer.Refused<>(refused.refusal()) : meanwhile;
      }
    };
  }

  /** A join that was undone has not happened: the same request may be tried again. */
  public void forget(Participant stay) {
    String identity = stay.person().identity();
    Claim claim = store.identityClaim(stay.conference(), identity);
    if (claim != null && claim.holder().equals(stay.id().value())) {
      Claim bare = new Claim(claim.holder(), claim.claimedAt(), claim.version());
      // If somebody was faster, the request is forgotten, too.
      store.writeIdentityClaim(stay.conference(), identity, bare);
    }
  }

  /** Returns what became of the request when it came before, or null if it did not. */
  private @Nullable Answer<Joined> replayed(Wish wish, JoinRequest request) {
    Claim claim = store.identityClaim(wish.conference(), wish.person().identity());
    JoinRequest before = claim == null ? null : claim.request();
    if (claim == null || before == null || !claim.isFor(request)) {
      return null;
    }
    if (!before.equals(request)) {
      return new Answer.Refused<>(new Refusal.KeyReused());
    }
    Participant stay = store.participant(wish.conference(), new ParticipantId(claim.holder()));
    if (stay == null) {
      return isHeld(wish.conference(), claim)
          ? new Answer.Refused<>(new Refusal.JoinInProgress())
          : null;
    }
    Participant.Departure departure = stay.departure();
    return departure == null
        ? new Answer.Done<>(new Joined(stay, true))
        : new Answer.Refused<>(new Refusal.Left(departure.reason()));
  }

  /**
   * Lets one person in, whose media follows when it sends an offer; or has it wait, if the
   * conference has a lobby. Who waits already goes on to.
   */
  public Answer<Participant> join(Wish wish) {
    return join(wish, null);
  }

  private Answer<Participant> join(Wish wish, @Nullable JoinRequest request) {
    Conference conference = store.conference(wish.conference());
    if (conference == null) {
      return new Answer.Refused<>(new Refusal.NotFound("conference"));
    }
    if (!conference.state().isOpen()) {
      return new Answer.Refused<>(ended(conference));
    }
    Ban ban = participants.banInForce(wish.conference(), wish.person().identity());
    if (ban != null) {
      return new Answer.Refused<>(new Refusal.Banned(ban.until()));
    }
    ParticipantId id = ids.participant();
    Claimed claimed = claimIdentity(wish, id, request);
    if (!claimed.holder().equals(id)) {
      return stillThere(wish, claimed.holder());
    }
    Wait wait = claimed.hadPlace() ? null : waitingRoom.waitOf(conference, wish.person());
    if (wait != null) {
      return line(wish, id, conference, wait);
    }
    Changes.Changed<Conference> counted = seats.take(wish.conference(), claimed.hadPlace());
    Conference after = counted.after();
    if (after == null) {
      release(wish, id);
      Conference before = counted.before() == null ? conference : counted.before();
      return new Answer.Refused<>(seats.refusal(before, claimed.hadPlace()));
    }
    Participant stay =
        store.write(
            Participant.admit(
                id, after, wish.person(), wish.muted(), claimed.replaced(), changes.now()));
    if (stay == null) {
      throw new IllegalStateException("two participants drew the same id: " + id);
    }
    return confirm(wish, stay);
  }

  /** Of an identity that has a stay already: a repeated wish of one who waits is the same wait. */
  private Answer<Participant> stillThere(Wish wish, ParticipantId holder) {
    Participant stay = store.participant(wish.conference(), holder);
    if (stay == null || stay.state() != ParticipantState.QUEUED) {
      return new Answer.Refused<>(new Refusal.IdentityPresent(holder));
    }
    QueuePlace _ = waitingRoom.stillWaits(wish.conference(), holder);
    Participant now = store.participant(wish.conference(), holder);
    return new Answer.Done<>(now == null ? stay : now);
  }

  /** Has one wait who is not let in yet. */
  private Answer<Participant> line(Wish wish, ParticipantId id, Conference conference, Wait wait) {
    Refusal refusal = waitingRoom.refusal(conference, wait);
    if (refusal != null) {
      release(wish, id);
      return new Answer.Refused<>(refusal);
    }
    Participant stay =
        waitingRoom.enter(Participant.queued(id, conference, wish.person(), wish.muted(), wait));
    Answer<Participant> confirmed = confirm(wish, stay);
    if (confirmed instanceof Answer.Done<?>) {
      // The lobby may have been closed before this one was there to be seen.
      waitingRoom.advance(stay);
      Participant now = store.participant(stay.conference(), stay.id());
      return new Answer.Done<>(now == null ? stay : now);
    }
    return confirmed;
  }

  /** Looks again at what may have changed between the first look and the writing of the stay. */
  private Answer<Participant> confirm(Wish wish, Participant stay) {
    Conference conference = store.conference(wish.conference());
    if (conference == null || !conference.state().isOpen()) {
      // It may have looked for people to take out before this one was there.
      participants.depart(wish.conference(), stay.id(), LeaveReason.ENDED);
      return new Answer.Refused<>(ended(conference));
    }
    Ban ban = participants.banInForce(wish.conference(), wish.person().identity());
    if (ban != null) {
      // It was written before those present were looked for, and this one was not there yet.
      participants.depart(wish.conference(), stay.id(), LeaveReason.BANNED);
      return new Answer.Refused<>(new Refusal.Banned(ban.until()));
    }
    Claim claim = store.identityClaim(wish.conference(), wish.person().identity());
    if (claim != null && !claim.holder().equals(stay.id().value())) {
      // This join took so long that its claim passed for one left by a crash.
      participants.depart(wish.conference(), stay.id(), LeaveReason.REPLACED);
      return new Answer.Refused<>(new Refusal.IdentityPresent(new ParticipantId(claim.holder())));
    }
    return new Answer.Done<>(stay);
  }

  /**
   * Whose an identity is now.
   *
   * @param replaced the stay that it was taken from, if one was in the call
   * @param hadPlace true if a stay of the identity made room, so that a lock does not keep it out
   */
  private record Claimed(
      ParticipantId holder, @Nullable ParticipantId replaced, boolean hadPlace) {}

  /** Claims the identity for the given stay, unless one is present who is not to be replaced. */
  private Claimed claimIdentity(Wish wish, ParticipantId id, @Nullable JoinRequest request) {
    ParticipantId replaced = null;
    boolean hadPlace = false;
    ConferenceId conference = wish.conference();
    String identity = wish.person().identity();
    for (int attempt = 0; attempt < CLAIM_ATTEMPTS_MAX; attempt++) {
      Claim claim = store.identityClaim(conference, identity);
      if (claim != null && isHeld(conference, claim)) {
        ParticipantId holder = new ParticipantId(claim.holder());
        Participant before = store.participant(conference, holder);
        boolean isWaiting = before != null && before.state() == ParticipantState.QUEUED;
        if (claim.isFor(request)
            || !wish.replace()
            || isWaiting
            || !isReplaced(conference, holder)) {
          return new Claimed(holder, null, false);
        }
        replaced = before == null ? null : heldBy(before);
        hadPlace = true;
      }
      Claim mine =
          new Claim(id.value(), changes.now(), request, claim == null ? 0 : claim.version());
      if (store.writeIdentityClaim(conference, identity, mine) != null) {
        return new Claimed(id, replaced, hadPlace);
      }
    }
    throw new ContendedException("identity in " + conference);
  }

  /** Returns whose place among a media server's participants is a stay's by right. */
  private static @Nullable ParticipantId heldBy(Participant stay) {
    // One without media that replaced another has not taken that one's place yet.
    return stay.media() == null ? stay.replaces() : stay.id();
  }

  /** A stay that is still being written cannot be replaced yet. */
  private boolean isReplaced(ConferenceId conference, ParticipantId holder) {
    return participants.leave(conference, holder, LeaveReason.REPLACED) instanceof Answer.Done<?>;
  }

  /** Gives back the claim of a join that was refused, so that the next one need not wait for it. */
  private void release(Wish wish, ParticipantId id) {
    String identity = wish.person().identity();
    Claim claim = store.identityClaim(wish.conference(), identity);
    if (claim != null && claim.holder().equals(id.value())) {
      Claim free = new Claim(claim.holder(), Instant.EPOCH, claim.version());
      // If somebody was faster, it is theirs now, which is as good.
      store.writeIdentityClaim(wish.conference(), identity, free);
    }
  }

  private boolean isHeld(ConferenceId conference, Claim claim) {
    Participant holder = store.participant(conference, new ParticipantId(claim.holder()));
    if (holder == null) {
      return changes.now().isBefore(claim.claimedAt().plus(Seats.JOIN_TIME_MAX));
    }
    return !holder.state().isOver();
  }

  static Refusal ended(@Nullable Conference conference) {
    EndReason reason = conference == null ? null : conference.endReason();
    return new Refusal.Ended(reason == null ? EndReason.API : reason);
  }
}
