package dev.parley.session.library;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.access.Quota;
import dev.parley.session.conference.Message;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people share with each other in a call. Thread-safe; blocks as {@link Library} does. */
public final class FileSharing {
  /** Of one identity in one conference: a handful of photos at once is usual. */
  public static final Quota QUOTA = new Quota("file", 30, Duration.ofSeconds(10));

  /** The largest thumbnail, in bytes. */
  public static final long THUMBNAIL_LENGTH_MAX = 256 << 10;

  private static final int PAGE_SIZE = 200;

  private final Library library;
  private final long lengthMax;

  /**
   * Takes what it needs.
   *
   * @param lengthMax the largest file that people may share, in bytes
   */
  public FileSharing(Library library, long lengthMax) {
    this.library = library;
    this.lengthMax = lengthMax;
  }

  /** Returns the largest file that people may share, in bytes. */
  public long lengthMax() {
    return lengthMax;
  }

  public Library library() {
    return library;
  }

  /**
   * A file with what shows it small.
   *
   * @param isReplayed true if an earlier request registered it
   */
  public record Shared(LibraryObject file, @Nullable LibraryObject thumbnail, boolean isReplayed) {}

  /** Registers a file and its thumbnail, if it has one. */
  public Outcome<Shared> share(Library.Draft draft, LibraryObject.@Nullable Content thumbnail) {
    if (thumbnail == null) {
      return register(draft, null);
    }
    return switch (library.register(draft.ofThumbnail(thumbnail))) {
      // If this breaks off here, the thumbnail is never committed, and erased a day later.
      case Outcome.Done<Library.Registered>(Library.Registered small) ->
          register(draft, small.object());
      case Outcome.Refused<Library.Registered>(ObjectRefusal refusal) ->
          new Outcome.Refused<>(refusal);
    };
  }

  private Outcome<Shared> register(Library.Draft draft, @Nullable LibraryObject thumbnail) {
    return switch (library.register(draft.shownBy(thumbnail == null ? null : thumbnail.id()))) {
      case Outcome.Done<Library.Registered>(Library.Registered file) ->
          new Outcome.Done<>(new Shared(file.object(), thumbnail, file.isReplayed()));
      case Outcome.Refused<Library.Registered>(ObjectRefusal refusal) ->
          new Outcome.Refused<>(refusal);
    };
  }

  /** Returns the files of a conference, newest first. */
  public static LibraryStore.Selection of(String tenant, ConferenceId conference) {
    return new LibraryStore.Selection(
        tenant, conference, Set.of(ObjectKind.FILE, ObjectKind.PHOTO), Map.of(), true);
  }

  /**
   * Returns an object if it was shared in a conference, or shows small what was.
   *
   * @return null if there is no such object there
   */
  public @Nullable LibraryObject find(String tenant, ConferenceId conference, String id) {
    LibraryObject object = library.find(tenant, id);
    if (object == null || !conference.equals(object.place().conference())) {
      return null;
    }
    ObjectKind kind = object.content().kind();
    return kind.isShared() || kind == ObjectKind.THUMBNAIL ? object : null;
  }

  /**
   * Erases what a person shared in a conference; what must be kept names nobody any more. May be
   * repeated.
   *
   * @return how many
   */
  public int erasePerson(String tenant, ConferenceId conference, String identity) {
    LibraryStore.Selection all =
        new LibraryStore.Selection(tenant, conference, Set.of(), Map.of(), false);
    int count = 0;
    String cursor = null;
    do {
      LibraryStore.Page page = library.list(all, PAGE_SIZE, cursor);
      for (LibraryObject object : page.objects()) {
        if (isSharer(object, identity)) {
          erase(object);
          count++;
        }
      }
      cursor = page.next();
    } while (cursor != null);
    return count;
  }

  private void erase(LibraryObject object) {
    if (library.erase(object.tenant(), object.id(), null) instanceof Outcome.Refused<?>) {
      Outcome<LibraryObject> _ =
          library.change(
              object.tenant(),
              object.id(),
              label ->
                  new LibraryObject.Label(label.name(), label.tags(), label.attributes(), null),
              keeping -> keeping,
              null);
    }
  }

  /** True if somebody shared it themselves. */
  public static boolean isSharer(LibraryObject object, String identity) {
    Message.Sender sender = object.label().sender();
    return sender != null && Objects.equals(sender.identity(), identity);
  }
}
