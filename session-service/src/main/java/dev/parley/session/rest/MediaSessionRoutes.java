package dev.parley.session.rest;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.MetadataRegion;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.sdp.SdpFragment;
import dev.parley.session.access.Caller;
import dev.parley.session.conference.MediaAnswer;
import dev.parley.session.conference.MediaLeg;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.Signalling;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What may be done with a media session that an offer began, by whatever signalling (RFC 9725 §4).
 * Thread-safe.
 */
final class MediaSessionRoutes {
  private static final String PATH = "/v1/rtc-sessions/";
  private static final String METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH";

  /** Three names parted by dots, of which the first, a conference's, may have one in it. */
  private static final Pattern NAMES =
      Pattern.compile(
          "([^.]{1,64}(?:\\." + MetadataRegion.PATTERN + ")?)\\.([^.]{1,64})\\.([^.]{1,64})");

  private final Signalling signalling;
  private final Gate gate;
  private final Quotas quotas;

  MediaSessionRoutes(Signalling signalling, Gate gate, Quotas quotas) {
    this.signalling = signalling;
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
   * Begins ICE anew if the client has a new fragment. Otherwise takes trickled candidates, which an
   * ICE-lite server does without: that they are of the ICE session of now is all there is to check.
   */
  private void change(Context context) {
    Signalling.Held held = held(context);
    quotas.take(context, Quotas.SESSION, subject(held));
    SdpFragment given = Bodies.sdpFragment(context);
    boolean isForAny = isForAny(context, held.leg());
    String fragment = given.fragment();
    if (isForAny && fragment == null) {
      throw Problem.malformed("Send a=ice-ufrag and a=ice-pwd to begin ICE anew.").exception();
    }
    boolean isNew = fragment != null && !fragment.equals(held.leg().clientFragment());
    // The fragment of an ICE session that was begun by a restart is asked for again by a client
    // that
    // missed the answer. Of the first there was an offer's, which had one.
    boolean isRepeated = isForAny && held.leg().restarts() > 0;
    if (fragment != null && (isNew || isRepeated)) {
      restart(context, held, given, fragment);
    } else {
      context.status(204);
    }
  }

  private void restart(
      Context context, Signalling.Held held, SdpFragment given, String clientFragment) {
    Signalling.Restarted restarted = Refusals.done(signalling.restartIce(held, clientFragment));
    MediaAnswer.IceRestarted ice = restarted.ice();
    context
        .status(200)
        .header("ETag", etag(restarted.leg()))
        .header("Cache-Control", "no-store")
        .contentType(Bodies.SDP_FRAGMENT)
        .result(given.answer(ice.fragment(), ice.password(), ice.candidates()));
  }

  private void end(Context context) {
    Signalling.Held held = held(context);
    quotas.take(context, Quotas.SESSION, subject(held));
    Refusals.done(signalling.end(held));
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
    Matcher names = NAMES.matcher(context.pathParam("s"));
    if (!names.matches()) {
      throw Problem.notFound("media session").exception();
    }
    ConferenceId conference = Gate.conferenceId(names.group(1));
    ParticipantId id = Gate.participantId(names.group(2));
    Gate.Visit visit = gate.visit(conference, caller);
    Signalling.Held held =
        id == null ? null : signalling.findLeg(visit.conference().id(), id, names.group(3));
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
