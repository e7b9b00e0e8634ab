package dev.parley.media.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one segment whole that an earlier process left in the spool. One thread. */
final class SpoolRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolRecovery.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SpoolKeys keys;
  private final long nowMs;
  private int unreadable;
  private long length;

  /**
   * Nothing yet.
   *
   * @param nowMs milliseconds since 1970, for manifests of what was broken off
   */
  SpoolRecovery(SpoolKeys keys, long nowMs) {
    this.keys = keys;
    this.nowMs = nowMs;
  }

  /**
   * How the segment in a directory ended. A track of which there is nothing is deleted.
   *
   * @throws SpoolKeys.UnavailableException if a key is not to be had now; another may try again
   */
  SegmentEnd recover(Path directory) throws IOException {
    TrackNote.EndCause cause = TrackNote.EndCause.STOPPED;
    int tracks = 0;
    long startedAtMs = 0;
    long durationMs = 0;
    for (Path track : tracks(directory)) {
      JsonNode manifest = manifest(directory, track);
      if (manifest == null) {
        continue;
      }
      tracks++;
      durationMs = Math.max(durationMs, manifest.path("durationMs").asLong());
      long beganMs = Instant.parse(manifest.path("startedAt").asText()).toEpochMilli();
      startedAtMs = startedAtMs == 0 ? beganMs : Math.min(startedAtMs, beganMs);
      cause = worse(cause, manifest.path("ended").asText());
    }
    return new SegmentEnd(
        tracks == 0 ? TrackNote.EndCause.RECOVERED : cause, tracks, startedAtMs, durationMs);
  }

  /** Those that were brought to their stores too: of these the manifest is left. */
  private static Set<Path> tracks(Path directory) throws IOException {
    Set<Path> tracks = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(SpooledTrack.SUFFIX)) {
          tracks.add(file);
        } else if (name.endsWith(SpooledTrack.MANIFEST_SUFFIX)) {
          int length = name.length() - SpooledTrack.MANIFEST_SUFFIX.length();
          tracks.add(file.resolveSibling(name.substring(0, length) + SpooledTrack.SUFFIX));
        }
      }
    }
    return tracks;
  }

  private static TrackNote.EndCause worse(TrackNote.EndCause cause, String word) {
    for (TrackNote.EndCause other : TrackNote.EndCause.values()) {
      if (other.word().equals(word) && other.compareTo(cause) > 0) {
        return other;
      }
    }
    return cause;
  }

  private @Nullable JsonNode manifest(Path directory, Path track) throws IOException {
    String file = String.valueOf(track.getFileName());
    String name = file.substring(0, file.length() - SpooledTrack.SUFFIX.length());
    String context = Recorder.context(String.valueOf(directory.getFileName()), name);
    try {
      byte[] manifest = SpooledTrack.recover(track, keys, context, nowMs);
      if (manifest == null) {
        Files.delete(track);
        return null;
      }
      length += lengthOf(track);
      return JSON.readTree(manifest);
    } catch (SpoolKeys.UnavailableException e) {
      throw e;
    } catch (IOException | GeneralSecurityException e) {
      LOG.error("recording track {} cannot be read: {}", context, e.getMessage());
      unreadable++;
      length += lengthOf(track);
      return null;
    }
  }

  private static long lengthOf(Path track) throws IOException {
    return Files.exists(track) ? Files.size(track) : 0;
  }

  /** Tracks that could not be read; they are left as they are. */
  int unreadable() {
    return unreadable;
  }

  /** Bytes of all tracks. */
  long length() {
    return length;
  }
}
