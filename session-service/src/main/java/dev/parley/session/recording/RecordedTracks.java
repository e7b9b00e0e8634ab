package dev.parley.session.recording;

import dev.parley.common.control.UploadRequest;
import dev.parley.common.id.RecordingId;
import dev.parley.common.id.Region;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceStore;
import dev.parley.session.library.PlaceWish;
import dev.parley.session.library.RecordingPlaces;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the Library where recordings' tracks belong, and recordings what has come of their tracks.
 * Thread-safe; blocks on the store.
 */
public final class RecordedTracks implements RecordingPlaces {
  private final Recordings recordings;
  private final RecordingStore store;
  private final ConferenceStore conferences;

  RecordedTracks(Recordings recordings, RecordingStore store, ConferenceStore conferences) {
    this.recordings = recordings;
    this.store = store;
    this.conferences = conferences;
  }

  @Override
  public @Nullable Home find(UploadRequest.Track track) {
    RecordingId id = id(track);
    Recording recording = id == null ? null : store.recording(id);
    Segment segment = recording == null ? null : recording.segment(track.segment());
    Conference conference =
        recording == null ? null : conferences.conference(recording.conference());
    if (recording == null || segment == null || conference == null) {
      return null;
    }
    // Where the conference's media may be, so may what is recorded of it, best where that was.
    // Without a store there, it waits for one.
    List<String> allowed =
        conference.options().placement().allowed().stream().map(Region::value).toList();
    PlaceWish anywhere =
        new PlaceWish(
            allowed, segment.server().region().value(), Collections.emptySortedSet(), null);
    return new Home(
        recording.tenant(),
        recording.conference(),
        anywhere.of(conference),
        recording.wish().tags(),
        conference.options().retention());
  }

  @Override
  public boolean isErased(UploadRequest.Track track) {
    RecordingId id = id(track);
    Recording recording = id == null ? null : store.recording(id);
    return recording != null && recording.isErased(track.name());
  }

  @Override
  public void trackAvailable(RecordedTrack track) {
    take(
        track.track(),
        new Segment.Track(
            track.track().name(),
            track.object(),
            track.durationMs(),
            track.lengthBytes(),
            HexFormat.of().formatHex(Base64.getDecoder().decode(track.sha256())),
            track.gapCount()));
  }

  @Override
  public void trackFailed(UploadRequest.Track track, String detail) {
    take(track, new Segment.Track(track.name(), null, 0, 0, null, 0));
  }

  private void take(UploadRequest.Track place, Segment.Track track) {
    RecordingId id = id(place);
    if (id != null) {
      recordings.onTrack(id, place.segment(), track);
    }
  }

  private static @Nullable RecordingId id(UploadRequest.Track track) {
    try {
      return new RecordingId(track.recording());
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
