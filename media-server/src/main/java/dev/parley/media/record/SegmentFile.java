package dev.parley.media.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What a segment is, kept beside its tracks so that the next process knows, too. Stateless. */
final class SegmentFile {
  static final String NAME = "segment.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private SegmentFile() {}

  /** Writes it; it is on the disk when this returns. */
  static void write(Path directory, Segment segment) throws IOException {
    byte[] text =
        JSON.writeValueAsBytes(
            JSON.createObjectNode()
                .put("version", 1)
                .put("conference", segment.conferenceId())
                .put("epoch", segment.epoch())
                .put("recording", segment.recordingId())
                .put("segment", segment.number())
                .put("mix", segment.isMix())
                .put("channels", segment.channels()));
    Path draft = directory.resolve(NAME + ".new");
    Files.write(
        draft,
        text,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    Files.move(draft, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.syncDirectory(directory);
  }

  /**
   * Reads it.
   *
   * @throws IOException if it is missing, or is not as it must be
   */
  static Segment read(Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      return new Segment(
          json.path("conference").asText(),
          json.path("epoch").asLong(),
          json.path("recording").asText(),
          json.path("segment").asInt(),
          json.path("mix").asBoolean(),
          json.path("channels").asInt());
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException(file + " is not as it must be: " + e.getMessage(), e);
    }
  }
}
