package dev.parley.session.rest;

import dev.parley.common.control.Order.Listening;
import dev.parley.common.control.Order.SignallingProfile;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.access.Caller;
import dev.parley.session.conference.Admission;
import dev.parley.session.conference.LeaveReason;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.Participants;
import dev.parley.session.conference.Signalling;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** SDP over HTTP, and the media sessions that come of it. Thread-safe. */
final class SignallingRoutes {
  private static final int SESSION_PARTS = 3;

  private final Admission admission;
  private final Signalling signalling;
  private final Participants participants;
  private final Gate gate;
  private final Quotas quotas;

  SignallingRoutes(
      Admission admission,
      Signalling signalling,
      Participants participants,
      Gate gate,
      Quotas quotas) {
    this.admission = admission;
    this.signalling = signalling;
    this.participants = participants;
    this.gate = gate;
    this.quotas = quotas;
  }

  void register(RoutesConfig routes) {
    routes.post("/v1/conferences/{c}/rtc", this::offer);
    routes.get("/v1/rtc-sessions/{s}", this::check);
    routes.delete("/v1/rtc-sessions/{s}", this::end);
  }

  private void offer(Context context) {
    Caller.Joiner joiner = gate.stayer(context);
    ConferenceId conference = joiner.claims().conference();
    quotas.take(context, Quotas.OFFER, conference + " " + joiner.claims().identity());
    Listening wish = Queries.choice(context, "listening", Listening.class, Listening.AUTO);
    Listening listening = wish == null ? Listening.AUTO : wish;
    String sdp = Bodies.sdp(context);
    Participant participant = participants.findPresent(conference, joiner.claims().identity());
    boolean isNew = participant == null;
    if (participant == null) {
      participant = join(joiner);
    }
    Signalling.Answered answered;
    boolean isDone = false;
    try {
      answered =
          Refusals.done(
              signalling.offer(
                  conference,
                  participant.id(),
                  new Signalling.Offer(sdp, listening, SignallingProfile.RTC)));
      isDone = true;
    } finally {
      if (isNew && !isDone) {
        participants.leave(conference, participant.id(), LeaveReason.CLIENT);
      }
    }
    context
        .status(201)
        .header("Location", sessionPath(answered))
        .header("ETag", "\"" + answered.session().id() + "\"")
        .contentType("application/sdp")
        .result(answered.sdp());
  }

  private Participant join(Caller.Joiner joiner) {
    if (joiner.isExpired()) {
      throw Gate.expired().exception();
    }
    return Refusals.done(
        admission.join(
            new Admission.Wish(
                joiner.claims().conference(),
                ParticipantRoutes.person(joiner.claims(), null),
                false,
                false)));
  }

  private void check(Context context) {
    Participant _ = session(context);
    context.status(204);
  }

  private void end(Context context) {
    Participant participant = session(context);
    Refusals.done(
        participants.leave(participant.conference(), participant.id(), LeaveReason.CLIENT));
    context.status(204);
  }

  /**
   * Returns whose media session the path names; it is the caller's own, or the caller moderates.
   */
  private Participant session(Context context) {
    Caller caller = gate.caller(context);
    String[] parts = context.pathParam("s").split("\\.", SESSION_PARTS);
    if (parts.length < SESSION_PARTS) {
      throw Problem.notFound("media session").exception();
    }
    ConferenceId conference = Gate.conferenceId(parts[0]);
    ParticipantId id = Gate.participantId(parts[1]);
    Gate.Visit visit = gate.visit(conference, caller);
    Participant participant =
        id == null ? null : signalling.findSession(visit.conference().id(), id, parts[2]);
    if (participant == null) {
      throw Problem.notFound("media session").exception();
    }
    if (!visit.isSelf(participant)) {
      gate.requireModerator(visit);
    }
    return participant;
  }

  /** The path says where to look, and its last part cannot be guessed. */
  static String sessionPath(Signalling.Answered answered) {
    Participant participant = answered.participant();
    return "/v1/rtc-sessions/"
        + participant.conference()
        + "."
        + participant.id()
        + "."
        + answered.session().id();
  }
}
