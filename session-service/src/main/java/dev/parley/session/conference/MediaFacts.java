package dev.parley.session.conference;

import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.Order;
import dev.parley.common.control.Quality;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.StateEvent.GoneReason;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Takes what media servers report into the records of conferences. Thread-safe; blocks. */
public final class MediaFacts implements MediaEvents {
  /** A server's hello may have been written before an admission that is younger than this. */
  private static final Duration SNAPSHOT_AGE_MAX = Duration.ofSeconds(10);

  /** How long after a start a server that was up before may take to dial in. */
  private static final Duration RETURN_TIME_MAX = Duration.ofSeconds(30);

  /** How often to look for servers that nobody sees. */
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(5);

  /** While conferences are to be led away, each in a quiet moment. */
  private static final Duration LOOK_INTERVAL_BUSY = Duration.ofMillis(500);

  private static final int KEEPING_ATTEMPTS_MAX = 4;

  private final ConferenceStore store;
  private final Changes changes;
  private final Participants participants;
  private final MediaServers mediaServers;
  private final ConferenceEventSink events;
  private final Notices notices;
  private final Moves moves;
  private final Fleet fleet;
  private final Drains drains;
  private final Unrecorded unrecorded;
  private final QuietMoments quietMoments = new QuietMoments();
  private final Executor background;
  private final Instant startedAt;
  private volatile RecordingFacts recordings = RecordingFacts.NONE;
  private final Set<MediaServer> seen = ConcurrentHashMap.newKeySet();
  private Instant lookAfterServersAt = Instant.MIN;

  /**
   * Takes what it needs.
   *
   * @param background runs orders that nobody waits for, each on a thread that may block
   */
  public MediaFacts(
      ConferenceStore store,
      Clock clock,
      Participants participants,
      MediaServers mediaServers,
      ConferenceEventSink events,
      Notices notices,
      Moves moves,
      Fleet fleet,
      Unrecorded unrecorded,
      Executor background) {
    this.store = store;
    this.changes = new Changes(store, clock);
    this.participants = participants;
    this.mediaServers = mediaServers;
    this.events = events;
    this.notices = notices;
    this.moves = moves;
    this.fleet = fleet;
    this.drains = new Drains(store, clock, moves, quietMoments);
    this.unrecorded = unrecorded;
    this.background = background;
    this.startedAt = changes.now();
  }

  /** Says who looks after recordings; once, at the start. */
  public void tell(RecordingFacts facts) {
    recordings = facts;
  }

  @Override
  public void onServerUp(MediaServer server, List<ConferenceSnapshot> conferences) {
    if (store.isFenced(server)) {
      mediaServers.fence(server);
      return;
    }
    seen.add(server);
    KnownServer known = store.knownServer(server);
    if (known == null) {
      // If another node was faster, that is what is wanted.
      store.write(KnownServer.of(server));
    }
    Map<ConferenceId, ConferenceSnapshot> held = new HashMap<>();
    conferences.forEach(snapshot -> held.put(snapshot.conference(), snapshot));
    for (ConferenceId conference : store.conferencesOn(server)) {
      ConferenceSnapshot snapshot = held.get(conference);
      dropMissing(server, conference, snapshot == null ? List.of() : snapshot.participants());
    }
    held.values().forEach(snapshot -> removeStrangers(server, snapshot));
  }

  @Override
  public void onServerLost(MediaServer server) {
    // First of all, or a conference could be given to it while others are taken.
    store.fence(server);
    KnownServer known = store.knownServer(server);
    if (known == null || !known.isLost()) {
      KnownServer lost = known == null ? KnownServer.of(server) : known;
      // If another node was faster, it looks after the server as this one would.
      store.write(lost.lost(changes.now()));
    }
    for (ConferenceId conference : store.conferencesOn(server)) {
      moves.rescue(server, conference);
    }
    seen.remove(server);
  }

  @Override
  public void onState(MediaServer server, long sequence, StateEvent event) {
    switch (event) {
      case StateEvent.ParticipantConnected e -> {
        goLive(server, sequence, e);
        Changes.Changed<Participant> changed =
            move(server, sequence, e.conference(), e.participant(), ParticipantState.CONNECTED);
        onConnected(server, e, changed);
      }
      case StateEvent.ParticipantReconnecting e -> {
        Changes.Changed<Participant> changed =
            move(server, sequence, e.conference(), e.participant(), ParticipantState.RECONNECTING);
        if (hasMoved(changed) && changed.after() != null) {
          notices.tell(changed.after());
          events.publish(
              e.conference(),
              new ConferenceEvent.ParticipantUpdated(changed.after().rosterEntry()));
        }
      }
      case StateEvent.ParticipantGone e -> {
        Participant participant = store.participant(e.conference(), e.participant());
        boolean isTaken =
            e.reason() == GoneReason.REMOVED || e.reason() == GoneReason.CONFERENCE_FAILED;
        // Who was taken out without having left: the server ends, or failed. The conference's own
        // end follows, and takes everyone elsewhere.
        if (!isTaken && isReportedBy(server, sequence, participant)) {
          participants.depart(e.conference(), e.participant(), reason(e.reason()));
        }
      }
      case StateEvent.SessionBegan e -> onBegan(server, sequence, e);
      case StateEvent.IceBegunAnew e ->
          changes.participant(
              e.conference(), e.participant(), p -> withFragment(server, sequence, p, e));
      case StateEvent.SessionGone e ->
          changes.participant(
              e.conference(), e.participant(), p -> withoutLeg(server, sequence, p, e.session()));
      case StateEvent.CarriedOut e -> unrecorded.onCarriedOut(server, sequence, e);
      case StateEvent.EncodersChanged e -> {
        if (isKept(server, e)) {
          events.publish(
              e.conference(),
              new ConferenceEvent.EncodersChanged(e.complexity(), e.complexityMax()));
        }
      }
      case StateEvent.RecordingEnded e -> recordings.onEnded(e);
      case StateEvent.ConferenceClosed e -> {
        if (isHeldBy(server, e)) {
          moves.rescue(server, e.conference());
        }
      }
    }
  }

  @Override
  public void onSpeakers(MediaServer server, Speakers speakers) {
    quietMoments.onSpeakers(speakers.conference(), !speakers.levels().isEmpty(), changes.now());
    events.publish(
        speakers.conference(),
        new ConferenceEvent.SpeakersChanged(speakers.dominant(), speakers.levels()));
  }

  @Override
  public void onQuality(MediaServer server, Quality quality) {
    participants.quality().onMeasured(server, quality);
  }

  /**
   * Keeps what the store knows of media servers true: gives up those that were up before this
   * process began and came back in time to no node, and finishes what broke off when one was given
   * up, here or on another node; leads conferences away from servers that are to be empty. May be
   * called as often as one likes, by one thread; looks every few seconds, while there is something
   * to do more often.
   */
  void lookAfterServers() {
    Instant now = changes.now();
    if (now.isBefore(lookAfterServersAt)) {
      return;
    }
    boolean mayReturn = now.isBefore(startedAt.plus(RETURN_TIME_MAX));
    KnownFleet all = store.knownFleet();
    fleet.tellSelector(all);
    List<KnownServer> servers = all.servers();
    boolean isBusy = servers.stream().anyMatch(known -> known.isLost() || known.drain() != null);
    lookAfterServersAt = now.plus(isBusy ? LOOK_INTERVAL_BUSY : LOOK_INTERVAL);
    for (KnownServer known : servers) {
      MediaServer server = known.server();
      Drain drain = known.drain();
      if (drain != null && !known.isLost()) {
        drains.step(server, drain);
      }
      if (known.isSettled(now)) {
        store.forget(known);
      } else if (known.isLost()) {
        mediaServers.fence(server);
        for (ConferenceId conference : store.conferencesOn(server)) {
          moves.rescue(server, conference);
        }
      } else if (!mayReturn
          && !seen.contains(server)
          && !mediaServers.elsewhere().isSeenElsewhere(server, RETURN_TIME_MAX)) {
        onServerLost(server);
      }
    }
  }

  /**
   * Makes the conference of its first stay live before the stay is connected: if this node dies in
   * between, the report comes again, for nothing of it is stored in the stay. The other way round
   * nobody would know that the conference is still to be told of.
   */
  private void goLive(MediaServer server, long sequence, StateEvent.ParticipantConnected event) {
    Participant stay = store.participant(event.conference(), event.participant());
    if (stay != null
        && isReportedBy(server, sequence, stay)
        && stay.state().mayBecome(ParticipantState.CONNECTED)) {
      notices.change(event.conference(), null, c -> connected(c, server.region()));
    }
  }

  private void onConnected(
      MediaServer server,
      StateEvent.ParticipantConnected event,
      Changes.Changed<Participant> changed) {
    Participant before = changed.before();
    if (before == null || !before.state().isPresent() || before.media() == null) {
      // It left while the server was letting it in.
      participants.remove(server, event.conference(), event.epoch(), event.participant());
      return;
    }
    Participant after = changed.after();
    if (after != null && moves.onArrival(event.conference())) {
      lookAfterRecordings(store.conference(event.conference()));
    }
    if (after == null || !hasMoved(changed)) {
      return;
    }
    lookAfterRecordings(notices.change(event.conference(), after, _ -> null).before());
    events.publish(
        event.conference(),
        before.state() == ParticipantState.CONNECTING
            ? new ConferenceEvent.ParticipantJoined(after.rosterEntry())
            : new ConferenceEvent.ParticipantUpdated(after.rosterEntry()));
  }

  /** Where there is media again, a recording goes on. */
  private void lookAfterRecordings(@Nullable Conference conference) {
    if (conference != null
        && (conference.hasRunningRecording() || conference.options().autoRecord() != null)) {
      background.execute(() -> recordings.onMedia(conference));
    }
  }

  /**
   * A ticket was used. What was decided about the participant after it was made, the server has to
   * be told now: an order that came before the participant found nobody.
   */
  private void onBegan(MediaServer server, long sequence, StateEvent.SessionBegan event) {
    Changes.Changed<Participant> changed =
        changes.participant(
            event.conference(), event.participant(), p -> withLeg(server, sequence, p, event));
    Participant stay = changed.after() == null ? changed.before() : changed.after();
    if (stay == null || !stay.state().isPresent() || !stay.hasMediaOn(server)) {
      participants.remove(server, event.conference(), event.epoch(), event.participant());
      return;
    }
    if (stay.isSilenced() != event.muted()) {
      correct(server, event, new Order.MuteParticipant(stay.id(), stay.isSilenced()));
    }
    if (stay.standing().held() != event.held()) {
      correct(server, event, new Order.HoldParticipant(stay.id(), stay.standing().held()));
    }
  }

  private void correct(MediaServer server, StateEvent.SessionBegan event, Order order) {
    background.execute(() -> mediaServers.order(server, event.conference(), event.epoch(), order));
  }

  private @Nullable Participant withLeg(
      MediaServer server, long sequence, Participant participant, StateEvent.SessionBegan event) {
    MediaSession media = participant.media();
    if (media == null
        || !participant.state().isPresent()
        || !isReportedBy(server, sequence, participant)) {
      return null;
    }
    MediaLeg leg =
        MediaLeg.begun(event.session(), event.profile()).answered(event.clientFragment());
    MediaSession next = media.began(leg, event.epoch(), changes.now()).applied(sequence);
    return Signalling.heard(participant.withMedia(next), leg, event.listening());
  }

  /** Its client did that at the media server's door; the server has done it. */
  private static @Nullable Participant withFragment(
      MediaServer server, long sequence, Participant participant, StateEvent.IceBegunAnew event) {
    MediaSession media = participant.media();
    MediaLeg leg = media == null ? null : media.leg(event.session());
    if (media == null || leg == null || !isReportedBy(server, sequence, participant)) {
      return null;
    }
    return participant.withMedia(
        media.applied(sequence).withLeg(leg.restarted(event.clientFragment())));
  }

  /** One whose last leg is gone has left, which is told by another report. */
  private static @Nullable Participant withoutLeg(
      MediaServer server, long sequence, Participant participant, String session) {
    MediaSession media = participant.media();
    MediaLeg leg = media == null ? null : media.leg(session);
    if (media == null || leg == null || !isReportedBy(server, sequence, participant)) {
      return null;
    }
    return participant.withMedia(media.applied(sequence).without(leg));
  }

  /** The region is written with the first of its people, and only then, as long as it stays. */
  private @Nullable Conference connected(Conference conference, Region region) {
    return switch (conference.state()) {
      case CREATED ->
          notices.post(conference.in(region).live(changes.now()), NoticeType.CONFERENCE_LIVE);
      case LIVE -> region.equals(conference.region()) ? null : conference.in(region);
      case ENDING, ENDED -> null;
    };
  }

  /** Applies one report to a participant, if it is new and about its present media. */
  private Changes.Changed<Participant> move(
      MediaServer server,
      long sequence,
      ConferenceId conference,
      ParticipantId id,
      ParticipantState next) {
    Function<Participant, @Nullable Participant> change =
        participant -> {
          MediaSession media = participant.media();
          if (media == null || !isReportedBy(server, sequence, participant)) {
            return null;
          }
          Participant applied = participant.withMedia(media.applied(sequence));
          if (!applied.state().mayBecome(next)) {
            return applied;
          }
          return notices.post(
              applied.in(next),
              participant.hasJoined()
                  ? NoticeType.PARTICIPANT_UPDATED
                  : NoticeType.PARTICIPANT_JOINED);
        };
    return changes.participant(conference, id, change);
  }

  /** Takes out the people whom a server should have and has not. */
  private void dropMissing(
      MediaServer server, ConferenceId conference, List<ParticipantId> heldThere) {
    Set<ParticipantId> held = new HashSet<>(heldThere);
    Instant young = changes.now().minus(SNAPSHOT_AGE_MAX);
    for (Participant participant : store.present(conference)) {
      MediaSession media = participant.media();
      if (media != null
          && media.lostAt() == null
          && media.awaitedUntil() == null
          && media.server().equals(server)
          && media.since().isBefore(young)
          && !held.contains(participant.id())) {
        participants.depart(conference, participant.id(), LeaveReason.SERVER_LOST);
      }
    }
  }

  /** Has a server drop the conferences and people that it should not have. */
  private void removeStrangers(MediaServer server, ConferenceSnapshot snapshot) {
    ConferenceId conference = snapshot.conference();
    Allocation allocation = store.allocation(conference);
    if (allocation == null || allocation.isClosed() || !server.equals(allocation.server())) {
      long epoch = Math.max(snapshot.epoch(), allocation == null ? 0 : allocation.epoch());
      background.execute(
          () -> mediaServers.order(server, conference, epoch, new Order.EndConference()));
      return;
    }
    for (ParticipantId id : snapshot.participants()) {
      Participant participant = store.participant(conference, id);
      if (participant == null || !participant.state().isPresent()) {
        participants.remove(server, conference, allocation.epoch(), id);
      }
    }
  }

  /**
   * Keeps the effort for those who watch from later on; before it is told to those who watch now,
   * or one who comes in between would not learn of it. False if the server does not hold the
   * conference.
   */
  private boolean isKept(MediaServer server, StateEvent.EncodersChanged event) {
    EncoderEffort effort = new EncoderEffort(event.complexity(), event.complexityMax());
    for (int attempt = 1; attempt <= KEEPING_ATTEMPTS_MAX; attempt++) {
      Allocation allocation = store.allocation(event.conference());
      if (allocation == null || !isHeldBy(server, event, allocation)) {
        return false;
      }
      if (store.write(allocation.encoding(effort)) != null) {
        return true;
      }
    }
    throw new ContendedException("allocation of " + event.conference());
  }

  /** True if the server tells of a conference that it holds now. */
  private boolean isHeldBy(MediaServer server, StateEvent event) {
    return isHeldBy(server, event, store.allocation(event.conference()));
  }

  private static boolean isHeldBy(
      MediaServer server, StateEvent event, @Nullable Allocation allocation) {
    return allocation != null
        && server.equals(allocation.server())
        && event.epoch() >= allocation.epoch();
  }

  private static boolean isReportedBy(
      MediaServer server, long sequence, @Nullable Participant participant) {
    MediaSession media = participant == null ? null : participant.media();
    return media != null
        && media.lostAt() == null
        && media.server().equals(server)
        && sequence > media.lastSequence();
  }

  private static boolean hasMoved(Changes.Changed<Participant> changed) {
    return changed.before() != null
        && changed.after() != null
        && changed.before().state() != changed.after().state();
  }

  private static LeaveReason reason(GoneReason reason) {
    return switch (reason) {
      case CLIENT -> LeaveReason.CLIENT;
      case CONNECT_TIMEOUT, CONSENT_EXPIRED -> LeaveReason.ICE_TIMEOUT;
      case DTLS_FAILED -> LeaveReason.DTLS_FAILED;
      // Whoever has it removed records the departure first; here nobody did.
      case REMOVED, CONFERENCE_FAILED -> LeaveReason.SERVER_LOST;
    };
  }
}
