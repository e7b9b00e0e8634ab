package dev.parley.session.conference;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file that somebody shared in a conference. Its content is with an object store. Never changes.
 *
 * @param id of the object
 * @param isPhoto true if it is to be shown rather than saved
 * @param lengthBytes of the content
 * @param thumbnail the object that shows it small, or null
 * @param at when its content was there
 */
public record SharedFile(
    String id,
    boolean isPhoto,
    Label label,
    long lengthBytes,
    String contentType,
    @Nullable String thumbnail,
    Instant at) {

  /** What it is called and who shared it: personal data. */
  public record Label(String name, Message.Sender sender) {}
}
