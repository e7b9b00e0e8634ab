package dev.parley.session.conference;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.Role;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who hears and is heard in a conference and as what they are in it: what people change of
 * themselves, and moderators of others. Thread-safe; blocks on the store and on media servers.
 */
public final class Moderation {
  private static final int LOCK_COUNT = 64;

  /** Orders to media servers that one request for everybody has under way at once. */
  private static final int AT_ONCE_MAX = 32;

  private final ConferenceStore store;
  private final Changes changes;
  private final MediaServers mediaServers;
  private final Participants participants;
  private final ConferenceEventSink events;
  private final Executor background;
  private final ReentrantLock[] changing = new ReentrantLock[LOCK_COUNT];

  /**
   * Takes what it needs.
   *
   * @param background mutes many at once, each on a thread that may block
   */
  public Moderation(
      ConferenceStore store,
      Clock clock,
      MediaServers mediaServers,
      Participants participants,
      ConferenceEventSink events,
      Executor background) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.mediaServers = mediaServers;
    this.participants = participants;
    this.events = events;
    this.background = background;
    for (int i = 0; i < LOCK_COUNT; i++) {
      changing[i] = new ReentrantLock();
    }
  }

  /**
   * What is to be changed of a participant; null leaves it as it is.
   *
   * @param held keeps it from hearing and being heard; only moderators may, and not beside others
   * @param role gives what the role may do, save messages if the token withheld them
   */
  public record Change(
      @Nullable Boolean muted,
      @Nullable Boolean held,
      @Nullable Boolean handRaised,
      @Nullable Role role) {
    public Change {
      // Two orders of which one fails would leave something that was never asked for.
      if (held != null && (muted != null || role != null)) {
        throw new IllegalArgumentException("held is changed by itself");
      }
    }
  }

  /**
   * What came of muting everybody.
   *
   * @param mutedCount how many were open and are closed now
   * @param unreached whose media server did not answer: they may still be heard
   */
  public record MutedAll(int mutedCount, List<ParticipantId> unreached) {
    public MutedAll {
      unreached = List.copyOf(unreached);
    }
  }

  /**
   * Changes a participant.
   *
   * @param bySelf true if the participant itself asks; nobody else may unmute or raise a hand
   * @param expectedVersion changes it only if it has this version, or null
   */
  public Answer<Participant> change(
      ConferenceId conference,
      ParticipantId id,
      Change change,
      boolean bySelf,
      @Nullable Long expectedVersion) {
    // Orders and their records must come in the same order, or a microphone that reads as closed
    // could be open. One participant's are given by one thread at a time.
    ReentrantLock lock = changing[Math.floorMod(id.hashCode(), LOCK_COUNT)];
    lock.lock();
    try {
      Participant now = store.participant(conference, id);
      if (now == null) {
        return new Answer.Refused<>(new Refusal.NotFound("participant"));
      }
      Refusal refusal = refusal(now, change, bySelf, expectedVersion);
      if (refusal != null) {
        return new Answer.Refused<>(refusal);
      }
      Participant wished = changed(now, change);
      return wished.equals(now) ? new Answer.Done<>(now) : apply(now, wished, change);
    } finally {
      lock.unlock();
    }
  }

  /** Mutes everyone who is there now, but for these. */
  public MutedAll muteAll(ConferenceId conference, Set<ParticipantId> except) {
    Change mute = new Change(true, null, null, null);
    Semaphore places = new Semaphore(AT_ONCE_MAX);
    List<ParticipantId> open = new ArrayList<>();
    List<CompletableFuture<Answer<Participant>>> answers = new ArrayList<>();
    for (Participant participant : store.present(conference)) {
      if (!participant.muted() && !except.contains(participant.id())) {
        places.acquireUninterruptibly();
        open.add(participant.id());
        answers.add(
            CompletableFuture.supplyAsync(
                    () -> change(conference, participant.id(), mute, false, null), background)
                .whenComplete((_, _) -> places.release()));
      }
    }
    int mutedCount = 0;
    List<ParticipantId> unreached = new ArrayList<>();
    for (int i = 0; i < open.size(); i++) {
      switch (answers.get(i).join()) {
        case Answer.Done<Participant> _ -> mutedCount++;
        case Answer.Refused<Participant> refused -> {
          // Who has left meanwhile is not heard either.
          if (refused.refusal() instanceof Refusal.MediaUnreachable) {
            unreached.add(open.get(i));
          }
        }
      }
    }
    return new MutedAll(mutedCount, unreached);
  }

  /** Asks one who is there to open its microphone, which only it can. */
  public Answer<Participant> requestUnmute(Participant participant) {
    if (participant.departure() != null) {
      return new Answer.Refused<>(new Refusal.Left(participant.departure().reason()));
    }
    if (participant.state() == ParticipantState.QUEUED) {
      return new Answer.Refused<>(new Refusal.Queued());
    }
    if (participant.muted()) {
      events.publish(
          participant.conference(), new ConferenceEvent.UnmuteRequested(participant.id()));
    }
    return new Answer.Done<>(participant);
  }

  /**
   * Records what a participant's media server has done already. Whatever was ordered meanwhile is
   * ordered anew, so that what is heard is what is recorded.
   */
  void record(ConferenceId conference, ParticipantId id, Change change) {
    ReentrantLock lock = changing[Math.floorMod(id.hashCode(), LOCK_COUNT)];
    lock.lock();
    try {
      Participant now = store.participant(conference, id);
      if (now == null || !now.state().isPresent() || changed(now, change).equals(now)) {
        return;
      }
      Participant wished = changed(now, change);
      Order order = order(now, wished);
      if (order != null) {
        // A server that does not answer has done it, or is lost, and its successor is told.
        boolean _ = isOrdered(wished, order);
      }
      participants.update(conference, id, stay -> changed(stay, change));
    } finally {
      lock.unlock();
    }
  }

  private static @Nullable Refusal refusal(
      Participant now, Change change, boolean bySelf, @Nullable Long expectedVersion) {
    if (now.departure() != null) {
      return new Refusal.Left(now.departure().reason());
    }
    if (now.state() == ParticipantState.QUEUED) {
      return new Refusal.Queued();
    }
    if (expectedVersion != null && expectedVersion != now.revision()) {
      return new Refusal.VersionMismatch(now.revision());
    }
    if (bySelf) {
      return null;
    }
    if (Boolean.FALSE.equals(change.muted()) && now.muted()) {
      return new Refusal.UnmuteNotOffered();
    }
    return Boolean.TRUE.equals(change.handRaised()) && !now.standing().isHandRaised()
        ? new Refusal.HandNotOffered()
        : null;
  }

  private Participant changed(Participant now, Change change) {
    Participant next = now;
    if (change.muted() != null) {
      next = next.withMuted(change.muted());
    }
    if (change.handRaised() != null && change.handRaised() != now.standing().isHandRaised()) {
      next =
          next.withStanding(
              next.standing().withHandRaised(change.handRaised() ? changes.now() : null));
    }
    if (change.held() != null) {
      next = next.withStanding(next.standing().withHeld(change.held()));
    }
    if (change.role() != null && change.role() != now.person().role()) {
      next = next.withPerson(as(now.person(), change.role()));
    }
    return next;
  }

  private static Participant.Person as(Participant.Person person, Role role) {
    return new Participant.Person(
        person.identity(), person.name(), role, person.grants().keptAs(role));
  }

  private Answer<Participant> apply(Participant now, Participant wished, Change change) {
    Order order = order(now, wished);
    if (order != null && !isOrdered(wished, order)) {
      return new Answer.Refused<>(new Refusal.MediaUnreachable());
    }
    Participant after =
        participants.update(now.conference(), now.id(), stay -> changed(stay, change));
    if (after == null) {
      Participant gone = store.participant(now.conference(), now.id());
      LeaveReason reason =
          gone == null || gone.departure() == null ? LeaveReason.CLIENT : gone.departure().reason();
      return new Answer.Refused<>(new Refusal.Left(reason));
    }
    return new Answer.Done<>(after);
  }

  /** Returns what a media server has to do about a change, or null if nothing. */
  private static @Nullable Order order(Participant now, Participant wished) {
    if (now.isSilenced() != wished.isSilenced()) {
      return new Order.MuteParticipant(wished.id(), wished.isSilenced());
    }
    boolean isHeld = wished.standing().held();
    return now.standing().held() == isHeld ? null : new Order.HoldParticipant(wished.id(), isHeld);
  }

  /** Has the media server treat a participant as wished; false if it may not. */
  private boolean isOrdered(Participant wished, Order order) {
    MediaSession media = wished.media();
    if (media == null) {
      return true;
    }
    if (media.former() != null) {
      // Whoever has not come along to the new server is still there to hear.
      MediaAnswer _ =
          mediaServers.order(
              media.former(),
              wished.conference(),
              media.epoch(),
              new Order.MuteParticipant(wished.id(), wished.isSilenced()));
    }
    MediaAnswer answer =
        mediaServers.order(media.server(), wished.conference(), media.epoch(), order);
    return switch (answer) {
      case MediaAnswer.Accepted _ -> true;
      // Its media is not up, or just ended; the next offer carries what is recorded here.
      case MediaAnswer.NotFound _ -> true;
      case MediaAnswer.IceRestarted _,
          MediaAnswer.Busy _,
          MediaAnswer.Unreachable _,
          MediaAnswer.Stale _,
          MediaAnswer.OfferRefused _ ->
          false;
    };
  }
}
