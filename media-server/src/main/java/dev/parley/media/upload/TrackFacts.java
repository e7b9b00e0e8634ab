package dev.parley.media.upload;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a track's manifest says of it. Immutable.
 *
 * @param length of the Ogg file, bytes
 * @param sha256 of it, in base64
 */
record TrackFacts(ObjectNode manifest, long length, String sha256, long durationMs, int gaps) {
  private static final JsonMapper JSON = new JsonMapper();

  /** Reads it; null if it is no manifest. */
  static @Nullable TrackFacts of(byte[] manifest) {
    try {
      JsonNode node = JSON.readTree(manifest);
      byte[] hash = HexFormat.of().parseHex(node.path("sha256").asText());
      return node instanceof ObjectNode object
          ? new TrackFacts(
              object,
              node.path("length").asLong(-1),
              base64(hash),
              node.path("durationMs").asLong(),
              node.path("gaps").size())
          : null;
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  /** The manifest as it goes to the store: of a track in parts, it names them. */
  byte[] withParts(int partLength, List<UploadNote.Part> parts) {
    ObjectNode told = manifest.deepCopy();
    if (!parts.isEmpty()) {
      ObjectNode upload = told.putObject("upload");
      upload.put("partLength", partLength);
      upload.put("checksum", checksum(parts));
      ArrayNode hashes = upload.putArray("parts");
      parts.forEach(part -> hashes.add(part.sha256()));
    }
    try {
      return JSON.writeValueAsBytes(told);
    } catch (JacksonException e) {
      throw new IllegalStateException("a tree that was read can be written", e);
    }
  }

  /** What S3 calls the hash of an object in parts: that of their hashes, and their count. */
  static String checksum(List<UploadNote.Part> parts) {
    MessageDigest all = newHash();
    parts.forEach(part -> all.update(Base64.getDecoder().decode(part.sha256())));
    return base64(all.digest()) + "-" + parts.size();
  }

  static MessageDigest newHash() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String base64(byte[] hash) {
    return Base64.getEncoder().encodeToString(hash);
  }
}
