package dev.parley.media.conference;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a conference, told to the control plane through a bounded queue. Immutable. All
 * but {@link SpeakersChanged} and {@link QualityMeasured} are kept until the queue takes them;
 * while it is full, a participant's newer state replaces its older one.
 */
public sealed interface ConferenceEvent {
  String conferenceId();

  long epoch();

  /** Media flows, for the first time or again. */
  record ParticipantConnected(String conferenceId, long epoch, String participantId)
      implements ConferenceEvent {}

  /** Nothing was heard of the participant's client for a few seconds. */
  record ParticipantReconnecting(String conferenceId, long epoch, String participantId)
      implements ConferenceEvent {}

  /**
   * The participant's media is over.
   *
   * @param peerId the last of its sessions, by which one that was begun meanwhile is told from it
   */
  record ParticipantGone(
      String conferenceId, long epoch, String participantId, int peerId, GoneReason reason)
      implements ConferenceEvent {}

  /** One of a participant's two sessions is over. */
  record SessionGone(String conferenceId, long epoch, String participantId, int peerId)
      implements ConferenceEvent {}

  /**
   * Mixes are encoded with another effort; not oftener than each {@link EffortReport#INTERVAL_NS}.
   *
   * @param complexity of Opus, 0 to {@code complexityMax}
   * @param complexityMax the full effort, with which every conference is taken to begin
   */
  record EncodersChanged(String conferenceId, long epoch, int complexity, int complexityMax)
      implements ConferenceEvent {}

  /**
   * The conference no longer runs here; this comes after what its participants have to be told.
   *
   * @param cause what was thrown if it failed, for the log, otherwise null
   */
  record ConferenceClosed(
      String conferenceId, long epoch, ClosedReason reason, @Nullable Throwable cause)
      implements ConferenceEvent {}

  /**
   * Who is heard: at most four times a second, only on change, dropped if the queue is full.
   *
   * @param dominant who leads the talk, or null in silence
   * @param levels those who talk now
   */
  record SpeakersChanged(
      String conferenceId, long epoch, @Nullable String dominant, List<SpeakerLevel> levels)
      implements ConferenceEvent {
    public SpeakersChanged {
      levels = List.copyOf(levels);
    }
  }

  /**
   * One talker's loudness.
   *
   * @param levelDbov smoothed, -127 (silence) to 0 (full scale)
   */
  record SpeakerLevel(String participantId, int levelDbov) {}

  /**
   * How packets travel: each five seconds, dropped if the queue is full.
   *
   * @param figures of those of whom there is news
   */
  record QualityMeasured(String conferenceId, long epoch, List<ParticipantFigures> figures)
      implements ConferenceEvent {
    public QualityMeasured {
      figures = List.copyOf(figures);
    }
  }

  /**
   * One participant's figures.
   *
   * @param roundTripUs microseconds, or null if no report has told
   * @param sent what its client sent, as it came here, or null if nothing is new
   * @param received what its client was sent, as it came there, or null if nothing is new
   */
  record ParticipantFigures(
      String participantId,
      @Nullable Integer roundTripUs,
      @Nullable WayFigures sent,
      @Nullable WayFigures received) {}

  /**
   * One way's figures.
   *
   * @param lostPerMille 0..1000
   * @param jitterUs microseconds
   */
  record WayFigures(int lostPerMille, int jitterUs) {}

  /** Why a participant's media ended. */
  enum GoneReason {
    /** By command. */
    REMOVED,
    /** The client closed DTLS. */
    CLOSED_BY_PEER,
    /** No path, or no DTLS handshake, came in time. */
    CONNECT_TIMEOUT,
    /** Consent expired (RFC 7675). */
    CONSENT_EXPIRED,
    /** The handshake failed. */
    DTLS_FAILED,
    /** Its conference failed. */
    CONFERENCE_FAILED
  }

  /** Why a conference ended here. */
  enum ClosedReason {
    /** By command. */
    ENDED,
    /** It threw. */
    FAILED,
    /** The server stops. */
    SHUTDOWN
  }
}
