package dev.parley.session.conversation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list. Immutable.
 *
 * @param next where the next one begins, or null after the last
 */
public record Page<T>(List<T> entries, @Nullable String next) {
  public Page {
    entries = List.copyOf(entries);
  }
}
