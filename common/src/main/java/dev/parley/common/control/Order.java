package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.RecordingId;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a {@link Command} asks for. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Order.AdmitParticipant.class, name = "admit"),
  @JsonSubTypes.Type(value = Order.RemoveParticipant.class, name = "remove"),
  @JsonSubTypes.Type(value = Order.EndSession.class, name = "end-session"),
  @JsonSubTypes.Type(value = Order.RestartIce.class, name = "restart-ice"),
  @JsonSubTypes.Type(value = Order.MuteParticipant.class, name = "mute"),
  @JsonSubTypes.Type(value = Order.HoldParticipant.class, name = "hold"),
  @JsonSubTypes.Type(value = Order.BeginRecording.class, name = "begin-recording"),
  @JsonSubTypes.Type(value = Order.BeginRecordingOnTerms.class, name = "begin-recording-on-terms"),
  @JsonSubTypes.Type(value = Order.SetConsents.class, name = "set-consents"),
  @JsonSubTypes.Type(value = Order.PauseRecording.class, name = "pause-recording"),
  @JsonSubTypes.Type(value = Order.StopRecording.class, name = "stop-recording"),
  @JsonSubTypes.Type(value = Order.DoUnrecorded.class, name = "unrecorded"),
  @JsonSubTypes.Type(value = Order.EndConference.class, name = "end")
})
public sealed interface Order {

  /**
   * Lets a participant in; creates the conference when it is the first. A second admit of the same
   * participant replaces its sessions that carry the same, as {@link SignallingProfile#overlaps}
   * says (new ICE credentials, same place in the conference).
   *
   * @param csrc the number under which others hear this participant (RFC 3550 §3, CSRC); unique in
   *     the conference
   * @param offer the client's SDP offer
   * @param listening how the participant wants to hear the others
   * @param profile which m-lines are acceptable and what the answer's direction is
   * @param maySend false for a listener: its audio is not taken
   * @param muted true if its audio is to be taken but not passed on
   * @param conferenceSettings the settings that apply if this creates the conference
   * @param replaces who has been taken out so that this one may take the place: a server that is
   *     too busy for more people gives it to this one; null for one who is more
   * @param session names what this offer begins in later orders; null from an older session tier
   */
  record AdmitParticipant(
      ParticipantId participant,
      long csrc,
      String offer,
      Listening listening,
      SignallingProfile profile,
      boolean maySend,
      boolean muted,
      ConferenceSettings conferenceSettings,
      @Nullable ParticipantId replaces,
      @Nullable String session)
      implements Order {
    public AdmitParticipant {
      requireNonNull(participant, "participant");
      requireNonNull(offer, "offer");
      requireNonNull(listening, "listening");
      requireNonNull(profile, "profile");
      requireNonNull(conferenceSettings, "conferenceSettings");
      if (csrc < 0 || csrc > 0xFFFF_FFFFL) {
        throw new IllegalArgumentException("csrc must fit 32 bits, unsigned: " + csrc);
      }
    }
  }

  /** Ends a participant's media at once. */
  record RemoveParticipant(ParticipantId participant) implements Order {
    public RemoveParticipant {
      requireNonNull(participant, "participant");
    }
  }

  /** Ends one of a participant's sessions at once; its media, if that was the only one. */
  record EndSession(ParticipantId participant, String session) implements Order {
    public EndSession {
      requireNonNull(participant, "participant");
      requireNonNull(session, "session");
    }
  }

  /**
   * Begins ICE anew in one of a participant's sessions (RFC 8445 §9), while its media goes on.
   *
   * @param clientFragment the client's new ICE user name fragment, 4 to 256 ice-chars
   */
  record RestartIce(ParticipantId participant, String session, String clientFragment)
      implements Order {
    private static final Pattern FRAGMENT = Pattern.compile("[A-Za-z0-9+/]{4,256}");

    public RestartIce {
      requireNonNull(participant, "participant");
      requireNonNull(session, "session");
      if (!FRAGMENT.matcher(requireNonNull(clientFragment, "clientFragment")).matches()) {
        throw new IllegalArgumentException("clientFragment must be 4 to 256 ice-chars");
      }
    }
  }

  /** Stops or resumes passing on a participant's audio. */
  record MuteParticipant(ParticipantId participant, boolean muted) implements Order {
    public MuteParticipant {
      requireNonNull(participant, "participant");
    }
  }

  /**
   * Keeps a participant from hearing and being heard, or lets it again. Its media session stays up;
   * muted or not stays as it was.
   */
  record HoldParticipant(ParticipantId participant, boolean held) implements Order {
    public HoldParticipant {
      requireNonNull(participant, "participant");
    }
  }

  /** An order about a recording. */
  sealed interface RecordingOrder extends Order {
    RecordingId recording();

    /** Counts from 1 what different servers, or one that came again, record of it. */
    int segment();
  }

  /**
   * Begins to record the conference. One that is recorded so already goes on as it is.
   *
   * @param channels of the mix; of no meaning for tracks
   */
  record BeginRecording(RecordingId recording, int segment, RecordingMode mode, int channels)
      implements RecordingOrder {
    public BeginRecording {
      requireNonNull(recording, "recording");
      requireNonNull(mode, "mode");
      Ranges.requireBetween(1, ControlLimits.SEGMENTS_MAX, segment, "segment");
      Ranges.requireBetween(1, 2, channels, "channels");
    }
  }

  /**
   * Begins to record the conference on terms. Another order than {@link BeginRecording}, since
   * servers that know no terms must not record without them: they do not answer it.
   *
   * @param announced true to have a tone in all mixes of the conference, now that it begins
   * @param consenting who may be recorded and nobody else, or null for everybody
   */
  record BeginRecordingOnTerms(
      RecordingId recording,
      int segment,
      RecordingMode mode,
      int channels,
      boolean announced,
      @Nullable List<ParticipantId> consenting)
      implements RecordingOrder {
    public BeginRecordingOnTerms {
      requireNonNull(recording, "recording");
      requireNonNull(mode, "mode");
      Ranges.requireBetween(1, ControlLimits.SEGMENTS_MAX, segment, "segment");
      Ranges.requireBetween(1, 2, channels, "channels");
      consenting = consenting == null ? null : consents(consenting);
    }
  }

  /** Says who may be recorded from now on, and nobody else. */
  record SetConsents(RecordingId recording, int segment, List<ParticipantId> consenting)
      implements RecordingOrder {
    public SetConsents {
      requireNonNull(recording, "recording");
      Ranges.requireBetween(1, ControlLimits.SEGMENTS_MAX, segment, "segment");
      consenting = consents(consenting);
    }
  }

  private static List<ParticipantId> consents(List<ParticipantId> consenting) {
    List<ParticipantId> all = List.copyOf(requireNonNull(consenting, "consenting"));
    Ranges.requireBetween(0, ControlLimits.PARTICIPANTS_MAX, all.size(), "consenting");
    return all;
  }

  /** Has a recording leave out what is said from now on, or take it in again. */
  record PauseRecording(RecordingId recording, int segment, boolean paused)
      implements RecordingOrder {
    public PauseRecording {
      requireNonNull(recording, "recording");
      Ranges.requireBetween(1, ControlLimits.SEGMENTS_MAX, segment, "segment");
    }
  }

  /** Ends a recording; {@link StateEvent.RecordingEnded} tells when all of it is written. */
  record StopRecording(RecordingId recording, int segment) implements RecordingOrder {
    public StopRecording {
      requireNonNull(recording, "recording");
      Ranges.requireBetween(1, ControlLimits.SEGMENTS_MAX, segment, "segment");
    }
  }

  /**
   * Does at once what could not be recorded, because the store of the session tier is away. The
   * server reports it as {@link StateEvent.CarriedOut}, and goes on reporting until that is
   * recorded, whatever becomes of the node that ordered it. Servers older than this order do not
   * answer it.
   *
   * @param banSec for how long one who is evicted is to be kept out, or 0
   */
  record DoUnrecorded(ParticipantId participant, Deed deed, int banSec) implements Order {
    public DoUnrecorded {
      requireNonNull(participant, "participant");
      requireNonNull(deed, "deed");
      Ranges.requireAtLeast(0, banSec, "banSec");
    }
  }

  /** Ends the conference and every participant's media in it. */
  record EndConference() implements Order {}

  /** What a recording holds. */
  enum RecordingMode {
    /** One track: what somebody hears who does not talk. */
    MIX,
    /** One track for each participant's stay: the packets as they came. */
    TRACKS
  }

  /** How a participant hears the others. */
  enum Listening {
    /** The loudest speakers' own packets, one a slot. */
    FORWARD,
    /** One mix made for this participant. */
    MIX,
    /**
     * Forward if the offer has as many receiving audio lines as there are speaker slots, else mix.
     */
    AUTO,
    /** Not at all; servers older than this word refuse the command. */
    NONE
  }

  /** The HTTP signalling an offer came by. */
  enum SignallingProfile {
    /** One peer connection that sends and receives; unknown m-lines are rejected with port 0. */
    RTC,
    /** RFC 9725: the client only sends; an unacceptable m-line refuses the whole offer. */
    WHIP,
    /** The client only receives; unknown m-lines are rejected with port 0. */
    WHEP;

    /** Whether a participant can have but one of the two: both send, or both receive. */
    public boolean overlaps(SignallingProfile other) {
      return this == other || this == RTC || other == RTC;
    }
  }

  /**
   * What holds for a whole conference on a media server.
   *
   * @param speakerSlots how many speakers a forwarding listener hears at once, 1 to 8
   * @param mixedSpeakers how many of the loudest are heard in a mix, 1 to 16
   */
  record ConferenceSettings(int speakerSlots, int mixedSpeakers) {
    /** Three forwarded, five mixed. */
    public static final ConferenceSettings DEFAULT = new ConferenceSettings(3, 5);

    public ConferenceSettings {
      if (speakerSlots < 1 || speakerSlots > 8) {
        throw new IllegalArgumentException("speakerSlots must be 1 to 8: " + speakerSlots);
      }
      if (mixedSpeakers < 1 || mixedSpeakers > 16) {
        throw new IllegalArgumentException("mixedSpeakers must be 1 to 16: " + mixedSpeakers);
      }
    }
  }
}
