package dev.parley.media;

import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.Order.SignallingProfile;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which conference runs on which media thread's agent, and whose sockets serve each participant:
 * the control plane's own record, kept by commands and by the events that agents send. Thread-safe;
 * no packet ever asks it.
 */
final class ConferenceDirectory {
  private static final int NONE = -1;

  /** Of those who have left, so many are remembered, for those who come in their places. */
  private static final int VACANCIES_MAX = 1024;

  /**
   * The place of one of a participant's sessions in the media plane.
   *
   * @param peerId unique in this process
   * @param session its name on the control link; null if an older session tier gave it none
   */
  record Seat(int peerId, int loopIndex, SignallingProfile profile, @Nullable String session) {}

  /** What became of a wish for a seat. */
  sealed interface Seating {}

  /** A seat was taken; {@link #giveBack} undoes it. */
  record Seated(Seat seat, List<Seat> former) implements Seating {}

  /** How far somebody seated got on his way in. */
  enum Entry {
    DONE,
    LOOP_BUSY,
    AGENT_BUSY
  }

  /** No seat, for this reason. */
  record NoSeat(String reason) implements Seating {}

  private static final class Hosted {
    int agentIndex;
    final Map<ParticipantId, List<Seat>> seats = new LinkedHashMap<>();
    long epoch;

    /** Its agent has been told of it, and will tell when it is over. */
    boolean isStarted;

    boolean isEnding;

    Hosted(int agentIndex) {
      this.agentIndex = agentIndex;
    }
  }

  /** Where somebody was seated. */
  private record Vacancy(ConferenceId conference, ParticipantId participant) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<ConferenceId, Hosted> conferences = new HashMap<>();
  private final Set<Vacancy> vacancies = new LinkedHashSet<>();
  private final int participantsMax;
  private final Headroom headroom;
  private final int[] peersOfLoop;
  private final int[] participantsOfAgent;
  private int participantCount;
  private int lastPeerId;
  private long busyCount;
  private boolean isDraining;
  private boolean isClosed;

  ConferenceDirectory(int participantsMax, int threadCount, Headroom headroom) {
    this.participantsMax = participantsMax;
    this.headroom = headroom;
    this.peersOfLoop = new int[threadCount];
    this.participantsOfAgent = new int[threadCount];
  }

  /**
   * Finds a place for a participant's session, instead of those that carry the same. A new
   * conference goes to the agent with the fewest participants; its participants' packets go by the
   * sockets of the same thread, which then needs no other to be woken, until that has work for half
   * of what it can do: then by those of the thread with the fewest peers. A thread without headroom
   * takes nobody. Who is here already and only changes its session is never turned away for want of
   * it, nor is one who comes in the place of another who is, or was until just now.
   *
   * @param replaces the participant in whose place this one comes, if any
   * @param profile what the session carries
   * @param session its name, see {@link Seat}
   */
  Seating seat(
      ConferenceId conference,
      long epoch,
      ParticipantId participant,
      @Nullable ParticipantId replaces,
      SignallingProfile profile,
      @Nullable String session) {
    lock.lock();
    try {
      Hosted hosted = conferences.get(conference);
      List<Seat> present = hosted == null ? null : hosted.seats.get(participant);
      if (isClosed) {
        return new NoSeat("this server is ending");
      }
      boolean isSeated =
          present != null
              || (hosted != null && replaces != null && hosted.seats.containsKey(replaces));
      boolean mustHave =
          isSeated || (replaces != null && vacancies.contains(new Vacancy(conference, replaces)));
      if (isDraining && !mustHave) {
        return new NoSeat("this server is draining");
      }
      if (hosted != null && hosted.isEnding) {
        return new NoSeat("the conference is ending");
      }
      if (!isSeated && participantCount >= participantsMax) {
        return new NoSeat("this server has its " + participantsMax + " participants");
      }
      int agent =
          hosted == null
              ? leastOf(participantsOfAgent, index -> !mustHave && headroom.isBusy(index))
              : hosted.agentIndex;
      boolean isAgentBusy = agent == NONE || (!mustHave && headroom.isBusy(agent));
      int loop =
          agent != NONE && headroom.isCalm(agent)
              ? agent
              : leastOf(peersOfLoop, index -> !mustHave && headroom.isBusy(index));
      if (loop == NONE || isAgentBusy) {
        busyCount++;
        return new NoSeat("this server's media threads have no time for more");
      }
      if (hosted == null) {
        hosted = new Hosted(agent);
        conferences.put(conference, hosted);
      }
      hosted.epoch = Math.max(hosted.epoch, epoch);
      List<Seat> former =
          present == null
              ? List.of()
              : present.stream().filter(s -> s.profile().overlaps(profile)).toList();
      Seat seat = new Seat(nextPeerId(), loop, profile, session);
      place(hosted, participant, former, List.of(seat));
      return new Seated(seat, former);
    } finally {
      lock.unlock();
    }
  }

  /** Undoes {@link #seat} when a later step of joining failed. */
  void giveBack(ConferenceId conference, ParticipantId participant, Seated seated) {
    lock.lock();
    try {
      Hosted hosted = conferences.get(conference);
      if (hosted == null || !seatsOf(hosted, participant).contains(seated.seat())) {
        return;
      }
      place(hosted, participant, List.of(seated.seat()), seated.former());
      if (!hosted.isStarted && hosted.seats.isEmpty()) {
        conferences.remove(conference);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Does something that goes to a conference's agent, or null if the conference is not here. No
   * move comes in between: what is posted in one action arrives at one agent, and actions' posts
   * arrive in the order of the actions.
   *
   * @param action given the agent's index; must not wait, and not use this directory
   */
  <T> @Nullable T atAgent(ConferenceId conference, IntFunction<T> action) {
    lock.lock();
    try {
      Hosted hosted = conferences.get(conference);
      return hosted == null ? null : action.apply(hosted.agentIndex);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets somebody in who has been seated, under the same terms as {@link #atAgent}; null if the
   * seat is no longer his, or the conference ends.
   */
  @Nullable Entry enter(
      ConferenceId conference, ParticipantId participant, Seat seat, IntFunction<Entry> action) {
    lock.lock();
    try {
      Hosted hosted = conferences.get(conference);
      if (hosted == null || hosted.isEnding || !seatsOf(hosted, participant).contains(seat)) {
        return null;
      }
      Entry entry = action.apply(hosted.agentIndex);
      hosted.isStarted |= entry == Entry.DONE;
      return entry;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a conference: from now on nobody is seated there or let in. The same terms as {@link
   * #atAgent}.
   *
   * @param action tells the agent; false if that is too far behind, and then nothing has changed
   * @return what the action did, or null if the conference is not here
   */
  @Nullable Boolean end(ConferenceId conference, IntPredicate action) {
    lock.lock();
    try {
      Hosted hosted = conferences.get(conference);
      if (hosted == null) {
        return null;
      }
      boolean isTold = action.test(hosted.agentIndex);
      hosted.isEnding |= isTold;
      return isTold;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has a conference be run by another agent from now on, its participants keeping their seats.
   *
   * @param takeOver begins the move by telling the other agent, under the same terms as {@link
   *     #atAgent}; false if that is too far behind
   * @return false if nothing was done, also because the conference is no longer at the first agent
   */
  boolean move(ConferenceId conference, int fromAgent, int toAgent, BooleanSupplier takeOver) {
    lock.lock();
    try {
      Hosted hosted = conferences.get(conference);
      boolean mayMove =
          hosted != null && !hosted.isEnding && !isClosed && hosted.agentIndex == fromAgent;
      if (hosted == null || !mayMove || !takeOver.getAsBoolean()) {
        return false;
      }
      participantsOfAgent[fromAgent] -= hosted.seats.size();
      participantsOfAgent[toAgent] += hosted.seats.size();
      hosted.agentIndex = toAgent;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The agent that runs a conference, or -1 if it is not here; a moment later it may be another.
   */
  int agentOf(ConferenceId conference) {
    lock.lock();
    try {
      Hosted hosted = conferences.get(conference);
      return hosted == null ? -1 : hosted.agentIndex;
    } finally {
      lock.unlock();
    }
  }

  /** The newest epoch under which somebody was seated in a conference, or 0 if it is not here. */
  long epochOf(ConferenceId conference) {
    lock.lock();
    try {
      Hosted hosted = conferences.get(conference);
      return hosted == null ? 0 : hosted.epoch;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the participant is in the conference on this server. */
  boolean contains(ConferenceId conference, ParticipantId participant) {
    lock.lock();
    try {
      Hosted hosted = conferences.get(conference);
      return hosted != null && hosted.seats.containsKey(participant);
    } finally {
      lock.unlock();
    }
  }

  /** Returns where a participant's session is, or null if it is not here. */
  @Nullable Seat find(ConferenceId conference, ParticipantId participant, String session) {
    lock.lock();
    try {
      Hosted hosted = conferences.get(conference);
      for (Seat seat : hosted == null ? List.<Seat>of() : seatsOf(hosted, participant)) {
        if (session.equals(seat.session())) {
          return seat;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Told by the agent: a participant's media is over. Returns false if the participant has begun
   * another session meanwhile, and so is still here.
   *
   * @param peerId of the last session that is over, and with it all that were begun before
   */
  boolean onGone(ConferenceId conference, ParticipantId participant, int peerId) {
    lock.lock();
    try {
      Hosted hosted = conferences.get(conference);
      if (hosted == null || !hosted.seats.containsKey(participant)) {
        return true;
      }
      List<Seat> over =
          seatsOf(hosted, participant).stream().filter(s -> !isAfter(s.peerId(), peerId)).toList();
      place(hosted, participant, over, List.of());
      boolean isGone = !hosted.seats.containsKey(participant);
      if (isGone) {
        vacate(conference, participant);
      }
      return isGone;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Told by the agent: one of a participant's two sessions is over. Returns its name, or null if it
   * has none or is not here any more.
   */
  @Nullable String onSessionGone(ConferenceId conference, ParticipantId participant, int peerId) {
    lock.lock();
    try {
      Hosted hosted = conferences.get(conference);
      for (Seat seat : hosted == null ? List.<Seat>of() : seatsOf(hosted, participant)) {
        if (hosted != null && seat.peerId() == peerId) {
          place(hosted, participant, List.of(seat), List.of());
          return seat.session();
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Told by the agent: the conference no longer runs. */
  void onClosed(ConferenceId conference) {
    lock.lock();
    try {
      Hosted hosted = conferences.remove(conference);
      if (hosted != null) {
        for (ParticipantId participant : List.copyOf(hosted.seats.keySet())) {
          place(hosted, participant, seatsOf(hosted, participant), List.of());
          vacate(conference, participant);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * New participants are refused from now on; those who are here may still change their session.
   */
  void drain() {
    lock.lock();
    try {
      isDraining = true;
    } finally {
      lock.unlock();
    }
  }

  /** Nobody is seated any more, not even in another session. */
  void close() {
    lock.lock();
    try {
      isDraining = true;
      isClosed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Participants turned away for want of headroom. */
  long busyCount() {
    lock.lock();
    try {
      return busyCount;
    } finally {
      lock.unlock();
    }
  }

  boolean isDraining() {
    lock.lock();
    try {
      return isDraining;
    } finally {
      lock.unlock();
    }
  }

  int conferenceCount() {
    lock.lock();
    try {
      return conferences.size();
    } finally {
      lock.unlock();
    }
  }

  int participantCount() {
    lock.lock();
    try {
      return participantCount;
    } finally {
      lock.unlock();
    }
  }

  /** Every conference with its participants, as the greeting of a control link tells it. */
  List<ConferenceSnapshot> snapshots() {
    lock.lock();
    try {
      List<ConferenceSnapshot> snapshots = new ArrayList<>();
      conferences.forEach((id, hosted) ->
          snapshots.add(
              new ConferenceSnapshot(id, hosted.epoch, List.copyOf(hosted.seats.keySet()))));
      return snapshots;
    } finally {
      lock.unlock();
    }
  }

  /** Takes seats of a participant's away and gives others. Keeps the sums. */
  private void place(Hosted hosted, ParticipantId participant, List<Seat> from, List<Seat> to) {
    List<Seat> before = seatsOf(hosted, participant);
    List<Seat> after = new ArrayList<>(before);
    after.removeAll(from);
    after.addAll(to);
    from.forEach(seat -> peersOfLoop[seat.loopIndex()]--);
    to.forEach(seat -> peersOfLoop[seat.loopIndex()]++);
    int change = (after.isEmpty() ? 0 : 1) - (before.isEmpty() ? 0 : 1);
    participantsOfAgent[hosted.agentIndex] += change;
    participantCount += change;
    if (after.isEmpty()) {
      hosted.seats.remove(participant);
    } else {
      hosted.seats.put(participant, List.copyOf(after));
    }
  }

  private static List<Seat> seatsOf(Hosted hosted, ParticipantId participant) {
    return hosted.seats.getOrDefault(participant, List.of());
  }

  /** Whether a peer was begun after another, however often their numbers began anew. */
  private static boolean isAfter(int peerId, int other) {
    int distance = peerId - other & Integer.MAX_VALUE;
    return distance != 0 && distance < Integer.MAX_VALUE / 2;
  }

  private void vacate(ConferenceId conference, ParticipantId participant) {
    vacancies.add(new Vacancy(conference, participant));
    if (vacancies.size() > VACANCIES_MAX) {
      vacancies.remove(vacancies.iterator().next());
    }
  }

  /** Positive, and not used again before two thousand million others. */
  private int nextPeerId() {
    lastPeerId = lastPeerId == Integer.MAX_VALUE ? 1 : lastPeerId + 1;
    return lastPeerId;
  }

  private static int leastOf(int[] counts, IntPredicate isBusy) {
    int least = NONE;
    for (int i = 0; i < counts.length; i++) {
      if ((least == NONE || counts[i] < counts[least]) && !isBusy.test(i)) {
        least = i;
      }
    }
    return least;
  }
}
