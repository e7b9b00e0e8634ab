package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.control.Order.Listening;
import dev.parley.common.control.Order.SignallingProfile;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.token.JoinClaims;
import dev.parley.common.token.Role;
import dev.parley.session.access.Caller;
import dev.parley.session.access.EventTickets;
import dev.parley.session.conference.Admission;
import dev.parley.session.conference.Answer;
import dev.parley.session.conference.Bans;
import dev.parley.session.conference.JoinRequest;
import dev.parley.session.conference.LeaveReason;
import dev.parley.session.conference.Moderation;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.ParticipantState;
import dev.parley.session.conference.Participants;
import dev.parley.session.conference.Position;
import dev.parley.session.conference.Positions;
import dev.parley.session.conference.QueuePlace;
import dev.parley.session.conference.Signalling;
import dev.parley.session.conference.WaitingRoom;
import dev.parley.session.placement.RegionProbe;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joining, leaving, changing and removing people, the roster, and tickets for events. Thread-safe.
 */
final class ParticipantRoutes {
  private final Admission admission;
  private final Signalling signalling;
  private final Participants participants;
  private final Moderation moderation;
  private final Bans bans;
  private final Positions positions;
  private final WaitingRoom waitingRoom;
  private final MediaAddresses addresses;
  private final Approaches approaches;
  private final Gate gate;
  private final Quotas quotas;
  private final Outage outage;

  ParticipantRoutes(
      RestApi.Domain domain,
      MediaAddresses addresses,
      Approaches approaches,
      Gate gate,
      Quotas quotas,
      Outage outage) {
    this.admission = domain.admission();
    this.signalling = domain.signalling();
    this.participants = domain.participants();
    this.moderation = domain.people().moderation();
    this.bans = domain.people().bans();
    this.positions = domain.people().positions();
    this.waitingRoom = domain.people().waitingRoom();
    this.addresses = addresses;
    this.approaches = approaches;
    this.gate = gate;
    this.quotas = quotas;
    this.outage = outage;
  }

  void register(RoutesConfig routes) {
    routes.post("/v1/conferences/{c}/participants", this::join);
    routes.get("/v1/conferences/{c}/participants", this::roster);
    routes.get("/v1/conferences/{c}/participants/{p}", this::read);
    routes.patch("/v1/conferences/{c}/participants/{p}", outage.updating(this::update));
    routes.delete("/v1/conferences/{c}/participants/{p}", outage.removing(this::remove));
    routes.post("/v1/conferences/{c}/event-tickets", this::ticket);
  }

  private void join(Context context) {
    Gate.Visit visit = gate.joining(context);
    Caller.Joiner joiner = visit.joiner();
    quotas.take(context, Quotas.JOIN, joiner.tenant());
    JsonBody body = Bodies.json(context);
    String name = body.text("name", JoinClaims.NAME_LENGTH_MAX);
    String sdp = body.lines("sdp", Bodies.SDP_LENGTH_MAX);
    Listening listening = body.choice("listening", Listening.class, Listening.AUTO);
    boolean muted = body.flag("muted", false);
    boolean replace = body.flag("replace", false);
    boolean mayRedirect = body.flag("redirect", false);
    List<RegionProbe> probes = Approaches.probes(body);
    body.finish();
    approaches.requirePossible(visit.conference());
    Admission.Joined joined =
        join(
            context,
            new Admission.Wish(joiner.conference(), person(joiner.claims(), name), muted, replace),
            name + "\n" + muted + "\n" + replace + "\n" + listening + "\n" + sdp);
    Participant participant = joined.stay();
    approaches.note(context, participant, probes);
    if (participant.state() == ParticipantState.QUEUED) {
      answerQueued(context, participant);
      return;
    }
    Signalling.Answered answered = null;
    Signalling.Directed directed =
        sdp != null && mayRedirect ? direct(participant, listening) : null;
    if (sdp != null && directed == null) {
      answered = signalOrLeave(joined, new Signalling.Offer(sdp, listening, SignallingProfile.RTC));
      participant = answered.participant();
    }
    ConferenceId conference = participant.conference();
    context.header("Location", path(conference) + "/participants/" + participant.id());
    ObjectNode answer = Views.participant(participant);
    if (answered != null) {
      answer.put("answer", answered.sdp());
    }
    answer.set("media", addresses.of(participant, answered, directed));
    Responses.secret(context.status(201), answer);
  }

  private Admission.Joined join(Context context, Admission.Wish wish, String body) {
    String key = Queries.idempotencyKey(context);
    if (key == null) {
      return new Admission.Joined(Refusals.done(admission.join(wish)), false);
    }
    Admission.Joined joined =
        Refusals.done(
            admission.joinOnce(wish, new JoinRequest(Queries.hash(key), Queries.hash(body))));
    if (joined.isReplayed()) {
      context.header("Idempotency-Replayed", "true");
    }
    return joined;
  }

  /** Whoever waits is told where, and what tells it that the wait is over. */
  private void answerQueued(Context context, Participant participant) {
    ConferenceId conference = participant.conference();
    context.header("Location", path(conference) + "/participants/" + participant.id());
    context.header("Retry-After", Integer.toString(QueuePlace.RETRY_AFTER_SEC));
    ObjectNode answer = queued(participant);
    answer.put("eventsUrl", path(conference) + "/events");
    answer.put("ticket", addresses.tickets().issue(conference, participant.id()).text());
    Responses.secret(context.status(202), answer);
  }

  private ObjectNode queued(Participant participant) {
    ObjectNode answer = Views.participant(participant);
    QueuePlace place = waitingRoom.place(participant.conference(), participant.id());
    if (place != null) {
      ObjectNode queue = answer.putObject("queue");
      Wire.put(queue, "reason", place.reason());
      Wire.put(queue, "region", place.region() == null ? null : place.region().value());
      queue.put("position", place.position());
      queue.put("retryAfterSec", QueuePlace.RETRY_AFTER_SEC);
    }
    return answer;
  }

  /** A client of ours that can go on alone has its ICE servers from the answer to joining. */
  private Signalling.@Nullable Directed direct(Participant participant, Listening listening) {
    return signalling.direct(
        participant.conference(),
        participant.id(),
        listening,
        SignallingProfile.RTC,
        _ -> List.of());
  }

  private void roster(Context context) {
    Gate.Visit visit = gate.visit(context);
    Gate.requireOpen(visit.conference());
    Listed listed = Queries.choice(context, "state", Listed.class, Listed.PRESENT);
    if (listed == Listed.QUEUED) {
      gate.requireModerator(visit);
    } else {
      gate.requireInside(visit);
    }
    ConferenceId conference = visit.conference().id();
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    (listed == Listed.QUEUED ? participants.waiting(conference) : participants.present(conference))
        .forEach(participant -> data.add(Views.participant(positions.present(participant))));
    Responses.json(context, answer);
  }

  /** Whom a list shows. */
  private enum Listed {
    /** Who is in. */
    PRESENT,
    /** Who waits to be let in. */
    QUEUED
  }

  /** One's own stay is shown with what its client needs next, for as long as it needs that. */
  private void read(Context context) {
    Gate.Visit visit = gate.visit(context);
    Participant participant = gate.participant(context, visit);
    if (visit.isSelf(participant)) {
      // To ask is to be there.
      QueuePlace _ = waitingRoom.stillWaits(participant.conference(), participant.id());
      participant = gate.participant(context, visit);
    }
    context.header("ETag", Wire.etag(participant.revision()));
    if (participant.state() == ParticipantState.QUEUED) {
      Responses.json(context, queued(participant));
    } else if (visit.isSelf(participant) && participant.isAwaitingOffer()) {
      ObjectNode answer = Views.participant(participant);
      answer.set("media", addresses.of(participant, null, null));
      Responses.secret(context, answer);
    } else {
      Responses.json(context, positions.present(participant));
    }
  }

  private void update(Context context) {
    Gate.Visit visit = gate.visit(context);
    Participant participant = gate.participant(context, visit);
    boolean isSelf = visit.isSelf(participant);
    JsonBody body = Bodies.json(context);
    Boolean muted = body.has("muted") ? body.flag("muted", false) : null;
    Boolean held = body.has("held") ? body.flag("held", false) : null;
    Boolean handRaised = body.has("handRaised") ? body.flag("handRaised", false) : null;
    Role role = body.has("role") ? body.choice("role", Role.class, Role.SPEAKER) : null;
    Position position = body.has("position") ? position(body) : null;
    body.finish();
    if (body.isEmpty()) {
      throw Problem.invalid("", "must have a field to change, such as muted").exception();
    }
    if (held != null && (muted != null || role != null)) {
      throw Problem.invalid("/held", "must be changed by itself, not with muted or role")
          .exception();
    }
    if (!isSelf || held != null || role != null) {
      gate.requireModerator(visit);
    }
    if (isSelf && position != null && !participant.person().grants().spatial()) {
      throw Refusals.grantMissing("spatial").exception();
    }
    Long expectedVersion = Queries.expectedVersion(context);
    if (position != null) {
      quotas.take(context, Quotas.POSITION, participant.id().value());
    }
    if (muted != null || held != null || handRaised != null || role != null) {
      positions.settle(participant.conference(), participant.id());
      participant =
          Refusals.done(
              moderation.change(
                  participant.conference(),
                  participant.id(),
                  new Moderation.Change(muted, held, handRaised, role),
                  isSelf,
                  expectedVersion));
      expectedVersion = null;
    }
    if (position != null) {
      participant =
          Refusals.done(
              positions.place(
                  participant.conference(), participant.id(), position, expectedVersion));
    }
    Responses.json(context, positions.present(participant));
  }

  private static Position position(JsonBody body) {
    JsonBody there = body.object("position");
    double max = Position.DISTANCE_MAX_M;
    return new Position(
        there.requiredNumber("x", max),
        there.requiredNumber("y", max),
        there.requiredNumber("z", max));
  }

  private void remove(Context context) {
    Gate.Visit visit = gate.visit(context);
    Participant participant = gate.participant(context, visit);
    boolean isSelf = visit.isSelf(participant);
    int banSec = Queries.integer(context, "ban", 1, (int) Bans.LENGTH_MAX.toSeconds(), 0);
    if (!isSelf || banSec > 0) {
      gate.requireModerator(visit);
    }
    if (banSec > 0) {
      Refusals.done(bans.ban(participant, Duration.ofSeconds(banSec)));
      context.status(204);
      return;
    }
    LeaveReason reason = isSelf ? LeaveReason.CLIENT : LeaveReason.KICKED;
    Refusals.done(participants.leave(participant.conference(), participant.id(), reason));
    context.status(204);
  }

  private void ticket(Context context) {
    Gate.Visit visit = gate.visit(context);
    Gate.requireOpen(visit.conference());
    ConferenceId conference = visit.conference().id();
    EventTickets.Issued issued =
        switch (visit.caller()) {
          case Caller.Backend _ -> addresses.tickets().issueToBackend(conference);
          case Caller.Joiner joiner -> ticket(context, visit, joiner);
        };
    ObjectNode answer = Wire.object();
    answer.put("ticket", issued.text());
    Wire.put(answer, "expiresAt", issued.ticket().expiresAt());
    answer.put("eventsUrl", path(conference) + "/events");
    Responses.secret(context.status(201), answer);
  }

  private EventTickets.Issued ticket(Context context, Gate.Visit visit, Caller.Joiner joiner) {
    ConferenceId conference = visit.conference().id();
    quotas.take(context, Quotas.TICKET, conference + " " + joiner.claims().identity());
    Participant stay = participants.findStay(conference, joiner.claims().identity());
    if (stay != null) {
      return addresses.tickets().issue(conference, stay.id());
    }
    gate.requireInside(visit);
    return addresses.tickets().issueToVisitor(conference);
  }

  /** A join whose offer is refused has not happened. */
  private Signalling.Answered signalOrLeave(Admission.Joined joined, Signalling.Offer offer) {
    Participant participant = joined.stay();
    Answer<Signalling.Answered> answer;
    boolean isDone = false;
    try {
      answer = signalling.offer(participant.conference(), participant.id(), offer);
      isDone = answer instanceof Answer.Done<?>;
    } finally {
      // One that was let in before may have its media already.
      if (!isDone && !joined.isReplayed()) {
        admission.forget(participant);
        participants.leave(participant.conference(), participant.id(), LeaveReason.CLIENT);
      }
    }
    return Refusals.done(answer);
  }

  /** The token's word comes first: a name that the tenant vouched for cannot be changed. */
  static Participant.Person person(JoinClaims claims, @Nullable String name) {
    return new Participant.Person(
        claims.identity(),
        claims.name() == null ? name : claims.name(),
        claims.role(),
        claims.grants());
  }

  static String path(ConferenceId conference) {
    return "/v1/conferences/" + conference;
  }
}
