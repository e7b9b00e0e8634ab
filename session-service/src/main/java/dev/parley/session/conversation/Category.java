package dev.parley.session.conversation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A category: a place in a tree that conversations are filed under. Immutable.
 *
 * @param parent what it is below, or null at the top
 * @param requestHash of the body it was made with, to tell a repeated create from another
 */
public record Category(
    String id, @Nullable String parent, String name, Instant createdAt, String requestHash) {
  /** Longest name, in characters. */
  public static final int NAME_LENGTH_MAX = 100;

  Category renamed(String next) {
    return new Category(id, parent, next, createdAt, requestHash);
  }

  Category below(@Nullable String next) {
    return new Category(id, next, name, createdAt, requestHash);
  }

  /** Names are as people call things; no log shows them. */
  @Override
  public String toString() {
    return "Category[" + id + "]";
  }
}
