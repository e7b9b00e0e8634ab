package dev.parley.session.rest;

import dev.parley.session.conference.Message;
import dev.parley.session.library.Library;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.ObjectKind;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What objects are, as fields of JSON in requests. Stateless. */
final class ObjectFields {
  static final int NAME_LENGTH_MAX = 255;
  private static final int HASH_LENGTH = 64;
  private static final int TYPE_LENGTH_MAX = 127;
  private static final int TAG_NAME_LENGTH_MAX = 64;
  private static final int TAG_VALUE_LENGTH_MAX = 256;
  private static final int TIME_LENGTH_MAX = 40;

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern TYPE =
      Pattern.compile("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+( ?; ?[!-~ ]*[!-~])?");

  private ObjectFields() {}

  /** Reads what is to be uploaded; {@link #check} says whether it has the shape of it. */
  static LibraryObject.Content content(JsonBody body, ObjectKind kind, long lengthMax) {
    String sha256 = body.requiredText("sha256", HASH_LENGTH);
    boolean isHash = HASH.matcher(sha256).matches();
    return new LibraryObject.Content(
        kind,
        body.wholeNumber("size", 0, lengthMax),
        body.requiredText("contentType", TYPE_LENGTH_MAX),
        isHash ? Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256)) : "",
        null);
  }

  /**
   * Refuses what has the length of it, but not the shape.
   *
   * @param path of the object that it is in, empty for the whole body
   */
  static void check(String path, LibraryObject.Content content) {
    if (content.sha256().isEmpty()) {
      throw Problem.invalid(path + "/sha256", "must be 64 digits of hex, in lower case")
          .exception();
    }
    if (!TYPE.matcher(content.contentType()).matches()) {
      throw Problem.invalid(path + "/contentType", "must be a media type such as audio/ogg")
          .exception();
    }
  }

  /** Reads what an object is to be called. */
  static LibraryObject.Label label(JsonBody body, Message.@Nullable Sender sender) {
    return new LibraryObject.Label(
        body.requiredText("name", NAME_LENGTH_MAX),
        body.texts("tags", tagsBound(), new TreeMap<>()),
        body.opaque("attributes", Library.ATTRIBUTES_BYTES_MAX, null),
        sender);
  }

  /** Reads what an object is to be called from now on. */
  static LibraryObject.Label change(JsonBody body, LibraryObject.Label now) {
    String name = body.text("name", NAME_LENGTH_MAX);
    return new LibraryObject.Label(
        name == null ? now.name() : name,
        body.texts("tags", tagsBound(), new TreeMap<>(now.tags())),
        body.opaque("attributes", Library.ATTRIBUTES_BYTES_MAX, now.attributes()),
        now.sender());
  }

  static LibraryObject.Keeping keeping(JsonBody body, LibraryObject.Keeping now) {
    String until = body.opaque("retainUntil", TIME_LENGTH_MAX, null);
    boolean isHeld = body.flag("legalHold", now.isHeld());
    Integer days = RetentionFields.days(body, "retentionDays", now.ownDays());
    if (until == null) {
      return new LibraryObject.Keeping(now.retainUntil(), isHeld, days, now.callDays());
    }
    try {
      Instant time = Instant.parse(until);
      if (now.retainUntil() != null && time.isBefore(now.retainUntil())) {
        throw Problem.invalid("/retainUntil", "can only be put off: it is " + now.retainUntil())
            .exception();
      }
      return new LibraryObject.Keeping(time, isHeld, days, now.callDays());
    } catch (DateTimeParseException e) {
      throw Problem.invalid("/retainUntil", "must be a time such as 2026-11-21T04:00:00Z")
          .exception();
    }
  }

  /** A stand-in for what is registered, the same for requests that ask for the same. */
  static String hash(LibraryObject.Content content, LibraryObject.Label label, String rest) {
    return Queries.hash(
        content
            + "\n"
            + label.name()
            + "\n"
            + label.tags()
            + "\n"
            + label.attributes()
            + "\n"
            + rest);
  }

  static JsonBody.TextsBound tagsBound() {
    return new JsonBody.TextsBound(Library.TAGS_MAX, TAG_NAME_LENGTH_MAX, TAG_VALUE_LENGTH_MAX);
  }
}
