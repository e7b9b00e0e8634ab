package dev.parley.session.rest;

import dev.parley.common.control.Order.Listening;
import dev.parley.common.control.Order.SignallingProfile;
import dev.parley.common.id.ConferenceId;
import dev.parley.session.access.Caller;
import dev.parley.session.conference.Admission;
import dev.parley.session.conference.LeaveReason;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.ParticipantState;
import dev.parley.session.conference.Participants;
import dev.parley.session.conference.QueuePlace;
import dev.parley.session.conference.Refusal;
import dev.parley.session.conference.Signalling;
import dev.parley.session.conference.WaitingRoom;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Offers over HTTP: WHIP (RFC 9725), WHEP (draft-ietf-wish-whep-03), and the same for one peer
 * connection that sends and receives. Thread-safe.
 */
final class SignallingRoutes {
  private static final String METHODS = "GET, HEAD, OPTIONS, POST";

  private final Admission admission;
  private final Signalling signalling;
  private final Participants participants;
  private final WaitingRoom waitingRoom;
  private final IceServers iceServers;
  private final Approaches approaches;
  private final Gate gate;
  private final Quotas quotas;

  SignallingRoutes(
      RestApi.Domain domain,
      IceServers iceServers,
      Approaches approaches,
      Gate gate,
      Quotas quotas) {
    this.admission = domain.admission();
    this.signalling = domain.signalling();
    this.participants = domain.participants();
    this.approaches = approaches;
    this.waitingRoom = domain.people().waitingRoom();
    this.iceServers = iceServers;
    this.gate = gate;
    this.quotas = quotas;
  }

  void register(RoutesConfig routes) {
    register(routes, "/v1/conferences/{c}/rtc", SignallingProfile.RTC);
    register(routes, "/v1/conferences/{c}/whip", SignallingProfile.WHIP);
    register(routes, "/v1/conferences/{c}/whep", SignallingProfile.WHEP);
  }

  private void register(RoutesConfig routes, String path, SignallingProfile profile) {
    CrossOrigin.open(routes, path, METHODS, Bodies.SDP);
    routes.post(path, context -> offer(context, profile));
    // RFC 9725 keeps GET for later versions; until then there is nothing to say. A player may ask
    // by HEAD whether an address speaks WHEP.
    routes.get(path, context -> context.status(204));
    routes.head(
        path,
        context ->
            context.status(profile == SignallingProfile.WHEP ? 200 : 204).contentType(Bodies.SDP));
  }

  private void offer(Context context, SignallingProfile profile) {
    Caller.Joiner joiner = gate.stayer(context);
    ConferenceId conference = joiner.conference();
    if (profile == SignallingProfile.WHIP && !joiner.claims().grants().audio().maySend()) {
      throw Problem.forbidden(
              "grant-missing", "This needs a join token with which audio may be sent.")
          .exception();
    }
    quotas.take(context, Quotas.OFFER, conference + " " + joiner.claims().identity());
    Listening wish = Queries.choice(context, "listening", Listening.class, Listening.AUTO);
    Listening listening = wish == null ? Listening.AUTO : wish;
    Way way = Queries.choice(context, "signalling", Way.class, Way.ANY);
    String sdp = Bodies.sdp(context);
    Participant participant = participants.findStay(conference, joiner.claims().identity());
    boolean isNew = participant == null;
    if (participant == null) {
      participant = join(joiner);
    }
    if (participant.state() == ParticipantState.QUEUED) {
      // A client that knows only of offers waits by offering again, which keeps its place.
      QueuePlace place = waitingRoom.stillWaits(conference, participant.id());
      if (place != null) {
        throw Refusals.problem(new Refusal.Queued()).exception();
      }
    }
    Signalling.Answered answered;
    boolean isDone = false;
    try {
      if (isNew) {
        approaches.note(context, participant, List.of());
      }
      Signalling.Directed directed =
          way == Way.RELAY ? null : direct(participant, listening, profile);
      if (directed != null) {
        isDone = true;
        redirect(context, directed);
        return;
      }
      answered =
          Refusals.done(
              signalling.offer(
                  conference, participant.id(), new Signalling.Offer(sdp, listening, profile)));
      isDone = true;
    } finally {
      if (isNew && !isDone) {
        participants.leave(conference, participant.id(), LeaveReason.CLIENT);
      }
    }
    iceServers.link(context, answered.media().server().region(), participant.id().value());
    context
        .status(201)
        .header("Location", MediaSessionRoutes.path(answered.participant(), answered.leg()))
        .header("ETag", MediaSessionRoutes.etag(answered.leg()))
        .contentType(Bodies.SDP)
        .result(answered.sdp());
  }

  /** Which way an offer is to go. */
  private enum Way {
    /** As the service is set. */
    ANY,
    /** Over the control link: the client could not reach the media server's door. */
    RELAY
  }

  private Signalling.@Nullable Directed direct(
      Participant participant, Listening listening, SignallingProfile profile) {
    // The clients' own page has its servers from joining; WHIP and WHEP clients look for Link.
    return signalling.direct(
        participant.conference(),
        participant.id(),
        listening,
        profile,
        region ->
            profile == SignallingProfile.RTC
                ? List.of()
                : iceServers.links(region, participant.id().value()));
  }

  /** Only 307 keeps method and body (RFC 9725 §4.5); no Authorization goes along across origins. */
  private static void redirect(Context context, Signalling.Directed directed) {
    context
        .status(307)
        .header("Location", directed.url().toString())
        .header("Cache-Control", "no-store");
  }

  private Participant join(Caller.Joiner joiner) {
    if (joiner.isExpired()) {
      throw Gate.expired().exception();
    }
    return Refusals.done(
        admission.join(
            new Admission.Wish(
                joiner.conference(),
                ParticipantRoutes.person(joiner.claims(), null),
                false,
                false)));
  }
}
