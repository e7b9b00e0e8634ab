package dev.parley.session.rest;

import dev.parley.common.id.Region;
import dev.parley.session.conference.Answer;
import dev.parley.session.conference.QueuePlace;
import dev.parley.session.conference.Refusal;
import java.util.List;
import java.util.stream.Collectors;

/** Refusals of the domain as problems. */
final class Refusals {
  private static final int RETRY_CAPACITY_SEC = 5;
  private static final int RETRY_MEDIA_SEC = 2;

  private Refusals() {}

  /** Returns what was done, or ends the request with the problem. */
  static <T> T done(Answer<T> answer) {
    return switch (answer) {
      case Answer.Done<T> done -> done.value();
      case Answer.Refused<T> refused -> throw problem(refused.refusal()).exception();
    };
  }

  static Problem problem(Refusal refusal) {
    return switch (refusal) {
      case Refusal.NotFound r -> Problem.notFound(r.what());
      case Refusal.Ended r ->
          gone(
              "ended",
              "Conference over",
              "The conference has ended (" + Wire.name(r.reason()) + "); make another.");
      case Refusal.Left r ->
          gone(
              "left",
              "Participant gone",
              "The participant has left (" + Wire.name(r.reason()) + "); join again.");
      case Refusal.AliasTaken r ->
          conflict(
                  "alias-taken",
                  "Another open conference has this alias; choose another alias, or use that one.")
              .with("conference", r.holder().value());
      case Refusal.KeyReused _ -> keyReused();
      case Refusal.OfJoining r -> problem(r);
      case Refusal.VersionMismatch r ->
          new Problem(
              412,
              "version-mismatch",
              "Changed meanwhile",
              "The version is now \"" + r.current() + "\"; read it again, then decide.");
      case Refusal.UnmuteNotOffered _ ->
          Problem.forbidden(
              "unmute-not-offered",
              "Only the participant can open its own microphone; ask for it.");
      case Refusal.NoCapacity _ ->
          Problem.unavailable(
              "no-capacity", "No media server has room now; try again soon.", RETRY_CAPACITY_SEC);
      case Refusal.MediaUnreachable _ ->
          Problem.unavailable(
              "media-unreachable",
              "The conference's media server does not answer now; try again soon.",
              RETRY_MEDIA_SEC);
      case Refusal.OfferRefused r ->
          new Problem(422, "sdp-unacceptable", "Offer refused", r.detail())
              .with("line", r.line() > 0 ? r.line() : null);
      case Refusal.OfWebhooks r -> problem(r);
      case Refusal.OfPeople r -> problem(r);
      case Refusal.OfRecording r -> problem(r);
    };
  }

  private static Problem problem(Refusal.OfRecording refusal) {
    return switch (refusal) {
      case Refusal.NotLive _ ->
          conflict(
              "conference-not-live",
              "Nobody's media is up in the conference yet; begin when conference.live is told.");
      case Refusal.AlreadyRecorded r ->
          conflict(
                  "already-recorded",
                  "A recording of this mode runs; stop it first, or use that one.")
              .with("recording", r.recording().value());
      case Refusal.TooManyRecordings r ->
          conflict(
              "too-many-recordings",
              r.max() + " recordings of the conference are not available yet; wait for some.");
      case Refusal.NotRecorded r ->
          Problem.unavailable(
              "recording-refused",
              "The conference's media server does not record now: " + r.detail() + ".",
              RETRY_CAPACITY_SEC);
      case Refusal.RecordingOver r ->
          conflict(
              "recording-not-running",
              "The recording is " + Wire.name(r.state()) + "; begin another.");
    };
  }

  private static Problem problem(Refusal.OfPeople refusal) {
    return switch (refusal) {
      case Refusal.NotJoined _ ->
          Problem.forbidden("not-joined", "Only who is in the conference may do this; join first.");
      case Refusal.GrantMissing r -> grantMissing(r.grant());
      case Refusal.Banned r ->
          Problem.forbidden(
                  "banned", "A moderator removed you until " + r.until() + "; wait, or ask them.")
              .with("until", r.until().toString());
      case Refusal.TooManyBans r ->
          conflict(
              "too-many-bans",
              "The conference has all of its " + r.max() + " bans; lift one first.");
      case Refusal.HandNotOffered _ ->
          Problem.forbidden(
              "hand-not-offered",
              "Only the participant can raise its own hand; lowering it is yours.");
    };
  }

  static Problem grantMissing(String grant) {
    return Problem.forbidden(
        "grant-missing", "This needs the grant " + grant + ", which the join token does not give.");
  }

  private static Problem problem(Refusal.OfJoining refusal) {
    return switch (refusal) {
      case Refusal.IdentityPresent r ->
          conflict(
                  "identity-already-joined",
                  "This identity is in the conference; send \"replace\": true to take its place.")
              .with("participant", r.holder().value());
      case Refusal.JoinInProgress _ ->
          conflict(
                  "idempotency-in-progress",
                  "The first request with this Idempotency-Key is not answered yet; wait as"
                      + " Retry-After says.")
              .withHeader("Retry-After", "1");
      case Refusal.Full r ->
          conflict(
              "conference-full",
              "The conference has all of its "
                  + r.maxParticipants()
                  + " participants; wait for a place.");
      case Refusal.ResidencyDenied r ->
          Problem.forbidden(
                  "residency-denied",
                  "The residency policy "
                      + r.policy()
                      + " permits only "
                      + names(r.permitted())
                      + ", where there is no media server now; ask the operator for one there.")
              .with("regions", r.permitted().stream().map(Region::value).toList());
      case Refusal.Queued _ ->
          Problem.unavailable(
              "queued",
              "The participant waits to be let in; try again once it is.",
              QueuePlace.RETRY_AFTER_SEC);
      case Refusal.LobbyFull r ->
          conflict(
              "lobby-full", "As many wait to be let in as may (" + r.max() + "); come back later.");
      case Refusal.Locked _ ->
          Problem.forbidden(
              "conference-locked",
              "The conference is locked; ask somebody in it to unlock it, then join again.");
    };
  }

  private static Problem problem(Refusal.OfWebhooks refusal) {
    return switch (refusal) {
      case Refusal.UrlRefused r -> Problem.invalid("/url", r.fault());
      case Refusal.TooManyEndpoints r ->
          conflict(
              "too-many-endpoints",
              "You have all of your " + r.max() + " webhook endpoints; delete one first.");
    };
  }

  static String names(List<Region> regions) {
    return regions.stream().map(Region::value).collect(Collectors.joining(", "));
  }

  static Problem keyReused() {
    return new Problem(
        422,
        "idempotency-key-reused",
        "Not the same request",
        "The Idempotency-Key was used with another body; send a new key.");
  }

  private static Problem gone(String code, String title, String detail) {
    return new Problem(410, code, title, detail);
  }

  private static Problem conflict(String code, String detail) {
    return new Problem(409, code, "Conflict", detail);
  }
}
