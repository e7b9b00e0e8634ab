package dev.parley.session.store.regional;

import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.LibraryStore;
import dev.parley.session.store.LibraryItems;
import java.time.Instant;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Objects, each in the library that its id names, in one list for their tenant. Thread-safe. */
public final class RegionalLibraryItems implements LibraryStore {
  private static final char END = '\n';

  private final Libraries<LibraryItems> libraries;

  public RegionalLibraryItems(Libraries<LibraryItems> libraries) {
    this.libraries = libraries;
  }

  @Override
  public @Nullable LibraryObject object(String id) {
    return libraries.of(id).object(id);
  }

  @Override
  public @Nullable LibraryObject write(LibraryObject object) {
    return libraries.of(object.id()).write(object);
  }

  @Override
  public LibraryStore.Page list(Selection selection, int limit, @Nullable String cursor) {
    List<ListPart<LibraryObject>> parts =
        libraries.ofTenant(selection.tenant()).stream()
            .map(items -> items.list(selection, limit, cursor))
            .map(page -> new ListPart<>(page.objects(), page.next()))
            .toList();
    ListPart<LibraryObject> all = ListPart.merged(parts, limit, LibraryItems::place);
    return new LibraryStore.Page(all.entries(), all.next());
  }

  /** One library after the other; where one is and where in it is in the cursor. */
  @Override
  public LibraryStore.Page all(int limit, @Nullable String cursor) {
    int end = cursor == null ? 0 : cursor.indexOf(END);
    String region = cursor == null || end == 0 ? null : cursor.substring(0, end);
    String within = cursor == null ? "" : cursor.substring(end + 1);
    LibraryStore.Page page = libraries.in(region).all(limit, within.isEmpty() ? null : within);
    String next = page.next();
    if (next != null) {
      return new LibraryStore.Page(page.objects(), (region == null ? "" : region) + END + next);
    }
    String following = libraries.after(region);
    return new LibraryStore.Page(page.objects(), following == null ? null : following + END);
  }

  @Override
  public void addTagRow(LibraryObject object, String row) {
    libraries.of(object.id()).addTagRow(object, row);
  }

  @Override
  public void removeTagRow(LibraryObject object, String row) {
    libraries.of(object.id()).removeTagRow(object, row);
  }

  @Override
  public List<LibraryObject> due(Instant now, int limit, IntPredicate isOurs) {
    return libraries.due(items -> items.due(now, limit, isOurs));
  }

  @Override
  public void again(LibraryObject object) {
    libraries.of(object.id()).again(object);
  }
}
