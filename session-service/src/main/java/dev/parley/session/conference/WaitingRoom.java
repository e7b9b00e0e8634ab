package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
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

  /** Most whose turn it is in one look at a region. */
  private static final int LOOKED_AT_MAX = 50;

  private final ConferenceStore store;
  private final Changes changes;
  private final Seats seats;
  private final Participants participants;
  private final ConferenceEventSink events;
  private final Notices notices;
  private final Waits waits;
  private final RegionLine line;
  private final Executor background;

  /**
   * Takes what it needs.
   *
   * @param waits counts what comes of waits
   * @param line the queues for media servers
   * @param background lets in those whom nobody waits for, each on a thread that may block
   */
  public WaitingRoom(
      ConferenceStore store,
      Clock clock,
      Participants participants,
      ConferenceEventSink events,
      Notices notices,
      Waits waits,
      RegionLine line,
      Executor background) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.seats = new Seats(store, clock);
    this.participants = participants;
    this.events = events;
    this.notices = notices;
    this.waits = waits;
    this.line = line;
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
    // Of those who wait for a server the queue decides.
    return isInLobby(stay) ? pass(stay) : new Answer.Done<>(stay);
  }

  /** Lets in everyone who waits for a moderator, in the order in which they came. */
  public AdmittedAll admitAll(ConferenceId conference) {
    int admitted = 0;
    for (Participant stay : store.waiting(conference)) {
      if (isInLobby(stay) && pass(stay) instanceof Answer.Done<?>) {
        admitted++;
      } else if (!hasRoom(conference)) {
        break;
      }
    }
    return new AdmittedAll(
        admitted,
        store.waiting(conference).stream()
            .filter(WaitingRoom::isInLobby)
            .map(Participant::id)
            .toList());
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
    Participant stay = store.participant(conference, id);
    Wait wait = stay == null ? null : stay.waiting();
    if (stay == null || wait == null) {
      return null;
    }
    if (wait.region() != null) {
      // Where the queue was lost meanwhile, this lines it up anew.
      int before = line.enter(wait.region(), stay);
      return new QueuePlace(wait.reason(), wait.region(), before + 1);
    }
    int position = 1;
    for (Participant other : store.waiting(conference)) {
      if (other.id().equals(id)) {
        break;
      }
      position += isInLobby(other) ? 1 : 0;
    }
    return new QueuePlace(wait.reason(), null, position);
  }

  /** Returns what somebody who wants to come in has to wait for, or null if nothing. */
  @Nullable Wait waitOf(Conference conference, Participant.Person person) {
    if (conference.options().lobby() && !person.grants().moderate()) {
      return Wait.begun(WaitReason.LOBBY, null, changes.now());
    }
    Vacancy vacancy = vacancy(conference);
    return vacancy.isFree()
        ? null
        : Wait.begun(WaitReason.REGION_FULL, vacancy.region(), changes.now());
  }

  private Allocation allocation(Conference conference) {
    Allocation allocation = store.allocation(conference.id());
    return allocation == null ? Allocation.none(conference.id()) : allocation;
  }

  private Vacancy vacancy(Conference conference) {
    Allocation now = allocation(conference);
    return line.vacancy(now.server(), RegionWish.of(conference, now));
  }

  /** Returns why nobody more can wait, or null if somebody can. */
  @Nullable Refusal refusal(Conference conference, Wait wait) {
    if (conference.options().locked() || conference.isFull()) {
      return seats.refusal(conference, false);
    }
    if (wait.region() != null) {
      return line.isFull(wait.region()) ? new Refusal.NoCapacity() : null;
    }
    return store.waiting(conference.id()).size() >= LOBBY_MAX
        ? new Refusal.LobbyFull(LOBBY_MAX)
        : null;
  }

  /** Has a new stay wait. */
  Participant enter(Participant stay) {
    Participant stored = store.write(notices.post(stay, NoticeType.PARTICIPANT_WAITING));
    if (stored == null) {
      throw new IllegalStateException("two participants drew the same id: " + stay.id());
    }
    waits.begun(stored);
    Region region = stored.waiting() == null ? null : stored.waiting().region();
    if (region != null) {
      int _ = line.enter(region, stored);
    }
    notices.tell(stored);
    events.publish(
        stored.conference(), new ConferenceEvent.ParticipantWaiting(stored.rosterEntry()));
    return stored;
  }

  /** Lets one in for whom nothing is to wait for any more, or has it wait in the right place. */
  void advance(Participant stay) {
    Conference conference = store.conference(stay.conference());
    if (conference == null || stay.waiting() == null) {
      return;
    }
    if (!isInLobby(stay) || !conference.options().lobby()) {
      Answer<Participant> _ = pass(stay);
    }
  }

  /**
   * Lets in those who wait for media servers, as far as these have room: the most urgent first, of
   * these who came first. Called twice a second or so, by one thread; several nodes may do it at
   * once, and each is let in once.
   *
   * @param isOurs in which regions
   * @return how many were let in
   */
  public int serve(Predicate<Region> isOurs) {
    int served = 0;
    for (Map.Entry<Region, Integer> region : line.places().entrySet()) {
      if (isOurs.test(region.getKey())) {
        served += serve(region.getKey(), region.getValue());
      }
    }
    return served;
  }

  private int serve(Region region, int places) {
    int served = 0;
    int lookedAt = 0;
    Set<JoinQueues.Taken> unsettled = new LinkedHashSet<>();
    try {
      while (served < places && lookedAt < LOOKED_AT_MAX) {
        List<JoinQueues.Taken> taken =
            line.take(region, Math.min(places - served, LOOKED_AT_MAX - lookedAt));
        if (taken.isEmpty()) {
          break;
        }
        unsettled.addAll(taken);
        lookedAt += taken.size();
        for (JoinQueues.Taken one : taken) {
          Turn turn = turn(region, one.waiting());
          if (turn != Turn.NOT_YET) {
            unsettled.remove(one);
          }
          served += turn == Turn.CAME_IN ? 1 : 0;
        }
      }
      return served;
    } finally {
      unsettled.forEach(one -> line.giveBack(region, one));
    }
  }

  /** What comes of somebody's turn. */
  private enum Turn {
    CAME_IN,
    /** The server of its own conference is full still. */
    NOT_YET,
    /** It waits no more. */
    GONE
  }

  private Turn turn(Region region, JoinQueues.Waiting one) {
    Participant stay = store.participant(one.conference(), one.participant());
    Conference conference = store.conference(one.conference());
    if (stay == null
        || conference == null
        || stay.waiting() == null
        || !region.equals(stay.waiting().region())) {
      return Turn.GONE;
    }
    Allocation now = allocation(conference);
    if (!line.vacancyInTurn(now.server(), RegionWish.of(conference, now)).isFree()) {
      return Turn.NOT_YET;
    }
    Answer<Participant> answer = letIn(stay);
    if (answer instanceof Answer.Done<?>) {
      line.onLetIn(region);
      return Turn.CAME_IN;
    }
    if (answer instanceof Answer.Refused<?> refused
        && (refused.refusal() instanceof Refusal.Locked
            || refused.refusal() instanceof Refusal.Full)) {
      // Whoever asked now would be refused, too; and it would hold up the others.
      participants.depart(
          conference.id(),
          stay.id(),
          LeaveReason.NO_PLACE,
          still -> still.state() == ParticipantState.QUEUED);
    }
    return Turn.GONE;
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

  private static boolean isInLobby(Participant stay) {
    return stay.waiting() != null && stay.waiting().reason() == WaitReason.LOBBY;
  }

  /** The lobby is behind it: it comes in, or goes on to wait for a media server. */
  private Answer<Participant> pass(Participant stay) {
    Conference conference = store.conference(stay.conference());
    if (conference == null) {
      return new Answer.Refused<>(new Refusal.NotFound("conference"));
    }
    if (!hasRoom(conference)) {
      return new Answer.Refused<>(seats.refusal(conference, false));
    }
    Vacancy vacancy = vacancy(conference);
    Region region = vacancy.region();
    Region before = stay.waiting() == null ? null : stay.waiting().region();
    if (vacancy.isFree() || region == null) {
      return letIn(stay);
    }
    if (region.equals(before)) {
      return new Answer.Done<>(stay);
    }
    Changes.Changed<Participant> changed =
        changes.participant(
            stay.conference(),
            stay.id(),
            p ->
                p.waiting() == null
                    ? null
                    : p.withWait(p.waiting().next(WaitReason.REGION_FULL, region, changes.now())));
    Participant moved = changed.after();
    if (moved == null) {
      return instead(changed.before());
    }
    if (before != null) {
      line.leave(before, moved);
    }
    waits.seen(moved);
    int _ = line.enter(region, moved);
    events.publish(moved.conference(), new ConferenceEvent.ParticipantWaiting(moved.rosterEntry()));
    return new Answer.Done<>(moved);
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
    Wait wait = stay.waiting();
    if (wait != null) {
      waits.admitted(stay, Duration.between(wait.since(), admitted.joinedAt()));
    }
    if (wait != null && wait.region() != null) {
      line.leave(wait.region(), stay);
    }
    events.publish(id, new ConferenceEvent.ParticipantAdmitted(admitted.id()));
    return new Answer.Done<>(admitted);
  }

  private boolean hasRoom(ConferenceId id) {
    Conference conference = store.conference(id);
    return conference != null && hasRoom(conference);
  }

  private static boolean hasRoom(Conference conference) {
    return conference.state().isOpen() && !conference.isFull() && !conference.options().locked();
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

  private void onOver(Participant stay, LeaveReason reason) {
    waits.over(stay, reason);
    Wait wait = stay.waiting();
    if (wait != null && wait.region() != null) {
      line.leave(wait.region(), stay);
    }
  }
}
