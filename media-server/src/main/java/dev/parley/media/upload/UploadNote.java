package dev.parley.media.upload;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of an upload in parts after a restart; a file beside the track, which holds
 * nothing secret: without a signature its id is worth nothing. Immutable.
 *
 * @param uploadId what the store calls it; null if it was about to be begun
 * @param partLength bytes of each part but the last
 * @param parts what is known to be at the store, from the first part on
 */
record UploadNote(@Nullable String uploadId, int partLength, List<Part> parts) {
  /** How names of these files end. */
  static final String SUFFIX = ".upload";

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  UploadNote {
    parts = List.copyOf(parts);
  }

  /**
   * A part.
   *
   * @param sha256 in base64
   * @param entityTag as the store answered it
   */
  record Part(String sha256, String entityTag) {}

  /** Reads the file; null if there is none, or none that can be read: then one begins anew. */
  static @Nullable UploadNote read(Path path) throws IOException {
    try {
      return JSON.readValue(Files.readAllBytes(path), UploadNote.class);
    } catch (NoSuchFileException e) {
      return null;
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Writes the file, whole or not at all, and returns when the disk has it. */
  void write(Path path) throws IOException {
    Path draft = path.resolveSibling(path.getFileName() + ".new");
    try (FileChannel file =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer json = ByteBuffer.wrap(JSON.writeValueAsBytes(this));
      while (json.hasRemaining()) {
        file.write(json);
      }
      file.force(true);
    }
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
