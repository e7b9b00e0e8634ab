package dev.parley.media;

import dev.parley.common.control.CommandResult.Accepted;
import dev.parley.common.control.CommandResult.Busy;
import dev.parley.common.control.CommandResult.IceRestarted;
import dev.parley.common.control.CommandResult.NotFound;
import dev.parley.common.control.CommandResult.OfferRefused;
import dev.parley.common.control.CommandResult.Outcome;
import dev.parley.common.control.Order.AdmitParticipant;
import dev.parley.common.control.Order.RestartIce;
import dev.parley.common.control.Order.SignallingProfile;
import dev.parley.common.id.ConferenceId;
import dev.parley.media.ConferenceDirectory.Entry;
import dev.parley.media.conference.ConferenceAgentProxy;
import dev.parley.media.conference.ConferenceDescription;
import dev.parley.media.conference.ParticipantDescription;
import dev.parley.media.ice.IceCredentials;
import dev.parley.media.sdp.Fingerprint;
import dev.parley.media.sdp.HostCandidate;
import dev.parley.media.sdp.LocalTransport;
import dev.parley.media.sdp.NegotiatedLine;
import dev.parley.media.sdp.NegotiatedSession;
import dev.parley.media.sdp.Negotiation;
import dev.parley.media.sdp.NegotiationRules;
import dev.parley.media.sdp.Negotiator;
import dev.parley.media.sdp.SdpAnswer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Lets a participant in: offer, seat, peer, place in the conference, answer. Each step may say no,
 * and then what the earlier ones did is undone. On virtual threads, many at once.
 */
final class ParticipantAdmission {
  private static final int REMOVAL_ATTEMPTS_MAX = 1000;
  private static final long REMOVAL_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final ConferenceDirectory directory;
  private final List<PeerDoor> loops;
  private final List<ConferenceAgentProxy> agents;
  private final Fingerprint fingerprint;
  private final RandomGenerator random;

  /**
   * Knows all doors.
   *
   * @param fingerprint of this server's DTLS certificate
   * @param random must be cryptographically strong: it makes ICE passwords
   */
  ParticipantAdmission(
      ConferenceDirectory directory,
      List<PeerDoor> loops,
      List<ConferenceAgentProxy> agents,
      Fingerprint fingerprint,
      RandomGenerator random) {
    this.directory = directory;
    this.loops = List.copyOf(loops);
    this.agents = List.copyOf(agents);
    this.fingerprint = fingerprint;
    this.random = random;
  }

  Outcome admit(ConferenceId conference, long epoch, AdmitParticipant order) {
    NegotiationRules rules =
        new NegotiationRules(
            NegotiationRules.Profile.valueOf(order.profile().name()),
            ReceptionChoice.wishOf(order.listening()),
            order.conferenceSettings().speakerSlots(),
            order.maySend());
    return switch (Negotiator.negotiate(order.offer(), rules)) {
      case Negotiation.Refused refused -> new OfferRefused(refused.detail(), refused.line());
      case Negotiation.Accepted accepted ->
          switch (seat(conference, epoch, order)) {
            case ConferenceDirectory.NoSeat noSeat -> new Busy(noSeat.reason());
            case ConferenceDirectory.Seated seated -> {
              ConferenceDescription description =
                  new ConferenceDescription(
                      conference.value(),
                      epoch,
                      order.conferenceSettings().speakerSlots(),
                      order.conferenceSettings().mixedSpeakers());
              Outcome outcome = connect(description, order, accepted.session(), seated);
              if (outcome instanceof Busy) {
                directory.giveBack(conference, order.participant(), seated);
              }
              yield outcome;
            }
          };
    };
  }

  /**
   * Begins ICE anew in one of a participant's sessions. A lite agent sends no checks, so all it
   * needs of the client is the fragment.
   */
  Outcome restartIce(ConferenceId conference, RestartIce order) {
    ConferenceDirectory.Seat seat =
        directory.find(conference, order.participant(), order.session());
    if (seat == null) {
      return new NotFound();
    }
    PeerDoor loop = loops.get(seat.loopIndex());
    IceCredentials credentials = IceCredentials.generate(order.clientFragment(), random);
    if (!loop.restartIce(seat.peerId(), credentials)) {
      return new Busy("the event loop is too far behind");
    }
    List<String> candidates = new ArrayList<>();
    for (HostCandidate candidate : loop.candidates()) {
      candidates.add(candidate.attribute(candidates.size()));
    }
    return new IceRestarted(
        credentials.localFragment(), credentials.localPassword(), List.copyOf(candidates));
  }

  private ConferenceDirectory.Seating seat(
      ConferenceId conference, long epoch, AdmitParticipant order) {
    return directory.seat(
        conference, epoch, order.participant(), order.replaces(), order.profile(), order.session());
  }

  private Outcome connect(
      ConferenceDescription conference,
      AdmitParticipant order,
      NegotiatedSession session,
      ConferenceDirectory.Seated seated) {
    ConferenceDirectory.Seat seat = seated.seat();
    PeerDoor loop = loops.get(seat.loopIndex());
    IceCredentials credentials = IceCredentials.generate(session.remoteIce().ufrag(), random);
    List<Long> ssrcs = ssrcsFor(session);
    String cname = cname();
    ParticipantDescription participant = describe(order, session, seat);
    Entry entry =
        directory.enter(
            new ConferenceId(conference.conferenceId()),
            order.participant(),
            seat,
            agent ->
                enter(
                    loop,
                    new PeerTerms(seat.peerId(), agent, credentials, session, ssrcs, cname),
                    agents.get(agent),
                    conference,
                    participant));
    switch (entry) {
      case null -> {
        return new Busy("the conference has just ended");
      }
      case LOOP_BUSY -> {
        return new Busy("the event loop is too far behind, or full");
      }
      case AGENT_BUSY -> {
        removeSurely(loop, seat.peerId());
        return new Busy("the conference's thread is too far behind");
      }
      case DONE -> {
        // He is in.
      }
    }
    LocalTransport transport =
        new LocalTransport(
            new dev.parley.media.sdp.IceCredentials(
                credentials.localFragment(), credentials.localPassword()),
            fingerprint,
            loop.candidates());
    // RFC 8829 §5.2.1: an id of 63 random bits.
    long sessionId = random.nextLong() >>> 1;
    return new Accepted(
        SdpAnswer.render(session, transport, sessionId, cname, ssrcs),
        ReceptionChoice.listeningOf(session),
        session.remoteIce().ufrag());
  }

  /**
   * The peer comes first: a conference that knew of it earlier would tell of a participant that may
   * yet be refused. A packet that arrives in between is counted and dropped.
   */
  private static Entry enter(
      PeerDoor loop,
      PeerTerms peer,
      ConferenceAgentProxy agent,
      ConferenceDescription conference,
      ParticipantDescription participant) {
    if (!loop.addPeer(peer)) {
      return Entry.LOOP_BUSY;
    }
    return agent.addParticipant(conference, participant) ? Entry.DONE : Entry.AGENT_BUSY;
  }

  private static ParticipantDescription describe(
      AdmitParticipant order, NegotiatedSession session, ConferenceDirectory.Seat seat) {
    NegotiatedLine.Audio voice = session.receivingLine();
    return new ParticipantDescription(
        order.participant().value(),
        (int) order.csrc(),
        seat.peerId(),
        seat.loopIndex(),
        ReceptionChoice.receptionOf(session),
        voice != null,
        order.muted(),
        voice == null ? 0 : voice.payloadType(),
        redPayloadTypeOf(voice),
        sideOf(order.profile()));
  }

  private static ParticipantDescription.Side sideOf(SignallingProfile profile) {
    return switch (profile) {
      case RTC -> ParticipantDescription.Side.BOTH;
      case WHIP -> ParticipantDescription.Side.SENDING;
      case WHEP -> ParticipantDescription.Side.RECEIVING;
    };
  }

  private static int redPayloadTypeOf(NegotiatedLine.@Nullable Audio voice) {
    NegotiatedLine.Red red = voice == null ? null : voice.red();
    return red == null ? ParticipantDescription.NO_RED : red.payloadType();
  }

  /**
   * A refused participant's peer must not stay. The loop's queue is full for a moment at most, and
   * this thread is a virtual one with nobody behind it.
   */
  private static void removeSurely(PeerDoor loop, int peerId) {
    for (int i = 0; i < REMOVAL_ATTEMPTS_MAX && !loop.removePeer(peerId); i++) {
      LockSupport.parkNanos(REMOVAL_PAUSE_NS);
    }
  }

  /** Random, as RFC 3550 §8.1 wants, and neither each other's nor the client's own. */
  private List<Long> ssrcsFor(NegotiatedSession session) {
    NegotiatedLine.Audio voice = session.receivingLine();
    long taken = voice == null ? -1 : voice.remoteSsrc();
    List<Long> ssrcs = new ArrayList<>();
    int count = session.sendingLines().size();
    while (ssrcs.size() < count) {
      long ssrc = Integer.toUnsignedLong(random.nextInt());
      if (ssrc != 0 && ssrc != taken && !ssrcs.contains(ssrc)) {
        ssrcs.add(ssrc);
      }
    }
    return ssrcs;
  }

  /** RFC 7022 §4.2: 96 random bits for each session. */
  private String cname() {
    byte[] bytes = new byte[12];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
