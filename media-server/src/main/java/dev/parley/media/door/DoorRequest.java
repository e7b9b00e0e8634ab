package dev.parley.media.door;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request at the door, with its body read.
 *
 * @param contentType its media type, as it was given
 */
record DoorRequest(
    String method,
    DoorPath path,
    @Nullable String contentType,
    @Nullable String ifMatch,
    String body) {

  /** Its media type says how it wants the body to be read, its parameters nothing. */
  boolean isOfType(String wanted) {
    if (contentType == null) {
      return false;
    }
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return wanted.equals(type.strip().toLowerCase(Locale.ROOT));
  }

  /** What is asked for is not for logs. */
  @Override
  public String toString() {
    return "DoorRequest[" + method + "]";
  }
}
