package dev.parley.session.library;

import dev.parley.common.control.UploadRequest;
import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.RetentionRule;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who knows what recordings are, and wants to know what becomes of them. Thread-safe; blocks. */
public interface RecordingPlaces {

  /** Returns where a track's objects belong; null if its recording is not known (yet). */
  @Nullable Home find(UploadRequest.Track track);

  /** True if nothing is to be kept of a track: who is heard in it was erased. */
  default boolean isErased(UploadRequest.Track track) {
    return false;
  }

  /** A track lies in its store and can be used. Again does no harm. */
  void trackAvailable(RecordedTrack track);

  /** A track will never be available, as far as its media server can see. Again does no harm. */
  void trackFailed(UploadRequest.Track track, String detail);

  /**
   * Where objects belong.
   *
   * @param place where they are to lie
   * @param tags by which they are found
   * @param retention how long they are kept, as their conference says
   */
  record Home(
      String tenant,
      @Nullable ConferenceId conference,
      PlaceWish place,
      SortedMap<String, String> tags,
      RetentionRule retention) {
    public Home {
      tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /** Where nobody says how long they are kept. */
    public Home(
        String tenant,
        @Nullable ConferenceId conference,
        PlaceWish place,
        SortedMap<String, String> tags) {
      this(tenant, conference, place, tags, RetentionRule.NONE);
    }
  }

  /**
   * A track that is available.
   *
   * @param object the sound
   * @param manifest what is known of it, JSON
   * @param lengthBytes of the sound
   * @param sha256 of the sound, in base64
   * @param gapCount places where something is missing
   */
  record RecordedTrack(
      UploadRequest.Track track,
      String object,
      String manifest,
      long durationMs,
      long lengthBytes,
      String sha256,
      int gapCount) {}
}
