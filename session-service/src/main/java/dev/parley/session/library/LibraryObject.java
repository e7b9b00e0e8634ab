package dev.parley.session.library;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Message;
import dev.parley.session.conference.Outbox;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the Library knows of an object. Immutable.
 *
 * @param requestHash of what was asked for when it was registered, to tell a repetition
 * @param tagRows names and values, {@code name=value}, under which it may be found now; what should
 *     be there is said by {@link #wantedRows}
 * @param outbox what its conference has still to be told, if it belongs to one
 * @param revision counts changes that a caller sees
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record LibraryObject(
    String id,
    String tenant,
    Content content,
    Label label,
    Place place,
    Keeping keeping,
    Progress progress,
    String requestHash,
    SortedSet<String> tagRows,
    Outbox outbox,
    long revision,
    long version) {
  public LibraryObject {
    // Objects of the first days have none.
    outbox = Objects.requireNonNullElse(outbox, Outbox.EMPTY);
    tagRows = Collections.unmodifiableSortedSet(new TreeSet<>(tagRows));
  }

  /**
   * What lies at the store.
   *
   * @param sha256 in base64; empty while nobody knows it, and then the length is 0
   * @param thumbnail the object that shows it small, or says what is in it, and is erased with it;
   *     or null
   */
  public record Content(
      ObjectKind kind,
      long lengthBytes,
      String contentType,
      String sha256,
      @Nullable String thumbnail) {

    /** What is still being made. */
    static Content expected(ObjectKind kind, String contentType, @Nullable String thumbnail) {
      return new Content(kind, 0, contentType, "", thumbnail);
    }

    /** True if length and hash are known. */
    public boolean hasArrived() {
      return !sha256.isEmpty();
    }

    Content arrived(long length, String hash) {
      return new Content(kind, length, contentType, hash, thumbnail);
    }
  }

  /**
   * What its tenant calls it: personal data, which is kept nowhere else and never logged.
   *
   * @param attributes not ours to read, or null
   * @param sender who shared it in a call, or null for the tenant's backend
   */
  public record Label(
      String name,
      SortedMap<String, String> tags,
      @Nullable String attributes,
      Message.@Nullable Sender sender) {
    static final Label NONE = new Label("", new TreeMap<>(), null, null);

    public Label {
      tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /** Does not show what is not to be logged. */
    @Override
    public String toString() {
      return "Label[" + tags.size() + " tags]";
    }
  }

  /**
   * Where it is.
   *
   * @param conference that it belongs to, or null
   * @param key the object's name in the store's bucket
   * @param policies the residency policies that it names itself, and that its conference does
   * @param channel that its conference was made in, or null
   */
  public record Place(
      @Nullable ConferenceId conference,
      String store,
      String region,
      String key,
      SortedSet<String> policies,
      @Nullable String channel) {
    public Place {
      // Objects of the first days have none.
      policies =
          Collections.unmodifiableSortedSet(
              new TreeSet<>(Objects.requireNonNullElse(policies, Collections.emptySortedSet())));
    }

    /** In no channel, and under the tenant's defaults only. */
    public Place(@Nullable ConferenceId conference, String store, String region, String key) {
      this(conference, store, region, key, Collections.emptySortedSet(), null);
    }
  }

  /**
   * How long it must stay, and may.
   *
   * @param retainUntil not to be erased before, or null
   * @param isHeld not to be erased at all for now
   * @param ownDays for how many days it is kept, as was said of itself, or null
   * @param callDays the same as was said of its conference when that was made, or null
   */
  public record Keeping(
      @Nullable Instant retainUntil,
      boolean isHeld,
      @Nullable Integer ownDays,
      @Nullable Integer callDays) {
    /** Nothing is said. */
    public static final Keeping NONE = new Keeping(null, false, null, null);

    /** The days are for others to say. */
    public Keeping(@Nullable Instant retainUntil, boolean isHeld) {
      this(retainUntil, isHeld, null, null);
    }

    /** The same, in a conference that said for how many days. */
    public Keeping inCall(@Nullable Integer days) {
      return new Keeping(retainUntil, isHeld, ownDays, days);
    }

    /** The same, on hold or not. */
    public Keeping held(boolean isOnHold) {
      return new Keeping(retainUntil, isOnHold, ownDays, callDays);
    }

    /** The same for what is erased with it, and not by itself. */
    Keeping ofAnothers() {
      return new Keeping(retainUntil, isHeld);
    }

    /** True if it may not be erased now. */
    public boolean isKept(Instant now) {
      return isHeld || (retainUntil != null && now.isBefore(retainUntil));
    }
  }

  /**
   * What has become of it.
   *
   * @param isHashVerified true if the store itself knew the content's hash
   * @param isSwept true if what was uploaded after the erasure is gone, too
   * @param dueAt when somebody has to look after it, or null
   * @param lookAt when to look whether it has been kept long enough, while it is available; null if
   *     nobody wants it erased for that
   * @param isExpired true if it was erased because it had been kept long enough
   */
  public record Progress(
      ObjectState state,
      Instant createdAt,
      @Nullable Instant availableAt,
      boolean isHashVerified,
      @Nullable Instant erasedAt,
      boolean isSwept,
      @Nullable Instant dueAt,
      @Nullable Instant lookAt,
      boolean isExpired) {

    /** Kept for as long as nobody erases it. */
    public Progress(
        ObjectState state,
        Instant createdAt,
        @Nullable Instant availableAt,
        boolean isHashVerified,
        @Nullable Instant erasedAt,
        boolean isSwept,
        @Nullable Instant dueAt) {
      this(state, createdAt, availableAt, isHashVerified, erasedAt, isSwept, dueAt, null, false);
    }

    /** Registered at that moment. */
    static Progress pending(Instant at) {
      return new Progress(ObjectState.PENDING, at, null, false, null, false, null);
    }

    Progress dueAt(@Nullable Instant next) {
      return new Progress(
          state,
          createdAt,
          availableAt,
          isHashVerified,
          erasedAt,
          isSwept,
          next,
          lookAt,
          isExpired);
    }

    Progress lookAt(@Nullable Instant next) {
      return new Progress(
          state, createdAt, availableAt, isHashVerified, erasedAt, isSwept, dueAt, next, isExpired);
    }

    Progress erasing() {
      return new Progress(
          ObjectState.ERASING,
          createdAt,
          availableAt,
          isHashVerified,
          null,
          false,
          dueAt,
          null,
          isExpired);
    }

    /** Being erased because it has been kept long enough. */
    Progress expired() {
      return new Progress(
          ObjectState.ERASING,
          createdAt,
          availableAt,
          isHashVerified,
          null,
          false,
          dueAt,
          null,
          true);
    }

    Progress erased(Instant at) {
      return new Progress(
          ObjectState.ERASED,
          createdAt,
          availableAt,
          isHashVerified,
          at,
          false,
          dueAt,
          null,
          isExpired);
    }

    Progress swept() {
      return new Progress(
          state, createdAt, availableAt, isHashVerified, erasedAt, true, dueAt, null, isExpired);
    }

    Progress lost() {
      return new Progress(
          ObjectState.LOST, createdAt, availableAt, false, null, false, dueAt, lookAt, isExpired);
    }

    /** Available from then on, or again; one that is already stays as it is. */
    Progress available(Instant at, boolean isVerified) {
      Instant since = availableAt == null ? at : availableAt;
      return state == ObjectState.AVAILABLE
          ? this
          : new Progress(
              ObjectState.AVAILABLE,
              createdAt,
              since,
              isVerified,
              null,
              false,
              dueAt,
              lookAt,
              isExpired);
    }
  }

  /** Under what it should be found: its tags while it is available. */
  public SortedSet<String> wantedRows() {
    SortedSet<String> rows = new TreeSet<>();
    if (progress.state() == ObjectState.AVAILABLE) {
      label.tags().forEach((name, value) -> rows.add(tagRow(name, value)));
    }
    return rows;
  }

  /** Returns the text under which objects with a tag are found. */
  public static String tagRow(String name, String value) {
    return name + "=" + value;
  }

  /** True if its tag rows are not what they should be. */
  public boolean hasRowsDue() {
    return !tagRows.equals(wantedRows());
  }

  LibraryObject withContent(Content next) {
    return new LibraryObject(
        id,
        tenant,
        next,
        label,
        place,
        keeping,
        progress,
        requestHash,
        tagRows,
        outbox,
        revision,
        version);
  }

  LibraryObject withLabel(Label next) {
    return new LibraryObject(
        id,
        tenant,
        content,
        next,
        place,
        keeping,
        progress,
        requestHash,
        tagRows,
        outbox,
        revision,
        version);
  }

  LibraryObject withKeeping(Keeping next) {
    return new LibraryObject(
        id,
        tenant,
        content,
        label,
        place,
        next,
        progress,
        requestHash,
        tagRows,
        outbox,
        revision,
        version);
  }

  LibraryObject withProgress(Progress next) {
    return new LibraryObject(
        id,
        tenant,
        content,
        label,
        place,
        keeping,
        next,
        requestHash,
        tagRows,
        outbox,
        revision,
        version);
  }

  LibraryObject withTagRows(SortedSet<String> next) {
    return new LibraryObject(
        id,
        tenant,
        content,
        label,
        place,
        keeping,
        progress,
        requestHash,
        next,
        outbox,
        revision,
        version);
  }

  LibraryObject withOutbox(Outbox next) {
    return new LibraryObject(
        id,
        tenant,
        content,
        label,
        place,
        keeping,
        progress,
        requestHash,
        tagRows,
        next,
        revision,
        version);
  }

  /** Says that a caller sees a change. */
  LibraryObject revised() {
    return new LibraryObject(
        id,
        tenant,
        content,
        label,
        place,
        keeping,
        progress,
        requestHash,
        tagRows,
        outbox,
        revision + 1,
        version);
  }

  /** As the store has it. */
  public LibraryObject withVersion(long stored) {
    return new LibraryObject(
        id,
        tenant,
        content,
        label,
        place,
        keeping,
        progress,
        requestHash,
        tagRows,
        outbox,
        revision,
        stored);
  }
}
