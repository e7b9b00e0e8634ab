package dev.parley.session.conversation;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant calls something: may be personal data, which no log shows. Immutable.
 *
 * @param name null if it has none
 * @param tags by which it is found
 * @param attributes not ours to read, or null
 */
public record Label(
    @Nullable String name, SortedMap<String, String> tags, @Nullable String attributes) {
  /** Longest name, in characters. */
  public static final int NAME_LENGTH_MAX = 250;

  /** Nothing at all. */
  static final Label NONE = new Label(null, Collections.emptySortedMap(), null);

  public Label {
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  @Override
  public String toString() {
    return "Label[" + tags.size() + " tags]";
  }
}
