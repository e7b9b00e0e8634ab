package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.parley.common.control.Order.Listening;
import dev.parley.common.control.Order.SignallingProfile;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.RecordingId;

/** What happened in a conference on a media server. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = StateEvent.ParticipantConnected.class, name = "participant-connected"),
  @JsonSubTypes.Type(
      value = StateEvent.ParticipantReconnecting.class,
      name = "participant-reconnecting"),
  @JsonSubTypes.Type(value = StateEvent.ParticipantGone.class, name = "participant-gone"),
  @JsonSubTypes.Type(value = StateEvent.SessionBegan.class, name = "session-began"),
  @JsonSubTypes.Type(value = StateEvent.IceBegunAnew.class, name = "ice-begun-anew"),
  @JsonSubTypes.Type(value = StateEvent.SessionGone.class, name = "session-gone"),
  @JsonSubTypes.Type(value = StateEvent.CarriedOut.class, name = "carried-out"),
  @JsonSubTypes.Type(value = StateEvent.EncodersChanged.class, name = "encoders-changed"),
  @JsonSubTypes.Type(value = StateEvent.RecordingEnded.class, name = "recording-ended"),
  @JsonSubTypes.Type(value = StateEvent.ConferenceClosed.class, name = "conference-closed")
})
public sealed interface StateEvent {
  ConferenceId conference();

  long epoch();

  /**
   * ICE and DTLS are up: media flows. Also sent when media flows again after {@link
   * ParticipantReconnecting}.
   */
  record ParticipantConnected(ConferenceId conference, long epoch, ParticipantId participant)
      implements StateEvent {
    public ParticipantConnected {
      requireNonNull(conference, "conference");
      requireNonNull(participant, "participant");
      Ranges.requireAtLeast(0, epoch, "epoch");
    }
  }

  /** No consent (RFC 7675) for a few seconds, but not yet long enough to give up. */
  record ParticipantReconnecting(ConferenceId conference, long epoch, ParticipantId participant)
      implements StateEvent {
    public ParticipantReconnecting {
      requireNonNull(conference, "conference");
      requireNonNull(participant, "participant");
      Ranges.requireAtLeast(0, epoch, "epoch");
    }
  }

  /** The participant's media is over. */
  record ParticipantGone(
      ConferenceId conference, long epoch, ParticipantId participant, GoneReason reason)
      implements StateEvent {
    public ParticipantGone {
      requireNonNull(conference, "conference");
      requireNonNull(participant, "participant");
      requireNonNull(reason, "reason");
      Ranges.requireAtLeast(0, epoch, "epoch");
    }
  }

  /**
   * The server has answered an offer that came with a ticket, and not by command. Told before
   * anything else of that session.
   *
   * @param session the ticket's name for it, as {@link Order.AdmitParticipant} has one
   * @param profile what it carries; it took the place of those that carry the same
   * @param listening the way the participant hears the others ({@code FORWARD}, {@code MIX} or
   *     {@code NONE})
   * @param clientFragment the ICE user name fragment of its client, as negotiated
   * @param muted whether the ticket had it muted
   * @param held whether the ticket had it on hold
   */
  record SessionBegan(
      ConferenceId conference,
      long epoch,
      ParticipantId participant,
      String session,
      SignallingProfile profile,
      Listening listening,
      String clientFragment,
      boolean muted,
      boolean held)
      implements StateEvent {
    public SessionBegan {
      requireNonNull(conference, "conference");
      requireNonNull(participant, "participant");
      requireNonNull(session, "session");
      requireNonNull(profile, "profile");
      requireNonNull(listening, "listening");
      requireNonNull(clientFragment, "clientFragment");
      Ranges.requireAtLeast(0, epoch, "epoch");
    }
  }

  /**
   * ICE was begun anew in a session by its client itself, and not by command.
   *
   * @param session what {@link Order.AdmitParticipant} called it
   * @param clientFragment the client's new ICE user name fragment
   */
  record IceBegunAnew(
      ConferenceId conference,
      long epoch,
      ParticipantId participant,
      String session,
      String clientFragment)
      implements StateEvent {
    public IceBegunAnew {
      requireNonNull(conference, "conference");
      requireNonNull(participant, "participant");
      requireNonNull(session, "session");
      requireNonNull(clientFragment, "clientFragment");
      Ranges.requireAtLeast(0, epoch, "epoch");
    }
  }

  /**
   * One of the participant's sessions is over, and another goes on.
   *
   * @param session what {@link Order.AdmitParticipant} called it
   */
  record SessionGone(ConferenceId conference, long epoch, ParticipantId participant, String session)
      implements StateEvent {
    public SessionGone {
      requireNonNull(conference, "conference");
      requireNonNull(participant, "participant");
      requireNonNull(session, "session");
      Ranges.requireAtLeast(0, epoch, "epoch");
    }
  }

  /**
   * What {@link Order.DoUnrecorded} asked for was done, and is to be recorded.
   *
   * @param banSec for how long one who was evicted is to be kept out, or 0
   */
  record CarriedOut(
      ConferenceId conference, long epoch, ParticipantId participant, Deed deed, int banSec)
      implements StateEvent {
    public CarriedOut {
      requireNonNull(conference, "conference");
      requireNonNull(participant, "participant");
      requireNonNull(deed, "deed");
      Ranges.requireAtLeast(0, epoch, "epoch");
      Ranges.requireAtLeast(0, banSec, "banSec");
    }
  }

  /**
   * The mixes of the conference are from now on encoded with another effort, because the server has
   * less or more time to spare. Before the first such event it is the full effort.
   *
   * @param complexity of Opus, 0 to {@code complexityMax}
   * @param complexityMax the full effort, 0 to 10
   */
  record EncodersChanged(ConferenceId conference, long epoch, int complexity, int complexityMax)
      implements StateEvent {
    /** The largest that Opus knows. */
    private static final int COMPLEXITY_MAX = 10;

    public EncodersChanged {
      requireNonNull(conference, "conference");
      Ranges.requireAtLeast(0, epoch, "epoch");
      Ranges.requireBetween(0, COMPLEXITY_MAX, complexityMax, "complexityMax");
      Ranges.requireBetween(0, complexityMax, complexity, "complexity");
    }
  }

  /** The conference no longer runs on this server. */
  record ConferenceClosed(ConferenceId conference, long epoch, ClosedReason reason)
      implements StateEvent {
    public ConferenceClosed {
      requireNonNull(conference, "conference");
      requireNonNull(reason, "reason");
      Ranges.requireAtLeast(0, epoch, "epoch");
    }
  }

  /**
   * A segment of a recording has ended, and all of it is in this server's spool. Told for every
   * segment that was begun, by the next process if need be.
   *
   * @param epoch of the conference when it was begun
   * @param tracks how many were recorded; 0 if nothing was
   * @param startedAtMs milliseconds since 1970; 0 if nothing was recorded
   * @param durationMs of what can be heard, pauses left out; of the longest track
   */
  record RecordingEnded(
      ConferenceId conference,
      long epoch,
      RecordingId recording,
      int segment,
      RecordingEndCause cause,
      int tracks,
      long startedAtMs,
      long durationMs)
      implements StateEvent {
    public RecordingEnded {
      requireNonNull(conference, "conference");
      requireNonNull(recording, "recording");
      requireNonNull(cause, "cause");
      Ranges.requireAtLeast(0, epoch, "epoch");
      Ranges.requireBetween(1, ControlLimits.SEGMENTS_MAX, segment, "segment");
      Ranges.requireAtLeast(0, tracks, "tracks");
      Ranges.requireAtLeast(0, startedAtMs, "startedAtMs");
      Ranges.requireAtLeast(0, durationMs, "durationMs");
    }
  }

  /** Why a segment of a recording ended. */
  enum RecordingEndCause {
    /** The session tier said so, or the conference was over. */
    STOPPED,
    /** The process that recorded died; the next one made whole what it had written. */
    RECOVERED,
    /** The spool's share of the disk was used up. */
    DISK_FULL,
    /** The disk or the keys failed. */
    DISK_FAILED
  }

  /** Why a participant's media ended. */
  enum GoneReason {
    /** The session tier said so. */
    REMOVED,
    /** The peer closed DTLS. */
    CLIENT,
    /** No ICE check, or no DTLS handshake, came in time. */
    CONNECT_TIMEOUT,
    /** Consent expired (RFC 7675). */
    CONSENT_EXPIRED,
    /** The handshake failed: a wrong certificate, no common profile. */
    DTLS_FAILED,
    /** The conference failed on this server. */
    CONFERENCE_FAILED
  }

  /** Why a conference ended on a server. */
  enum ClosedReason {
    ENDED,
    FAILED,
    SHUTDOWN
  }
}
