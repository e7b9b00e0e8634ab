package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.RecordingId;
import dev.parley.common.id.Region;
import java.time.Instant;
import java.util.List;

/** Why a request was not done. */
public sealed interface Refusal {

  /** There is no such conference, participant or media session. */
  record NotFound(String what) implements Refusal {}

  /** The conference is over. */
  record Ended(EndReason reason) implements Refusal {}

  /** The participant has left. */
  record Left(LeaveReason reason) implements Refusal {}

  /** Another open conference has the alias. */
  record AliasTaken(ConferenceId holder) implements Refusal {}

  /** The idempotency key was used with another body. */
  record KeyReused() implements Refusal {}

  /** What only those meet who want to come in. */
  sealed interface OfJoining extends Refusal {}

  /** The identity is in the conference already. */
  record IdentityPresent(ParticipantId holder) implements OfJoining {}

  /** The same request is being dealt with. */
  record JoinInProgress() implements OfJoining {}

  /** The conference has as many participants as it may. */
  record Full(int maxParticipants) implements OfJoining {}

  /** The conference is locked. */
  record Locked() implements OfJoining {}

  /**
   * No region in which the conference may be has a media server.
   *
   * @param policy the residency policy that the conference was made under
   */
  record ResidencyDenied(String policy, List<Region> permitted) implements OfJoining {}

  /** It waits to be let in; until then there is nothing else to do with it. */
  record Queued() implements OfJoining {}

  /** As many wait to be let in as may. */
  record LobbyFull(int max) implements OfJoining {}

  /** It is not the version that the sender saw. */
  record VersionMismatch(long current) implements Refusal {}

  /** Nobody may unmute somebody else. */
  record UnmuteNotOffered() implements Refusal {}

  /** No media server has room. */
  record NoCapacity() implements Refusal {}

  /** The conference's media server does not answer. */
  record MediaUnreachable() implements Refusal {}

  /** See {@link MediaAnswer.OfferRefused}. */
  record OfferRefused(String detail, int line) implements Refusal {}

  /** What only requests about webhooks can meet. */
  sealed interface OfWebhooks extends Refusal {}

  /** A URL that webhooks may not be sent to; {@code fault} follows its name. */
  record UrlRefused(String fault) implements OfWebhooks {}

  /** The tenant has as many webhook endpoints as it may. */
  record TooManyEndpoints(int max) implements OfWebhooks {}

  /** What those who are in a conference can meet when they speak to it or moderate it. */
  sealed interface OfPeople extends Refusal {}

  /** The identity was removed from the conference for some time. */
  record Banned(Instant until) implements OfPeople {}

  /** The conference has as many bans as it may. */
  record TooManyBans(int max) implements OfPeople {}

  /** Nobody may raise somebody else's hand. */
  record HandNotOffered() implements OfPeople {}

  /** Only who is in the conference may do it. */
  record NotJoined() implements OfPeople {}

  /** What only those meet who want to record. */
  sealed interface OfRecording extends Refusal {}

  /** Nobody's media is up in the conference: there is nothing to record. */
  record NotLive() implements OfRecording {}

  /** Another recording of the same mode runs. */
  record AlreadyRecorded(RecordingId recording) implements OfRecording {}

  /** The conference has as many recordings that are not available yet as it may. */
  record TooManyRecordings(int max) implements OfRecording {}

  /** The conference's media server does not record now. */
  record NotRecorded(String detail) implements OfRecording {}

  /** From the state that the recording is in, what was asked for cannot be reached. */
  record RecordingOver(RecordingState state) implements OfRecording {}

  /** The sender lacks a grant. */
  record GrantMissing(String grant) implements OfPeople {}
}
