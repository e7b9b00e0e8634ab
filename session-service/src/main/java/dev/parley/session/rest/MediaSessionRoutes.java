package dev.parley.session.rest;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.access.Caller;
import dev.parley.session.conference.LeaveReason;
import dev.parley.session.conference.MediaLeg;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.Participants;
import dev.parley.session.conference.Signalling;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Arrays;

/**
 * What may be done with a media session that an offer began, by whatever signalling (RFC 9725 §4).
 * Thread-safe.
 */
final class MediaSessionRoutes {
  private static final String PATH = "/v1/rtc-sessions/";
  private static final String METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH";
  private static final int PARTS = 3;

  private final Signalling signalling;
  private final Participants participants;
  private final Gate gate;
  private final Quotas quotas;

  MediaSessionRoutes(Signalling signalling, Participants participants, Gate gate, Quotas quotas) {
    this.signalling = signalling;
    this.participants = participants;
    this.gate = gate;
    this.quotas = quotas;
  }

  void register(RoutesConfig routes) {
    String path = PATH + "{s}";
    CrossOrigin.open(routes, path, METHODS, Bodies.SDP_FRAGMENT);
    routes.get(path, this::check);
    routes.patch(path, this::change);
    routes.delete(path, this::end);
  }

  /** The path says where to look, and its last part cannot be guessed. */
  static String path(Participant participant, MediaLeg leg) {
    return PATH + participant.conference() + "." + participant.id() + "." + leg.id();
  }

  /** Names the ICE session among those of the leg. */
  static String etag(MediaLeg leg) {
    return Wire.etag(leg.restarts());
  }

  private void check(Context context) {
    Signalling.Held _ = held(context);
    context.status(204);
  }

  /**
   * Takes trickled candidates, which an ICE-lite server does without. That it is about the ICE
   * session of now is all there is to check.
   */
  private void change(Context context) {
    Signalling.Held held = held(context);
    quotas.take(context, Quotas.SESSION, subject(held));
    SdpFragment given = Bodies.sdpFragment(context);
    boolean isForAny = isForAny(context, held.leg());
    if (isForAny && given.fragment() == null) {
      throw Problem.malformed("Send a=ice-ufrag and a=ice-pwd to begin ICE anew.").exception();
    }
    if (given.fragment() != null && !given.fragment().equals(held.leg().clientFragment())) {
      throw new Problem(
              422,
              "ice-restart-unsupported",
              "ICE cannot be begun anew",
              "Send a new offer to the address of the first; the participant keeps its place.")
          .exception();
    }
    context.status(204);
  }

  private void end(Context context) {
    Signalling.Held held = held(context);
    quotas.take(context, Quotas.SESSION, subject(held));
    Participant participant = held.participant();
    Refusals.done(
        participants.leave(participant.conference(), participant.id(), LeaveReason.CLIENT));
    context.status(200);
  }

  /** Returns true for {@code *}, false for the ICE session of now; another ends the request. */
  private static boolean isForAny(Context context, MediaLeg leg) {
    String given = context.header("If-Match");
    if (given == null) {
      throw new Problem(
              428,
              "if-match-missing",
              "Which ICE session?",
              "Send If-Match with the ETag of the last answer, or * to begin ICE anew.")
          .exception();
    }
    if (given.strip().equals("*")) {
      return true;
    }
    if (Arrays.stream(given.split(",", -1)).map(String::strip).noneMatch(etag(leg)::equals)) {
      throw new Problem(
              412,
              "ice-session-over",
              "Another ICE session",
              "ICE was begun anew since; send * in If-Match to begin it once more.")
          .exception();
    }
    return false;
  }

  /** Returns what the path names; it is the caller's own, or the caller moderates. */
  private Signalling.Held held(Context context) {
    Caller caller = gate.caller(context);
    String[] parts = context.pathParam("s").split("\\.", PARTS);
    if (parts.length < PARTS) {
      throw Problem.notFound("media session").exception();
    }
    ConferenceId conference = Gate.conferenceId(parts[0]);
    ParticipantId id = Gate.participantId(parts[1]);
    Gate.Visit visit = gate.visit(conference, caller);
    Signalling.Held held =
        id == null ? null : signalling.findLeg(visit.conference().id(), id, parts[2]);
    if (held == null) {
      throw Problem.notFound("media session").exception();
    }
    if (!visit.isSelf(held.participant())) {
      gate.requireModerator(visit);
    }
    return held;
  }

  private static String subject(Signalling.Held held) {
    Participant participant = held.participant();
    return participant.conference() + " " + participant.person().identity();
  }
}
