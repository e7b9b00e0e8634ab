package dev.parley.session.object.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a kept object; stands in the first {@link #HEAD_BYTES} of its file, so that one
 * rename makes both it and the content visible. Immutable.
 *
 * @param sha256 of the content, in base64
 * @param ofParts the hash of the parts' hashes, a dash, and how many they were; null if it was
 *     written at once
 * @param writtenMs milliseconds since 1970
 */
record StoredObject(
    String bucket,
    String key,
    long lengthBytes,
    @Nullable String contentType,
    String sha256,
    @Nullable String ofParts,
    long writtenMs) {
  /** Where the content begins in the file. */
  static final int HEAD_BYTES = 4096;

  private static final long MAGIC = 0x5041_524C_4559_0001L;
  private static final JsonMapper JSON = new JsonMapper();

  /** The strong entity tag (RFC 9110, section 8.8.3). */
  String entityTag() {
    return '"' + sha256 + '"';
  }

  /** What is told of the content's hash, as S3 tells it. */
  String checksum() {
    return ofParts == null ? sha256 : ofParts;
  }

  Instant writtenAt() {
    return Instant.ofEpochMilli(writtenMs);
  }

  /** Writes it at the file's beginning. */
  void writeTo(FileChannel file) throws IOException {
    byte[] json = JSON.writeValueAsBytes(this);
    if (json.length > HEAD_BYTES - Long.BYTES - Integer.BYTES) {
      throw new IOException("a name or type that is too long: " + json.length + " bytes");
    }
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).putLong(MAGIC).putInt(json.length).put(json);
    head.clear();
    for (long at = 0; head.hasRemaining(); ) {
      at += file.write(head, at);
    }
  }

  /**
   * Reads it from a file's beginning.
   *
   * @throws IOException if the file is not one of ours, or is cut
   */
  static StoredObject readFrom(FileChannel file) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    while (head.hasRemaining()) {
      if (file.read(head, head.position()) < 0) {
        throw new EOFException("the file is cut");
      }
    }
    head.flip();
    long magic = head.getLong();
    int length = head.getInt();
    if (magic != MAGIC || length < 2 || length > head.remaining()) {
      throw new IOException("not an object's file");
    }
    String json = new String(head.array(), head.position(), length, StandardCharsets.UTF_8);
    try {
      StoredObject object = JSON.readValue(json, StoredObject.class);
      if (file.size() != HEAD_BYTES + object.lengthBytes()) {
        throw new IOException("the file is not as long as its object");
      }
      return object;
    } catch (JsonProcessingException e) {
      throw new IOException("not an object's file", e);
    }
  }
}
