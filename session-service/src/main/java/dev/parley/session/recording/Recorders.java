package dev.parley.session.recording;

import dev.parley.common.control.ControlLimits;
import dev.parley.common.control.Order;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.conference.Allocation;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceStore;
import dev.parley.session.conference.MediaAnswer;
import dev.parley.session.conference.MediaServer;
import dev.parley.session.conference.MediaServers;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.RecordingRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where conferences are recorded, and what is asked of media servers there. Thread-safe; blocks.
 */
final class Recorders {
  private static final int ATTEMPTS_MAX = 5;

  private final ConferenceStore conferences;
  private final MediaServers mediaServers;

  Recorders(ConferenceStore conferences, MediaServers mediaServers) {
    this.conferences = conferences;
    this.mediaServers = mediaServers;
  }

  /**
   * A media server that a conference is to be recorded by.
   *
   * @param epoch under which it takes orders
   */
  record Place(MediaServer server, long epoch) {}

  /** Returns where a conference's people are now; null while they are nowhere, or on their way. */
  @Nullable Place placeOf(Recording recording) {
    Allocation allocation = conferences.allocation(recording.conference());
    if (allocation == null || allocation.isClosed() || allocation.server() == null) {
      return null;
    }
    Allocation.Former former = allocation.former();
    return former == null || former.isTold()
        ? new Place(allocation.server(), allocation.epoch())
        : null;
  }

  /** True if the server is given up: it answers nothing, but the next process tells what it has. */
  boolean isLost(Segment segment) {
    return conferences.isFenced(segment.server());
  }

  MediaAnswer begin(Recording recording, Segment segment, Place place) {
    Order order = beginning(recording, segment);
    MediaAnswer answer =
        mediaServers.order(segment.server(), recording.conference(), place.epoch(), order);
    boolean isAsToldNow =
        !(order instanceof Order.BeginRecordingOnTerms terms)
            || terms.consenting() == null
            || terms.consenting().equals(consenting(recording));
    if (answer instanceof MediaAnswer.Accepted && !isAsToldNow) {
      MediaAnswer _ = setConsents(recording, segment);
    }
    return answer;
  }

  private Order beginning(Recording recording, Segment segment) {
    Recording.Wish wish = recording.wish();
    RecordingRules rules = rulesOf(recording);
    if (rules.equals(RecordingRules.NONE)) {
      return new Order.BeginRecording(
          recording.id(), segment.number(), wish.mode(), wish.channels());
    }
    return new Order.BeginRecordingOnTerms(
        recording.id(),
        segment.number(),
        wish.mode(),
        wish.channels(),
        // Where it goes on elsewhere everybody knows already.
        rules.announced() && segment.number() == 1,
        rules.needsConsent() ? consenting(recording) : null);
  }

  private RecordingRules rulesOf(Recording recording) {
    Conference conference = conferences.conference(recording.conference());
    return conference == null ? RecordingRules.NONE : conference.options().recordingRules();
  }

  /** Of more than a media server takes, the last to come are not recorded. */
  private List<ParticipantId> consenting(Recording recording) {
    return conferences.present(recording.conference()).stream()
        .filter(stay -> stay.standing().mayBeRecorded())
        .map(Participant::id)
        .limit(ControlLimits.PARTICIPANTS_MAX)
        .toList();
  }

  /**
   * Has a media server record those who consent and nobody else, if that is the rule. Who changes
   * their mind meanwhile is looked for afterwards, so that the newest list comes last.
   */
  MediaAnswer setConsents(Recording recording, Segment segment) {
    if (!rulesOf(recording).needsConsent()) {
      return new MediaAnswer.Accepted(null, null, null);
    }
    List<ParticipantId> consenting = consenting(recording);
    MediaAnswer answer = new MediaAnswer.NotFound();
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      answer =
          mediaServers.order(
              segment.server(),
              recording.conference(),
              epochFor(recording, segment),
              new Order.SetConsents(recording.id(), segment.number(), consenting));
      List<ParticipantId> now = consenting(recording);
      if (now.equals(consenting) || !(answer instanceof MediaAnswer.Accepted)) {
        break;
      }
      consenting = now;
    }
    return answer;
  }

  MediaAnswer pause(Recording recording, Segment segment, boolean paused) {
    return mediaServers.order(
        segment.server(),
        recording.conference(),
        epochFor(recording, segment),
        new Order.PauseRecording(recording.id(), segment.number(), paused));
  }

  MediaAnswer stop(Recording recording, Segment segment) {
    return mediaServers.order(
        segment.server(),
        recording.conference(),
        epochFor(recording, segment),
        new Order.StopRecording(recording.id(), segment.number()));
  }

  /** The newest, for servers refuse what is older than they have seen. */
  private long epochFor(Recording recording, Segment segment) {
    Allocation allocation = conferences.allocation(recording.conference());
    return Math.max(segment.epoch(), allocation == null ? 0 : allocation.epoch());
  }
}
