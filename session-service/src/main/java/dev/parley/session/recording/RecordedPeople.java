package dev.parley.session.recording;

import dev.parley.common.control.Order.RecordingMode;
import dev.parley.common.control.UploadRequest;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.RecordingId;
import dev.parley.session.conference.Answer;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.Participant;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.ObjectRefusal;
import dev.parley.session.library.Outcome;
import dev.parley.session.library.TrackUploads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes people out of what was recorded: their own tracks are erased; of mixes, from which nobody
 * can be taken, it says which they are in, and erases them whole if that is wished. Thread-safe;
 * blocks on the store and on object stores.
 */
public final class RecordedPeople {
  private static final int PAGE_SIZE = 100;

  private final Recordings recordings;
  private final RecordingStore store;
  private final TrackUploads uploads;

  public RecordedPeople(Recordings recordings, RecordingStore store, TrackUploads uploads) {
    this.recordings = recordings;
    this.store = store;
    this.uploads = uploads;
  }

  /** What became of a mix that somebody may be heard in. */
  public enum Fate {
    /** It is as it was. */
    KEPT,
    /** It is gone, as far as it had come; of the rest nothing will be kept. */
    ERASED,
    /** It was to be erased, and must be kept: a legal hold, or a time that is not over. */
    HELD
  }

  /** A mix that somebody may be heard in, for they were in its conference. */
  public record Mix(RecordingId recording, ConferenceId conference, Fate fate) {}

  /**
   * What was found of a person in one conference.
   *
   * @param tracks of theirs that are erased
   * @param tracksKept of theirs that must be kept
   */
  public record Found(int tracks, int tracksKept, List<Mix> mixes) {
    public Found {
      mixes = List.copyOf(mixes);
    }
  }

  /**
   * Takes a person out of a conference's recordings. What still comes of their tracks is not kept
   * either. May be repeated, also when nobody knows any more which stays were theirs.
   *
   * @param stays those of the person that are known
   * @param erasesMixes whether mixes that they may be heard in are erased
   */
  public Found erase(Conference conference, List<Participant> stays, boolean erasesMixes) {
    List<Mix> mixes = new ArrayList<>();
    Set<String> erased = new TreeSet<>();
    String cursor = null;
    do {
      RecordingStore.Page page =
          store.list(conference.tenant(), conference.id(), PAGE_SIZE, cursor);
      for (Recording recording : page.recordings()) {
        if (recording.wish().mode() == RecordingMode.TRACKS) {
          erased.addAll(eraseStays(recording, stays));
        } else {
          Mix mix = look(recording, stays, erasesMixes);
          if (mix != null) {
            mixes.add(mix);
          }
        }
      }
      cursor = page.next();
    } while (cursor != null);
    TrackUploads.Erased tracks =
        erased.isEmpty()
            ? new TrackUploads.Erased(0, 0)
            : uploads.erase(
                conference.tenant(),
                conference.id(),
                track -> erased.contains(Recording.withoutStay(track)));
    return new Found(tracks.erased(), tracks.kept(), mixes);
  }

  /** Returns of whom nothing is to be kept: if that is not known any more, of all of before. */
  private Set<String> eraseStays(Recording recording, List<Participant> stays) {
    if (stays.isEmpty()) {
      return recording.erased();
    }
    Set<String> ids = new TreeSet<>();
    stays.forEach(stay -> ids.add(stay.id().value()));
    Recording _ = recordings.forget(recording.id(), ids);
    return ids;
  }

  private @Nullable Mix look(Recording recording, List<Participant> stays, boolean erasesMixes) {
    boolean isIn = stays.stream().anyMatch(stay -> overlaps(recording, stay));
    boolean wasErased = recording.isErased(Recording.MIX);
    if (isIn && erasesMixes && !wasErased) {
      Recording marked = recordings.forget(recording.id(), List.of(Recording.MIX));
      if (marked != null && marked.state().isRunning()) {
        // Nothing of it would be kept.
        Answer<Recording> _ = recordings.change(marked, Recordings.Target.STOPPED, null);
      }
    }
    if (!wasErased && !(isIn && erasesMixes)) {
      return isIn ? new Mix(recording.id(), recording.conference(), Fate.KEPT) : null;
    }
    boolean isHeld = false;
    for (Segment segment : recording.segments()) {
      UploadRequest.Track track =
          new UploadRequest.Track(recording.id().value(), segment.number(), Recording.MIX);
      isHeld |=
          uploads.erase(recording.tenant(), track)
                  instanceof Outcome.Refused<LibraryObject>(ObjectRefusal refusal)
              && refusal instanceof ObjectRefusal.Kept;
    }
    return isIn
        ? new Mix(recording.id(), recording.conference(), isHeld ? Fate.HELD : Fate.ERASED)
        : null;
  }

  /** True if one was in the conference while something was recorded of it. */
  private static boolean overlaps(Recording recording, Participant stay) {
    Instant from = recording.times().startedAt();
    Instant to = recording.times().endedAt();
    Participant.Departure departure = stay.departure();
    boolean wasLetIn = stay.csrc() != 0;
    return wasLetIn
        && from != null
        && (to == null || !stay.joinedAt().isAfter(to))
        && (departure == null || !departure.leftAt().isBefore(from));
  }
}
