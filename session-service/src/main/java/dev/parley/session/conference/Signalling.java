package dev.parley.session.conference;

import dev.parley.common.control.Order.AdmitParticipant;
import dev.parley.common.control.Order.Listening;
import dev.parley.common.control.Order.SignallingProfile;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes offers to media servers: gives a conference its server, has the participant admitted there,
 * keeps the two in step. Thread-safe; blocks on the store and on the media server.
 */
public final class Signalling {
  private static final int ATTEMPTS_MAX = 4;

  private final ConferenceStore store;
  private final Changes changes;
  private final ConferenceIds ids;
  private final MediaServers mediaServers;
  private final Participants participants;

  public Signalling(
      ConferenceStore store,
      Clock clock,
      ConferenceIds ids,
      MediaServers mediaServers,
      Participants participants) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.ids = ids;
    this.mediaServers = mediaServers;
    this.participants = participants;
  }

  /** An SDP offer and how its sender wants to hear the others. */
  public record Offer(String sdp, Listening listening, SignallingProfile profile) {}

  /** An offer that was answered; {@code session} is the participant's media from now on. */
  public record Answered(Participant participant, MediaSession session, String sdp) {}

  /**
   * Has a participant's offer answered. If it has media already, this replaces it; if it is
   * refused, what it had stays.
   */
  public Answer<Answered> offer(ConferenceId conference, ParticipantId id, Offer offer) {
    Conference current = store.conference(conference);
    if (current == null) {
      return new Answer.Refused<>(new Refusal.NotFound("conference"));
    }
    Set<MediaServer> excluded = new HashSet<>();
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Allocation allocation = allocate(conference, excluded);
      if (allocation == null) {
        return new Answer.Refused<>(new Refusal.NoCapacity());
      }
      MediaServer server = allocation.server();
      if (allocation.isClosed() || server == null) {
        return new Answer.Refused<>(Admission.ended(store.conference(conference)));
      }
      Changes.Changed<Participant> begun = begin(conference, id, server, allocation.epoch());
      if (begun.before() == null || begun.after() == null) {
        return new Answer.Refused<>(gone(begun.before()));
      }
      MediaAnswer answer =
          mediaServers.order(
              server, conference, allocation.epoch(), admit(current, begun.after(), offer));
      Answer<Answered> result = settle(allocation, begun, answer, excluded);
      if (result != null) {
        return result;
      }
    }
    return new Answer.Refused<>(new Refusal.NoCapacity());
  }

  /** Returns the participant whose current media session has this id, or null. */
  public @Nullable Participant findSession(
      ConferenceId conference, ParticipantId id, String session) {
    Participant participant = store.participant(conference, id);
    MediaSession media = participant == null ? null : participant.media();
    return media != null && media.id().equals(session) ? participant : null;
  }

  /** Returns the answer to the client, or null if another attempt is to be made. */
  private @Nullable Answer<Answered> settle(
      Allocation allocation,
      Changes.Changed<Participant> begun,
      MediaAnswer answer,
      Set<MediaServer> excluded) {
    if (answer instanceof MediaAnswer.Accepted accepted && accepted.answer() != null) {
      return confirm(allocation, begun, accepted, accepted.answer());
    }
    revert(begun);
    return switch (answer) {
      case MediaAnswer.OfferRefused refused ->
          new Answer.Refused<>(new Refusal.OfferRefused(refused.detail(), refused.line()));
      case MediaAnswer.Busy _ ->
          giveBack(allocation, begun, excluded)
              ? null
              : new Answer.Refused<>(new Refusal.NoCapacity());
      case MediaAnswer.Stale stale -> {
        store.write(allocation.beyond(stale.epoch()));
        yield null;
      }
      case MediaAnswer.Accepted _, MediaAnswer.NotFound _, MediaAnswer.Unreachable _ ->
          new Answer.Refused<>(new Refusal.MediaUnreachable());
    };
  }

  private @Nullable Answer<Answered> confirm(
      Allocation allocation,
      Changes.Changed<Participant> begun,
      MediaAnswer.Accepted accepted,
      String sdp) {
    Participant admitted = begun.after();
    assert admitted != null && admitted.media() != null : "begin() was checked";
    MediaSession session = admitted.media();
    ConferenceId conference = admitted.conference();
    Allocation now = store.allocation(conference);
    if (now == null || now.epoch() != allocation.epoch()) {
      // The conference was given to another server, or ended, while this one said yes.
      participants.remove(session.server(), conference, session.epoch(), admitted.id());
      revert(begun);
      return null;
    }
    Listening decided = accepted.listening() == null ? Listening.AUTO : accepted.listening();
    Changes.Changed<Participant> changed =
        changes.participant(
            conference, admitted.id(), p -> isOn(p, session) ? p.withListening(decided) : null);
    Participant after = changed.after();
    if (after == null) {
      Participant before = changed.before();
      if (before == null || !before.state().isPresent()) {
        participants.remove(session.server(), conference, session.epoch(), admitted.id());
      }
      return new Answer.Refused<>(gone(before));
    }
    return new Answer.Done<>(new Answered(after, session, sdp));
  }

  /**
   * Returns the conference's server, choosing one if it has none; null if there is none to be had.
   */
  private @Nullable Allocation allocate(ConferenceId conference, Set<MediaServer> excluded) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Allocation allocation = store.allocation(conference);
      if (allocation == null) {
        allocation = Allocation.none(conference);
      }
      if (allocation.isClosed() || allocation.server() != null) {
        return allocation;
      }
      MediaServer chosen = mediaServers.choose(excluded);
      if (chosen == null) {
        return null;
      }
      Allocation written = store.write(allocation.on(chosen));
      if (written != null) {
        return written;
      }
    }
    throw new ContendedException("allocation of " + conference);
  }

  /** Records the media session before it is asked for: reports about it may overtake the answer. */
  private Changes.Changed<Participant> begin(
      ConferenceId conference, ParticipantId id, MediaServer server, long epoch) {
    String session = ids.mediaSession();
    return changes.participant(
        conference,
        id,
        p -> {
          if (!p.state().isPresent()) {
            return null;
          }
          MediaSession before = p.media();
          long sequence =
              before != null && before.server().equals(server) ? before.lastSequence() : 0;
          return p.withMedia(new MediaSession(session, server, epoch, sequence, changes.now()));
        });
  }

  private void revert(Changes.Changed<Participant> begun) {
    Participant before = begun.before();
    Participant after = begun.after();
    if (before == null || after == null || after.media() == null) {
      return;
    }
    MediaSession session = after.media();
    changes.participant(
        after.conference(), after.id(), p -> isOn(p, session) ? p.withMedia(before.media()) : null);
  }

  /** Frees a conference from a server that has no room, unless others are there already. */
  private boolean giveBack(
      Allocation allocation, Changes.Changed<Participant> begun, Set<MediaServer> excluded) {
    Participant mine = begun.before();
    MediaServer server = allocation.server();
    if (mine == null || server == null) {
      return false;
    }
    for (Participant other : store.present(allocation.conference())) {
      if (other.media() != null) {
        return false;
      }
    }
    excluded.add(server);
    store.write(allocation.free());
    return true;
  }

  private static AdmitParticipant admit(
      Conference conference, Participant participant, Offer offer) {
    return new AdmitParticipant(
        participant.id(),
        participant.csrc(),
        offer.sdp(),
        offer.listening(),
        offer.profile(),
        participant.person().grants().audio().maySend(),
        participant.muted(),
        conference.rules().settings(),
        participant.replaces());
  }

  private static boolean isOn(Participant participant, MediaSession session) {
    MediaSession media = participant.media();
    return participant.state().isPresent() && media != null && media.id().equals(session.id());
  }

  private static Refusal gone(@Nullable Participant participant) {
    if (participant == null) {
      return new Refusal.NotFound("participant");
    }
    Participant.Departure departure = participant.departure();
    return new Refusal.Left(departure == null ? LeaveReason.REPLACED : departure.reason());
  }
}
