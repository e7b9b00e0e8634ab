package dev.parley.session.store.regional;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one library has of a list, or several have: from the highest place down. Immutable.
 *
 * @param next up to where that is all; null if nothing follows
 */
record ListPart<T>(List<T> entries, @Nullable String next) {
  ListPart {
    entries = List.copyOf(entries);
  }

  /**
   * Makes one part of those of several libraries.
   *
   * @param parts what each has after the same place
   * @param limit at most that many entries, as many as each part has at most
   * @param place where an entry is in all of the lists, which begin with the highest
   */
  static <T> ListPart<T> merged(List<ListPart<T>> parts, int limit, Function<T, String> place) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    String known = null;
    for (ListPart<T> part : parts) {
      known = higher(known, part.next());
    }
    List<T> found = new ArrayList<>();
    for (ListPart<T> part : parts) {
      for (T entry : part.entries()) {
        // What is below may be preceded by what one of the others did not come to.
        if (known == null || place.apply(entry).compareTo(known) >= 0) {
          found.add(entry);
        }
      }
    }
    found.sort(Comparator.comparing(place).reversed());
    return found.size() > limit
        ? new ListPart<>(found.subList(0, limit), place.apply(found.get(limit - 1)))
        : new ListPart<>(found, known);
  }

  private static @Nullable String higher(@Nullable String one, @Nullable String other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) >= 0 ? one : other;
  }
}
