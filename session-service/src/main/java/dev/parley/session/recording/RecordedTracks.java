package dev.parley.session.recording;

import dev.parley.common.control.UploadRequest;
import dev.parley.common.id.RecordingId;
import dev.parley.common.id.Region;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceStore;
import dev.parley.session.library.RecordingPlaces;
import java.util.Base64;
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
  private final List<String> storeRegions;

  /**
   * Takes what it needs.
   *
   * @param storeRegions where there are object stores, in their order
   */
  RecordedTracks(
      Recordings recordings,
      RecordingStore store,
      ConferenceStore conferences,
      List<String> storeRegions) {
    this.recordings = recordings;
    this.store = store;
    this.conferences = conferences;
    this.storeRegions = List.copyOf(storeRegions);
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
    List<Region> allowed = conference.options().placement().allowed();
    return new Home(
        recording.tenant(),
        recording.conference(),
        region(segment.server().region(), allowed),
        recording.wish().tags());
  }

  /**
   * Where the conference's media may be, so may what is recorded of it: best where it was recorded,
   * else in the first such region with a store. Without a store there, it waits for one.
   */
  private @Nullable String region(Region recordedIn, List<Region> allowed) {
    boolean isAllowed = allowed.isEmpty() || allowed.contains(recordedIn);
    if (isAllowed && storeRegions.contains(recordedIn.value())) {
      return recordedIn.value();
    }
    for (Region region : allowed) {
      if (storeRegions.contains(region.value())) {
        return region.value();
      }
    }
    return allowed.isEmpty() ? null : allowed.getFirst().value();
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
