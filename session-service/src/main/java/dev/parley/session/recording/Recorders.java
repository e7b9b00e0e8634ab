package dev.parley.session.recording;

import dev.parley.common.control.Order;
import dev.parley.session.conference.Allocation;
import dev.parley.session.conference.ConferenceStore;
import dev.parley.session.conference.MediaAnswer;
import dev.parley.session.conference.MediaServer;
import dev.parley.session.conference.MediaServers;
import org.jspecify.annotations.Nullable;

/**
 * Where conferences are recorded, and what is asked of media servers there. Thread-safe; blocks.
 */
final class Recorders {
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
    return mediaServers.order(
        segment.server(),
        recording.conference(),
        place.epoch(),
        new Order.BeginRecording(
            recording.id(),
            segment.number(),
            recording.wish().mode(),
            recording.wish().channels()));
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
