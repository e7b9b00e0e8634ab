package dev.parley.media.record;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one recording. What cannot be written is given up, and said why; what was written
 * before stays. One thread, which waits for the disk.
 */
final class RecordingFiles implements BiConsumer<String, TrackChunk>, Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingFiles.class);

  private final String recordingId;
  private final Path directory;
  private final SpoolKeys keys;
  private final IntPredicate mayWriteMore;
  private final Map<String, SpooledTrack> tracks = new HashMap<>();
  private TrackNote.@Nullable EndCause failure;

  /**
   * No files yet.
   *
   * @param mayWriteMore is told of bytes written, and says whether there is room for more
   */
  RecordingFiles(String recordingId, Path directory, SpoolKeys keys, IntPredicate mayWriteMore) {
    this.recordingId = recordingId;
    this.directory = directory;
    this.keys = keys;
    this.mayWriteMore = mayWriteMore;
  }

  @Override
  public void accept(String name, TrackChunk chunk) {
    if (failure == TrackNote.EndCause.DISK_FAILED) {
      return;
    }
    try {
      SpooledTrack track = tracks.get(name);
      if (track == null) {
        track = SpooledTrack.create(directory, name, keys, Recorder.context(recordingId, name));
        tracks.put(name, track);
      }
      long before = track.length();
      track.append(chunk);
      if (track.hasEnded()) {
        tracks.remove(name);
        track.close();
      }
      if (!mayWriteMore.test((int) (track.length() - before)) && failure == null) {
        failure = TrackNote.EndCause.DISK_FULL;
      }
    } catch (IOException | GeneralSecurityException e) {
      LOG.error("recording {}: track {} cannot be written any more", recordingId, name, e);
      failure = TrackNote.EndCause.DISK_FAILED;
    }
  }

  /** Why no more can be written, or null. */
  TrackNote.@Nullable EndCause failure() {
    return failure;
  }

  @Override
  public void close() {
    tracks
        .values()
        .forEach(track -> {
          try {
            track.close();
          } catch (IOException e) {
            LOG.warn("recording {}: a file cannot be closed", recordingId, e);
          }
        });
  }
}
