package dev.parley.session.library;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.ConferenceEvent;
import dev.parley.session.conference.ConferenceEventSink;
import dev.parley.session.conference.Message;
import dev.parley.session.conference.NoticeType;
import dev.parley.session.conference.Notices;
import dev.parley.session.conference.SharedFile;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells of objects that belong to a conference: the people in it at once, the tenant's own systems
 * by notices. Thread-safe; what blocks does so elsewhere.
 */
final class Announcements {
  private final Notices notices;
  private final ConferenceEventSink events;

  Announcements(Notices notices, ConferenceEventSink events) {
    this.notices = notices;
    this.events = events;
  }

  /**
   * Returns an object that has just come to be so, with the notice of it; thumbnails and manifests
   * are told of with what they show.
   */
  LibraryObject post(LibraryObject object, NoticeType type) {
    return object.place().conference() == null || object.content().kind().isAnothers()
        ? object
        : object.withOutbox(notices.post(object.tenant(), object.outbox(), type, describe(object)));
  }

  /** Tells what is to be told of an object that is available. Again does no harm. */
  void available(LibraryObject object) {
    ConferenceId conference = object.place().conference();
    SharedFile file = file(object);
    if (conference != null && file != null) {
      events.publish(conference, new ConferenceEvent.FileShared(file));
    }
    hasten(object);
  }

  /** Tells those in the call that an object is not there any more. Again does no harm. */
  void gone(LibraryObject object) {
    ConferenceId conference = object.place().conference();
    if (conference != null
        && object.content().kind().isShared()
        && object.progress().availableAt() != null) {
      events.publish(conference, new ConferenceEvent.FileErased(object.id()));
    }
  }

  /** Has an object's notices handed on soon. */
  void hasten(LibraryObject object) {
    ConferenceId conference = object.place().conference();
    if (conference != null && object.outbox().hasPending()) {
      notices.tell(conference, object.id());
    }
  }

  /** Hands an object's notices on; blocks. */
  void handOn(LibraryObject object) {
    ConferenceId conference = object.place().conference();
    if (conference != null) {
      notices.handOnObject(conference, object.id());
    }
  }

  /** What people in a call are told of an object; null if it is none of theirs. */
  static @Nullable SharedFile file(LibraryObject object) {
    Instant availableAt = object.progress().availableAt();
    LibraryObject.Content content = object.content();
    if (object.progress().state() != ObjectState.AVAILABLE
        || availableAt == null
        || !content.kind().isShared()) {
      return null;
    }
    Message.Sender sender = object.label().sender();
    return new SharedFile(
        object.id(),
        content.kind() == ObjectKind.PHOTO,
        new SharedFile.Label(
            object.label().name(), sender == null ? Message.Sender.BACKEND : sender),
        content.lengthBytes(),
        content.contentType(),
        content.thumbnail(),
        availableAt);
  }

  /** Without its name, which is personal data and can be read by who may. */
  private static Map<String, Object> describe(LibraryObject object) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("objectId", object.id());
    data.put("kind", object.content().kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    data.put("size", object.content().lengthBytes());
    data.put("region", object.place().region());
    return data;
  }
}
