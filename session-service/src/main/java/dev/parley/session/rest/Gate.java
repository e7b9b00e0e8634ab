package dev.parley.session.rest;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.Grants;
import dev.parley.session.access.Caller;
import dev.parley.session.access.Credentials;
import dev.parley.session.access.Scope;
import dev.parley.session.conference.Ban;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.Conferences;
import dev.parley.session.conference.EndReason;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.Participants;
import dev.parley.session.conference.Refusal;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request through to what its sender may touch, or ends it: 401 without a good credential,
 * 403 with one of the wrong kind, 404 for whatever belongs to another tenant. Thread-safe.
 */
final class Gate {
  private static final String SCHEME = "Bearer ";

  private final Credentials credentials;
  private final Conferences conferences;
  private final Participants participants;

  Gate(Credentials credentials, Conferences conferences, Participants participants) {
    this.credentials = credentials;
    this.conferences = conferences;
    this.participants = participants;
  }

  /** A caller and the conference it may see. */
  record Visit(Caller caller, Conference conference) {

    /** Returns the caller, who must be a person. */
    Caller.Joiner joiner() {
      if (caller instanceof Caller.Joiner joiner) {
        return joiner;
      }
      throw Problem.forbidden(
              "token-needed", "A person joins with a join token; mint one with your server key.")
          .exception();
    }

    /** True if the participant is the caller's own stay. */
    boolean isSelf(Participant participant) {
      return caller instanceof Caller.Joiner joiner
          && joiner.claims().identity().equals(participant.person().identity());
    }
  }

  /** Returns who sends the request. */
  Caller caller(Context context) {
    String header = context.header("Authorization");
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw Problem.unauthorized(
              "credentials-missing", "Send Authorization: Bearer with a server key or join token.")
          .exception();
    }
    return switch (credentials.judge(header.substring(SCHEME.length()).strip())) {
      case Credentials.Verdict.Known known -> {
        AuditTrail.caller(context, known.caller());
        yield known.caller();
      }
      case Credentials.Verdict.Unknown unknown ->
          throw Problem.unauthorized(unknown.code(), unknown.detail()).exception();
      case Credentials.Verdict.Nowhere _ ->
          throw Problem.notFound("open conference with the alias that the join token names")
              .exception();
    };
  }

  /** Returns the backend that sends the request, whose key must have the scope. */
  Caller.Backend backend(Context context, Scope scope) {
    return switch (caller(context)) {
      case Caller.Backend backend -> scoped(backend, scope);
      case Caller.Joiner _ ->
          throw Problem.forbidden("key-needed", "This needs a server key, not a join token.")
              .exception();
    };
  }

  /** Returns a backend whose key is for the Library, or a person whose token is good now. */
  Caller callerOfLibrary(Context context) {
    Caller caller = caller(context);
    if (caller instanceof Caller.Backend backend) {
      return scoped(backend, Scope.LIBRARY);
    }
    if (caller instanceof Caller.Joiner joiner) {
      Visit _ = visit(joiner.conference(), joiner);
      if (joiner.isExpired()) {
        throw expired().exception();
      }
    }
    return caller;
  }

  /** Returns the caller and the conference of the path, which may have ended. */
  Visit visit(Context context) {
    return visit(context, caller(context));
  }

  /** Like {@link #visit(Context)}, but whether a token is still good is not asked. */
  Visit visitUnchecked(Context context) {
    Caller caller = caller(context);
    return unchecked(conferenceOf(context, caller), caller);
  }

  /** Like {@link #visit(Context)}, but a server key needs that scope and no other. */
  Visit visit(Context context, Scope scope) {
    Caller caller = caller(context);
    return caller instanceof Caller.Backend backend
        ? new Visit(backend, conferenceOf(scoped(backend, scope).tenant(), context.pathParam("c")))
        : visit(context, caller);
  }

  /** Returns the backend and the conference of the path. */
  Visit visitAsBackend(Context context) {
    return visit(context, backend(context, Scope.CONFERENCES));
  }

  /** Returns the joiner, whose token must be good for joining the conference of the path. */
  Visit joining(Context context) {
    Visit visit = visit(context);
    if (visit.joiner().isExpired()) {
      throw expired().exception();
    }
    return visit;
  }

  /** Like {@link #joining}, but an old token will do for somebody who is there. */
  Caller.Joiner stayer(Context context) {
    return visit(context).joiner();
  }

  /** Returns the caller's own stay, which must not have ended. */
  Participant ownStay(ConferenceId conference, Caller.Joiner joiner) {
    Participant stay = participants.findPresent(conference, joiner.claims().identity());
    if (stay == null) {
      throw Refusals.problem(new Refusal.NotJoined()).exception();
    }
    return stay;
  }

  /** Returns the participant of the path; of those who were never let in only some may know. */
  Participant participant(Context context, Visit visit) {
    ParticipantId id = participantId(context.pathParam("p"));
    Participant participant = id == null ? null : participants.find(visit.conference().id(), id);
    if (participant == null
        || (participant.csrc() == 0 && !visit.isSelf(participant) && !mayModerate(visit))) {
      throw Problem.notFound("participant").exception();
    }
    AuditTrail.participant(context, participant);
    return participant;
  }

  /** Returns a conference that a tenant's request names in another place than its path. */
  Conference conferenceOf(String tenant, String name) {
    ConferenceId id = conferenceId(name);
    Conference conference = id == null ? null : conferences.find(id);
    if (conference == null || !conference.tenant().equals(tenant)) {
      throw Problem.notFound("conference").exception();
    }
    return conference;
  }

  void requireModerator(Visit visit) {
    if (visit.caller() instanceof Caller.Backend backend) {
      Caller.Backend _ = scoped(backend, Scope.MODERATION);
    }
    if (!mayModerate(visit)) {
      throw Refusals.grantMissing("moderate").exception();
    }
  }

  /** Ends the request if a lobby keeps its sender from seeing who is in. */
  void requireInside(Visit visit) {
    if (visit.conference().options().lobby()
        && visit.caller() instanceof Caller.Joiner joiner
        && !mayModerate(visit)
        && participants.findPresent(visit.conference().id(), joiner.claims().identity()) == null) {
      throw Refusals.problem(new Refusal.NotJoined()).exception();
    }
  }

  /** True for server keys with the scope; for others as what their stay is, or will be. */
  private boolean mayModerate(Visit visit) {
    return switch (visit.caller()) {
      case Caller.Backend backend -> backend.key().scopes().contains(Scope.MODERATION);
      case Caller.Joiner joiner -> {
        String identity = joiner.claims().identity();
        Participant stay = participants.findPresent(visit.conference().id(), identity);
        Grants grants = stay == null ? joiner.claims().grants() : stay.person().grants();
        yield grants.moderate();
      }
    };
  }

  /** Ends the request unless its sender may record: server keys may, others as their stay may. */
  void requireRecorder(Visit visit) {
    if (!mayRecord(visit)) {
      throw Refusals.grantMissing("record").exception();
    }
  }

  /** True for back ends; for others as what their stay is, or was to be. */
  private boolean mayRecord(Visit visit) {
    return switch (visit.caller()) {
      case Caller.Backend _ -> true;
      case Caller.Joiner joiner -> {
        String identity = joiner.claims().identity();
        Participant stay = participants.findPresent(visit.conference().id(), identity);
        yield (stay == null ? joiner.claims().grants() : stay.person().grants()).record();
      }
    };
  }

  /** True for who may see what is not for everyone, such as how each one's call sounds. */
  boolean maySeeAll(Visit visit) {
    return visit.caller() instanceof Caller.Backend || mayModerate(visit);
  }

  static void requireOpen(Conference conference) {
    if (!conference.state().isOpen()) {
      EndReason reason = conference.endReason();
      throw Refusals.problem(new Refusal.Ended(reason == null ? EndReason.API : reason))
          .exception();
    }
  }

  /** Checks a caller against a conference. */
  Visit visit(@Nullable ConferenceId id, Caller caller) {
    Visit visit = unchecked(id, caller);
    if (caller instanceof Caller.Joiner joiner) {
      requireUnrevoked(visit.conference().id(), joiner);
      if (joiner.isExpired()) {
        requirePresent(visit.conference().id(), joiner);
      }
    }
    return visit;
  }

  private Visit unchecked(@Nullable ConferenceId id, Caller caller) {
    if (id == null) {
      throw Problem.notFound("conference").exception();
    }
    if (caller instanceof Caller.Backend backend
        && !backend.key().scopes().contains(Scope.MODERATION)) {
      Caller.Backend _ = scoped(backend, Scope.CONFERENCES);
    }
    if (caller instanceof Caller.Joiner joiner && !joiner.conference().equals(id)) {
      throw Problem.forbidden("other-conference", "The join token is for another conference.")
          .exception();
    }
    Conference conference = conferences.find(id);
    if (conference == null || !conference.tenant().equals(caller.tenant())) {
      throw Problem.notFound("conference").exception();
    }
    return new Visit(caller, conference);
  }

  private Visit visit(Context context, Caller caller) {
    return visit(conferenceOf(context, caller), caller);
  }

  private static @Nullable ConferenceId conferenceOf(Context context, Caller caller) {
    String name = context.pathParam("c");
    return caller instanceof Caller.Joiner joiner && joiner.claims().conference().equals(name)
        ? joiner.conference()
        : conferenceId(name);
  }

  private void requireUnrevoked(ConferenceId id, Caller.Joiner joiner) {
    String identity = joiner.claims().identity();
    if (participants.isRevoked(id, identity, joiner.claims().issuedAt())) {
      Ban ban = participants.banInForce(id, identity);
      if (ban != null) {
        // No new token would help.
        throw Refusals.problem(new Refusal.Banned(ban.until())).exception();
      }
      throw Problem.unauthorized(
              "token-revoked", "You were removed from the conference; ask for a new join token.")
          .exception();
    }
  }

  /** An expired token speaks only for a stay that it began. */
  private void requirePresent(ConferenceId id, Caller.Joiner joiner) {
    if (participants.findStay(id, joiner.claims().identity()) == null) {
      throw expired().exception();
    }
  }

  private static Caller.Backend scoped(Caller.Backend backend, Scope scope) {
    if (!backend.key().scopes().contains(scope)) {
      throw Problem.scopeMissing(Wire.name(scope)).exception();
    }
    return backend;
  }

  static Problem expired() {
    return Problem.unauthorized("token-expired", "The join token has expired; get a new one.");
  }

  static @Nullable ConferenceId conferenceId(String text) {
    try {
      return new ConferenceId(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  static @Nullable ParticipantId participantId(String text) {
    try {
      return new ParticipantId(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
