package dev.parley.session.conference;

import dev.parley.common.control.Speakers;
import dev.parley.common.id.ParticipantId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that the people in a conference want to see at once. */
public sealed interface ConferenceEvent {

  /** The participant's media flows for the first time. */
  record ParticipantJoined(RosterEntry participant) implements ConferenceEvent {}

  /** Something in the roster entry changed: muted, or the connection was lost or came back. */
  record ParticipantUpdated(RosterEntry participant) implements ConferenceEvent {}

  /** Somebody waits to be let in. For moderators. */
  record ParticipantWaiting(RosterEntry participant) implements ConferenceEvent {}

  /** One who waited is let in. For moderators, and for itself. */
  record ParticipantAdmitted(ParticipantId participant) implements ConferenceEvent {}

  /** One who waited is out without having been let in. For moderators, and for itself. */
  record ParticipantNotAdmitted(ParticipantId participant, LeaveReason reason)
      implements ConferenceEvent {}

  /** The participant is out; also said of one that never got as far as joining. */
  record ParticipantLeft(ParticipantId participant, LeaveReason reason)
      implements ConferenceEvent {}

  /**
   * Mixes are encoded with another effort from now on, as the media server has less or more time.
   *
   * @param complexity of Opus, 0 to {@code complexityMax}
   * @param complexityMax the full effort
   */
  record EncodersChanged(int complexity, int complexityMax) implements ConferenceEvent {}

  /**
   * Options of the conference changed.
   *
   * @param changed their names, as the API has them
   */
  record ConferenceUpdated(ConferenceSummary now, List<String> changed) implements ConferenceEvent {
    public ConferenceUpdated {
      changed = List.copyOf(changed);
    }
  }

  /** The conference is recorded from now on, or is not, or what was recorded can be fetched. */
  record RecordingChanged(RecordingEntry recording) implements ConferenceEvent {}

  /** A moderator asks a participant to open its microphone. */
  record UnmuteRequested(ParticipantId participant) implements ConferenceEvent {}

  /** A message was sent, and is stored. May be told twice; its sequence tells. */
  record MessageSent(Message message) implements ConferenceEvent {}

  /** A file was shared, and is there to be read. May be told twice; its id tells. */
  record FileShared(SharedFile file) implements ConferenceEvent {}

  /**
   * A shared file was erased.
   *
   * @param object its id
   */
  record FileErased(String object) implements ConferenceEvent {}

  /**
   * The conference's media is elsewhere from now on: whoever is in it sends an offer once more.
   *
   * @param epoch of the new place; offers are answered from there
   */
  record MediaMoves(long epoch, MoveReason reason) implements ConferenceEvent {}

  /** Everyone has come to the new place, or had time to: the old one is left now. */
  record MediaMoved(long epoch) implements ConferenceEvent {}

  /**
   * How those sound of whom there is news, at most each five seconds; each replaces the one before.
   * For those who may see it: moderators all of it, others their own.
   */
  record QualityChanged(Map<ParticipantId, StayQuality> stays) implements ConferenceEvent {
    public QualityChanged {
      stays = Collections.unmodifiableMap(new LinkedHashMap<>(stays));
    }
  }

  /** Nothing more follows. */
  record ConferenceEnded(EndReason reason) implements ConferenceEvent {}

  /**
   * Who is heard now, at most four times a second; each replaces the one before.
   *
   * @param dominant who leads the talk, or null in silence
   */
  record SpeakersChanged(@Nullable ParticipantId dominant, List<Speakers.Level> levels)
      implements ConferenceEvent {
    public SpeakersChanged {
      levels = List.copyOf(levels);
    }
  }
}
