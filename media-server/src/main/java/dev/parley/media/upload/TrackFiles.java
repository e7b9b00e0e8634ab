package dev.parley.media.upload;

import dev.parley.common.control.UploadRequest;
import dev.parley.media.record.Recorder;
import dev.parley.media.record.SpooledTrack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of one track in the spool. Immutable.
 *
 * @param folder of its recording; its name says which, and which segment of it
 * @param name the track's
 */
record TrackFiles(Path folder, String name) {
  private static final String DAMAGED = ".damaged";

  /** The recording's name, a point, and the segment's number. */
  private static final Pattern FOLDER = Pattern.compile("(.+)\\.([1-9][0-9]{0,5})");

  Path sealed() {
    return folder.resolve(name + SpooledTrack.SUFFIX);
  }

  Path manifest() {
    return folder.resolve(name + SpooledTrack.MANIFEST_SUFFIX);
  }

  Path note() {
    return folder.resolve(name + UploadNote.SUFFIX);
  }

  /** The segment's name in the spool. */
  String spoolId() {
    return folder.getFileName().toString();
  }

  /** What the files are sealed as. */
  String context() {
    return Recorder.context(spoolId(), name);
  }

  /** What the session tier knows it by. */
  UploadRequest.Track track() {
    Matcher matcher = FOLDER.matcher(spoolId());
    return matcher.matches()
        ? new UploadRequest.Track(matcher.group(1), Integer.parseInt(matcher.group(2)), name)
        : new UploadRequest.Track(spoolId(), 1, name);
  }

  /** Returns the track that a sealed file is of; null if it is no such file. */
  static @Nullable TrackFiles of(Path sealed) {
    String file = sealed.getFileName().toString();
    Path folder = sealed.getParent();
    return folder != null && file.endsWith(SpooledTrack.SUFFIX)
        ? new TrackFiles(folder, file.substring(0, file.length() - SpooledTrack.SUFFIX.length()))
        : null;
  }

  /**
   * Removes the track; returns how long its sealed file was. Its manifest stays, by which a segment
   * that is only partly gone still knows how many tracks it had.
   */
  long erase() throws IOException {
    long length = Files.exists(sealed()) ? Files.size(sealed()) : 0;
    Files.deleteIfExists(sealed());
    Files.deleteIfExists(note());
    return length;
  }

  /** Leaves a track that cannot be read to whoever has the right key. */
  void setAside() throws IOException {
    Files.move(
        sealed(),
        sealed().resolveSibling(sealed().getFileName() + DAMAGED),
        StandardCopyOption.ATOMIC_MOVE);
  }
}
