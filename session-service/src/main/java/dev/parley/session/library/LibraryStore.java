package dev.parley.session.library;

import dev.parley.common.id.ConferenceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Where the Library's facts are kept. Each method touches one record. Thread-safe; blocks. */
public interface LibraryStore {

  @Nullable LibraryObject object(String id);

  /**
   * Stores an object if the stored one still has the version that was read (0: if there is none).
   *
   * @return it with its new version, or null if somebody was faster
   */
  @Nullable LibraryObject write(LibraryObject object);

  /** Returns objects, newest first. */
  Page list(Selection selection, int limit, @Nullable String cursor);

  /**
   * Returns objects of all tenants, erased ones too, in no order; a page may be empty though
   * another follows. For comparing and repair.
   *
   * @param limit that many records are looked at
   */
  Page all(int limit, @Nullable String cursor);

  /** Lets an object be found by a tag row; again does no harm. */
  void addTagRow(LibraryObject object, String row);

  /** Undoes {@link #addTagRow}; again does no harm. */
  void removeTagRow(LibraryObject object, String row);

  /** Returns objects that are due, oldest first, of the shards that must be looked at. */
  List<LibraryObject> due(Instant now, int limit, IntPredicate isOurs);

  /** Has an object's shard looked at again soon: it was due, and its work failed. */
  void again(LibraryObject object);

  /**
   * Which objects of a tenant.
   *
   * @param conference only what belongs to it, or null
   * @param kinds only of these kinds; empty for all
   * @param tags only what has all of these
   * @param isCommitted only what is available
   */
  record Selection(
      String tenant,
      @Nullable ConferenceId conference,
      Set<ObjectKind> kinds,
      Map<String, String> tags,
      boolean isCommitted) {
    public Selection {
      kinds = Set.copyOf(kinds);
      tags = Map.copyOf(tags);
    }

    /** True if the object is one of them; what is erased is in no list. */
    public boolean includes(LibraryObject object) {
      return object.tenant().equals(tenant)
          && object.progress().state().isThere()
          && (conference == null || conference.equals(object.place().conference()))
          && (kinds.isEmpty() || kinds.contains(object.content().kind()))
          && object.label().tags().entrySet().containsAll(tags.entrySet())
          && ((tags.isEmpty() && !isCommitted)
              || object.progress().state() == ObjectState.AVAILABLE);
    }
  }

  /**
   * A page of a list.
   *
   * @param next where the next one begins, or null after the last
   */
  record Page(List<LibraryObject> objects, @Nullable String next) {
    public Page {
      objects = List.copyOf(objects);
    }
  }
}
