package dev.parley.session.conference;

import dev.parley.common.control.Order.AdmitParticipant;
import dev.parley.common.control.Order.EndSession;
import dev.parley.common.control.Order.HoldParticipant;
import dev.parley.common.control.Order.Listening;
import dev.parley.common.control.Order.RestartIce;
import dev.parley.common.control.Order.SignallingProfile;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.common.token.AudioGrant;
import dev.parley.common.token.MediaTicket;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
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
  private volatile @Nullable MediaTicketSigner signer;

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

  /** An offer that was answered; {@code leg} is what it began. */
  public record Answered(Participant participant, MediaSession media, MediaLeg leg, String sdp) {}

  /** A leg and whose it is. */
  public record Held(Participant participant, MediaLeg leg) {}

  /**
   * Has a participant's offer answered. It takes the place of the legs that carry the same; if it
   * is refused, what there was stays.
   */
  public Answer<Answered> offer(ConferenceId conference, ParticipantId id, Offer offer) {
    Conference current = store.conference(conference);
    if (current == null) {
      return new Answer.Refused<>(new Refusal.NotFound("conference"));
    }
    Set<MediaServer> excluded = new HashSet<>();
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Allocation allocation = allocate(current, excluded);
      if (allocation == null) {
        Refusal denied = Placing.refusal(mediaServers, current);
        return new Answer.Refused<>(denied == null ? new Refusal.NoCapacity() : denied);
      }
      MediaServer server = allocation.server();
      if (allocation.isClosed() || server == null) {
        return new Answer.Refused<>(Admission.ended(store.conference(conference)));
      }
      MediaLeg leg = MediaLeg.begun(ids.mediaSession(), offer.profile());
      Changes.Changed<Participant> begun = begin(conference, id, leg, allocation.epoch(), server);
      if (begun.before() == null || begun.after() == null) {
        return new Answer.Refused<>(gone(begun.before()));
      }
      MediaAnswer answer =
          mediaServers.order(
              server, conference, allocation.epoch(), admit(current, begun.after(), offer, leg));
      Answer<Answered> result = settle(allocation, new Attempt(begun, leg), answer, excluded);
      if (result != null) {
        return result;
      }
    }
    return new Answer.Refused<>(new Refusal.NoCapacity());
  }

  /**
   * Lets offers be taken to media servers by who makes them, where those have a door. Once, before
   * any offer; without it all are relayed.
   *
   * @param ticketSigner makes the tickets by which media servers know whom to let in
   */
  public void redirectBy(MediaTicketSigner ticketSigner) {
    signer = ticketSigner;
  }

  /**
   * Where a participant may take an offer.
   *
   * @param url good for one offer, for {@link MediaTicket#LIFETIME}; opens the door to anyone who
   *     has it
   */
  public record Directed(Participant participant, MediaServer server, URI url) {
    /** The address is not for logs. */
    @Override
    public String toString() {
      return "Directed[" + participant.id() + " to " + server.server() + "]";
    }
  }

  /**
   * Lets a participant take an offer to the conference's media server itself, after all checks that
   * {@link #offer} makes but those of the offer. What there was stays until the server has
   * answered. The server may be out of this node's reach.
   *
   * @param iceServers returns what the answer is to say of ICE servers in a region, as values of
   *     {@code Link}
   * @return null if it is to be relayed, which also says why there can be no media
   */
  public @Nullable Directed direct(
      ConferenceId conference,
      ParticipantId id,
      Listening listening,
      SignallingProfile profile,
      Function<Region, List<String>> iceServers) {
    MediaTicketSigner ticketSigner = signer;
    Conference current = ticketSigner == null ? null : store.conference(conference);
    Allocation allocation = current == null ? null : allocate(current, new HashSet<>());
    MediaServer server = allocation == null || allocation.isClosed() ? null : allocation.server();
    URI door = server == null ? null : mediaServers.door(server);
    if (ticketSigner == null
        || current == null
        || allocation == null
        || server == null
        || door == null) {
      return null;
    }
    // Whole seconds, as the ticket has them.
    Instant now = changes.now().truncatedTo(ChronoUnit.SECONDS);
    Participant stay = await(conference, id, server, allocation.epoch(), now);
    if (stay == null) {
      return null;
    }
    MediaTicket ticket =
        new MediaTicket(
            ids.mediaTicket(),
            new MediaTicket.Place(
                server.server(), server.incarnation(), conference, allocation.epoch()),
            terms(current, stay, listening, profile),
            iceServers.apply(server.region()),
            now);
    return new Directed(
        stay, server, URI.create(door + "/rtc/" + ticketSigner.sign(server.region(), ticket)));
  }

  /** Notes that a ticket is out; null if the participant is not in the conference. */
  private @Nullable Participant await(
      ConferenceId conference, ParticipantId id, MediaServer server, long epoch, Instant now) {
    Changes.Changed<Participant> changed =
        changes.participant(
            conference,
            id,
            p -> {
              MediaSession awaited =
                  MediaSession.awaited(
                      server, epoch, p.media(), now, now.plus(MediaTicket.LIFETIME));
              boolean isNews = p.state().isPresent() && !awaited.equals(p.media());
              return isNews ? p.withMedia(awaited) : null;
            });
    Participant stay = changed.after() == null ? changed.before() : changed.after();
    return stay != null && stay.state().isPresent() ? stay : null;
  }

  private MediaTicket.Terms terms(
      Conference conference, Participant stay, Listening listening, SignallingProfile profile) {
    AudioGrant audio = stay.person().grants().audio();
    return new MediaTicket.Terms(
        stay.id(),
        stay.csrc(),
        audio.mayReceive() ? listening : Listening.NONE,
        profile,
        audio.maySend(),
        stay.muted(),
        stay.standing().held(),
        conference.options().settings(),
        stay.replaces(),
        ids.mediaSession());
  }

  /** Returns the participant's leg with this id, or null. */
  public @Nullable Held findLeg(ConferenceId conference, ParticipantId id, String legId) {
    Participant participant = store.participant(conference, id);
    MediaSession media = participant == null ? null : participant.media();
    MediaLeg leg = media == null ? null : media.leg(legId);
    return participant == null || leg == null ? null : new Held(participant, leg);
  }

  /** A leg in which ICE has begun anew, and the media server's half of it. */
  public record Restarted(MediaLeg leg, MediaAnswer.IceRestarted ice) {}

  /**
   * Begins ICE anew in a leg, which goes on as it was if that is refused.
   *
   * @param clientFragment the client's new user name fragment
   */
  public Answer<Restarted> restartIce(Held held, String clientFragment) {
    Participant participant = held.participant();
    MediaSession media = participant.media();
    if (media == null) {
      return new Answer.Refused<>(new Refusal.NotFound("media session"));
    }
    MediaAnswer answer =
        mediaServers.order(
            media.server(),
            participant.conference(),
            media.epoch(),
            new RestartIce(participant.id(), held.leg().id(), clientFragment));
    return switch (answer) {
      case MediaAnswer.IceRestarted ice -> restarted(held, clientFragment, ice);
      case MediaAnswer.NotFound _, MediaAnswer.Stale _ ->
          new Answer.Refused<>(new Refusal.NotFound("media session"));
      case MediaAnswer.Accepted _,
          MediaAnswer.Busy _,
          MediaAnswer.Unreachable _,
          MediaAnswer.OfferRefused _ ->
          new Answer.Refused<>(new Refusal.MediaUnreachable());
    };
  }

  private Answer<Restarted> restarted(
      Held held, String clientFragment, MediaAnswer.IceRestarted ice) {
    Participant participant = held.participant();
    Participant after =
        changes
            .participant(
                participant.conference(),
                participant.id(),
                p -> {
                  MediaSession media = p.media();
                  MediaLeg leg = media == null ? null : media.leg(held.leg().id());
                  return media == null || leg == null
                      ? null
                      : p.withMedia(media.withLeg(leg.restarted(clientFragment)));
                })
            .after();
    MediaSession media = after == null ? null : after.media();
    MediaLeg leg = media == null ? null : media.leg(held.leg().id());
    return leg == null
        ? new Answer.Refused<>(new Refusal.NotFound("media session"))
        : new Answer.Done<>(new Restarted(leg, ice));
  }

  /** Ends a leg; with the last one its participant leaves. */
  public Answer<Participant> end(Held held) {
    Participant participant = held.participant();
    MediaLeg leg = held.leg();
    Changes.Changed<Participant> changed =
        changes.participant(
            participant.conference(),
            participant.id(),
            p ->
                p.media() != null && isOn(p, leg) && p.media().legs().size() > 1
                    ? p.withMedia(p.media().without(leg))
                    : null);
    if (changed.before() == null || !isOn(changed.before(), leg)) {
      return new Answer.Refused<>(new Refusal.NotFound("media session"));
    }
    Participant after = changed.after();
    if (after == null || after.media() == null) {
      return participants.leave(participant.conference(), participant.id(), LeaveReason.CLIENT);
    }
    // Without an answer the server ends it by itself when consent expires.
    MediaAnswer _ =
        mediaServers.order(
            after.media().server(),
            after.conference(),
            after.media().epoch(),
            new EndSession(after.id(), leg.id()));
    return new Answer.Done<>(after);
  }

  /** A leg that was begun, and what that changed. */
  private record Attempt(Changes.Changed<Participant> begun, MediaLeg leg) {}

  /** Returns the answer to the client, or null if another attempt is to be made. */
  private @Nullable Answer<Answered> settle(
      Allocation allocation, Attempt attempt, MediaAnswer answer, Set<MediaServer> excluded) {
    if (answer instanceof MediaAnswer.Accepted accepted && accepted.answer() != null) {
      return confirm(allocation, attempt, accepted, accepted.answer());
    }
    revert(attempt);
    return switch (answer) {
      case MediaAnswer.OfferRefused refused ->
          new Answer.Refused<>(new Refusal.OfferRefused(refused.detail(), refused.line()));
      case MediaAnswer.Busy _ ->
          giveBack(allocation, attempt.begun(), excluded)
              ? null
              : new Answer.Refused<>(new Refusal.NoCapacity());
      case MediaAnswer.Stale stale -> {
        store.write(allocation.beyond(stale.epoch()));
        yield null;
      }
      case MediaAnswer.Accepted _,
          MediaAnswer.IceRestarted _,
          MediaAnswer.NotFound _,
          MediaAnswer.Unreachable _ ->
          new Answer.Refused<>(new Refusal.MediaUnreachable());
    };
  }

  private @Nullable Answer<Answered> confirm(
      Allocation allocation, Attempt attempt, MediaAnswer.Accepted accepted, String sdp) {
    Participant admitted = attempt.begun().after();
    MediaSession media = admitted == null ? null : admitted.media();
    assert admitted != null && media != null : "begin() was checked";
    ConferenceId conference = admitted.conference();
    Allocation now = store.allocation(conference);
    if (now == null || now.epoch() != allocation.epoch()) {
      // The conference was given to another server, or ended, while this one said yes.
      participants.remove(media.server(), conference, media.epoch(), admitted.id());
      revert(attempt);
      return null;
    }
    MediaLeg leg = attempt.leg().answered(accepted.clientFragment());
    Changes.Changed<Participant> changed =
        changes.participant(
            conference,
            admitted.id(),
            p -> isOn(p, leg) ? answered(p, leg, accepted.listening()) : null);
    Participant after = changed.after();
    if (after == null || after.media() == null) {
      Participant before = changed.before();
      if (before == null || !before.state().isPresent()) {
        participants.remove(media.server(), conference, media.epoch(), admitted.id());
      }
      return new Answer.Refused<>(gone(before));
    }
    if (after.standing().held() && !isPutOnHold(after, after.media())) {
      // Rather no media than one that hears what it must not.
      participants.remove(media.server(), conference, media.epoch(), after.id());
      return new Answer.Refused<>(new Refusal.MediaUnreachable());
    }
    return new Answer.Done<>(new Answered(after, after.media(), leg, sdp));
  }

  private static Participant answered(
      Participant participant, MediaLeg leg, @Nullable Listening listening) {
    MediaSession media = participant.media();
    assert media != null : "isOn() was asked";
    return heard(participant.withMedia(media.withLeg(leg)), leg, listening);
  }

  /**
   * Returns the participant listening as the server says of its new leg. What only sends changes
   * nothing in that.
   */
  static Participant heard(Participant participant, MediaLeg leg, @Nullable Listening listening) {
    return leg.profile() == SignallingProfile.WHIP
        ? participant
        : participant.withListening(listening == null ? Listening.AUTO : listening);
  }

  /** A server that has only just admitted a participant does not know that it is on hold. */
  private boolean isPutOnHold(Participant participant, MediaSession media) {
    MediaAnswer answer =
        mediaServers.order(
            media.server(),
            participant.conference(),
            media.epoch(),
            new HoldParticipant(participant.id(), true));
    return answer instanceof MediaAnswer.Accepted;
  }

  /**
   * Returns the conference's server, choosing one if it has none; null if there is none to be had.
   */
  private @Nullable Allocation allocate(Conference current, Set<MediaServer> excluded) {
    ConferenceId conference = current.id();
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Allocation allocation = store.allocation(conference);
      if (allocation == null) {
        allocation = Allocation.none(conference);
      }
      if (allocation.isClosed() || allocation.server() != null) {
        return allocation;
      }
      MediaServer chosen =
          mediaServers.choose(new MediaServers.Wish(excluded, RegionWish.of(current, allocation)));
      if (chosen == null) {
        return null;
      }
      if (store.isFenced(chosen)) {
        // Another node has given it up, and this one has not heard of it yet.
        excluded.add(chosen);
        continue;
      }
      Allocation written = store.write(allocation.on(chosen));
      if (written != null) {
        return written;
      }
    }
    throw new ContendedException("allocation of " + conference);
  }

  /** Records the leg before it is asked for: reports about it may overtake the answer. */
  private Changes.Changed<Participant> begin(
      ConferenceId conference, ParticipantId id, MediaLeg leg, long epoch, MediaServer server) {
    return changes.participant(
        conference,
        id,
        p ->
            p.state().isPresent()
                ? p.withMedia(MediaSession.with(leg, server, epoch, p.media(), changes.now()))
                : null);
  }

  private void revert(Attempt attempt) {
    Participant before = attempt.begun().before();
    if (before == null) {
      return;
    }
    changes.participant(
        before.conference(),
        before.id(),
        p ->
            p.media() != null && isOn(p, attempt.leg())
                ? p.withMedia(p.media().undone(attempt.leg(), before.media()))
                : null);
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
      Conference conference, Participant participant, Offer offer, MediaLeg leg) {
    AudioGrant audio = participant.person().grants().audio();
    return new AdmitParticipant(
        participant.id(),
        participant.csrc(),
        offer.sdp(),
        audio.mayReceive() ? offer.listening() : Listening.NONE,
        offer.profile(),
        audio.maySend(),
        participant.muted(),
        conference.options().settings(),
        participant.replaces(),
        leg.id());
  }

  private static boolean isOn(Participant participant, MediaLeg leg) {
    MediaSession media = participant.media();
    return participant.state().isPresent() && media != null && media.leg(leg.id()) != null;
  }

  private static Refusal gone(@Nullable Participant participant) {
    if (participant == null) {
      return new Refusal.NotFound("participant");
    }
    if (participant.state() == ParticipantState.QUEUED) {
      return new Refusal.Queued();
    }
    Participant.Departure departure = participant.departure();
    return new Refusal.Left(departure == null ? LeaveReason.REPLACED : departure.reason());
  }
}
