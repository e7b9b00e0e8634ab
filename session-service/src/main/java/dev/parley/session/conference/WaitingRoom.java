package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait to be let into conferences, and how they come in. A wait is a stay in the store,
 * so it survives everything; each is let in once, for that is one conditional write. Thread-safe;
 * blocks on the store.
 *
 * <p>A seat is counted before its stay is let in: if the node dies in between, the recount corrects
 * it. Whatever happens to the conference meanwhile, nobody comes in once it is over or locked, and
 * nobody who is banned.
 */
public final class WaitingRoom {
  /** Most who may wait for a moderator in one conference. */
  static final int LOBBY_MAX = 500;

  private final ConferenceStore store;
  private final Changes changes;
  private final Seats seats;
  private final Participants participants;
  private final ConferenceEventSink events;
  private final Notices notices;
  private final Waits waits;
  private final Executor background;

  /**
   * Takes what it needs.
   *
   * @param waits counts what comes of waits
   * @param background lets in those whom nobody waits for, each on a thread that may block
   */
  public WaitingRoom(
      ConferenceStore store,
      Clock clock,
      Participants participants,
      ConferenceEventSink events,
      Notices notices,
      Waits waits,
      Executor background) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.seats = new Seats(store, clock);
    this.participants = participants;
    this.events = events;
    this.notices = notices;
    this.waits = waits;
    this.background = background;
    participants.tellOfWaitsOver(this::onOver);
  }

  /**
   * What came of letting everybody in.
   *
   * @param admitted how many were let in
   * @param remaining who could not be: there are not so many places
   */
  public record AdmittedAll(int admitted, List<ParticipantId> remaining) {
    public AdmittedAll {
      remaining = List.copyOf(remaining);
    }
  }

  /** Lets in one who waits for a moderator. Letting one in that is in is done too. */
  public Answer<Participant> admit(ConferenceId conference, ParticipantId id) {
    Participant stay = store.participant(conference, id);
    if (stay == null) {
      return new Answer.Refused<>(new Refusal.NotFound("participant"));
    }
    if (stay.departure() != null) {
      return new Answer.Refused<>(new Refusal.Left(stay.departure().reason()));
    }
    return stay.state() == ParticipantState.QUEUED ? letIn(stay) : new Answer.Done<>(stay);
  }

  /** Lets in everyone who waits for a moderator, in the order in which they came. */
  public AdmittedAll admitAll(ConferenceId conference) {
    int admitted = 0;
    for (Participant stay : store.waiting(conference)) {
      if (letIn(stay) instanceof Answer.Done<?>) {
        admitted++;
      } else if (!hasRoom(conference)) {
        break;
      }
    }
    return new AdmittedAll(
        admitted, store.waiting(conference).stream().map(Participant::id).toList());
  }

  /**
   * Says that the client of one who waits is there, and returns where it stands; null if it does
   * not wait, or not any more.
   */
  public @Nullable QueuePlace stillWaits(ConferenceId conference, ParticipantId id) {
    Participant stay = store.participant(conference, id);
    if (stay == null || stay.waiting() == null) {
      return null;
    }
    if (stay.waiting().wantsRenewal(changes.now())) {
      Participant renewed = change(stay, wait -> wait.renewed(changes.now()));
      if (renewed == null) {
        return null;
      }
      waits.seen(renewed);
      advance(renewed);
    }
    return place(conference, id);
  }

  /** Returns where one who waits stands; null if it does not wait. */
  public @Nullable QueuePlace place(ConferenceId conference, ParticipantId id) {
    int position = 0;
    for (Participant stay : store.waiting(conference)) {
      position++;
      if (stay.id().equals(id) && stay.waiting() != null) {
        return new QueuePlace(stay.waiting().reason(), stay.waiting().region(), position);
      }
    }
    return null;
  }

  /** Returns what somebody who wants to come in has to wait for, or null if nothing. */
  @Nullable Wait waitOf(Conference conference, Participant.Person person) {
    return conference.options().lobby() && !person.grants().moderate()
        ? Wait.begun(WaitReason.LOBBY, null, changes.now())
        : null;
  }

  /** Returns why nobody more can wait, or null if somebody can. */
  @Nullable Refusal refusal(Conference conference, Wait wait) {
    if (conference.options().locked() || conference.isFull()) {
      return seats.refusal(conference, false);
    }
    return wait.reason() == WaitReason.LOBBY && store.waiting(conference.id()).size() >= LOBBY_MAX
        ? new Refusal.LobbyFull(LOBBY_MAX)
        : null;
  }

  /** Has a new stay wait; null if it cannot. */
  @Nullable Participant enter(Participant stay) {
    Participant stored = store.write(notices.post(stay, NoticeType.PARTICIPANT_WAITING));
    if (stored == null) {
      throw new IllegalStateException("two participants drew the same id: " + stay.id());
    }
    waits.begun(stored);
    notices.tell(stored);
    events.publish(
        stored.conference(), new ConferenceEvent.ParticipantWaiting(stored.rosterEntry()));
    return stored;
  }

  /** Lets one in for whom nothing is to wait for any more. */
  void advance(Participant stay) {
    Conference conference = store.conference(stay.conference());
    if (conference != null && !conference.options().lobby()) {
      Answer<Participant> _ = letIn(stay);
    }
  }

  /** The lobby was closed: everyone who waits in it comes in, soon. */
  void open(ConferenceId conference) {
    // If this breaks off, each comes in when its client shows itself.
    background.execute(() -> {
      AdmittedAll _ = admitAll(conference);
    });
  }

  /** Gives up one whose client was not heard of for so long. */
  void expire(ConferenceId conference, ParticipantId id) {
    participants.depart(
        conference,
        id,
        LeaveReason.WAIT_EXPIRED,
        stay -> stay.waitDueAt() != null && !changes.now().isBefore(stay.waitDueAt()));
  }

  private Answer<Participant> letIn(Participant stay) {
    ConferenceId conference = stay.conference();
    Ban ban = participants.banInForce(conference, stay.person().identity());
    if (ban != null) {
      participants.depart(conference, stay.id(), LeaveReason.BANNED);
      return new Answer.Refused<>(new Refusal.Banned(ban.until()));
    }
    Changes.Changed<Conference> counted = seats.take(conference, false);
    Conference after = counted.after();
    if (after == null) {
      return new Answer.Refused<>(
          counted.before() == null
              ? new Refusal.NotFound("conference")
              : seats.refusal(counted.before(), false));
    }
    Changes.Changed<Participant> changed =
        changes.participant(
            conference,
            stay.id(),
            p ->
                p.state() == ParticipantState.QUEUED
                    ? p.letIn(after.lastCsrc(), changes.now())
                    : null);
    Participant admitted = changed.after();
    if (admitted == null) {
      seats.giveBack(conference);
      return instead(changed.before());
    }
    return confirm(stay, admitted);
  }

  /** What one is that does not wait any more: somebody was faster, or it has left. */
  private static Answer<Participant> instead(@Nullable Participant now) {
    if (now == null) {
      return new Answer.Refused<>(new Refusal.NotFound("participant"));
    }
    return now.departure() == null
        ? new Answer.Done<>(now)
        : new Answer.Refused<>(new Refusal.Left(now.departure().reason()));
  }

  /** Looks again at what may have changed before it was in and could be found there. */
  private Answer<Participant> confirm(Participant stay, Participant admitted) {
    ConferenceId id = admitted.conference();
    Conference conference = store.conference(id);
    if (conference == null || !conference.state().isOpen()) {
      participants.depart(id, admitted.id(), LeaveReason.ENDED);
      return new Answer.Refused<>(Admission.ended(conference));
    }
    Ban ban = participants.banInForce(id, admitted.person().identity());
    if (ban != null) {
      participants.depart(id, admitted.id(), LeaveReason.BANNED);
      return new Answer.Refused<>(new Refusal.Banned(ban.until()));
    }
    if (stay.waiting() != null) {
      waits.admitted(stay, Duration.between(stay.waiting().since(), admitted.joinedAt()));
    }
    events.publish(id, new ConferenceEvent.ParticipantAdmitted(admitted.id()));
    return new Answer.Done<>(admitted);
  }

  private boolean hasRoom(ConferenceId id) {
    Conference conference = store.conference(id);
    return conference != null
        && conference.state().isOpen()
        && !conference.isFull()
        && !conference.options().locked();
  }

  /** Changes how one waits, if it does; clients see no other version of it. */
  private @Nullable Participant change(Participant stay, Function<Wait, Wait> next) {
    return changes
        .participant(
            stay.conference(),
            stay.id(),
            p ->
                p.waiting() == null
                    ? null
                    : p.withWait(next.apply(p.waiting())).withOutbox(p.outbox().quietly()))
        .after();
  }

  private void onOver(Participant gone) {
    if (gone.departure() != null) {
      waits.over(gone, gone.departure().reason());
    }
  }
}
