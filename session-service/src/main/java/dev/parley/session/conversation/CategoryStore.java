package dev.parley.session.conversation;

import org.jspecify.annotations.Nullable;

/** Where trees of categories are kept. Thread-safe; blocks. */
public interface CategoryStore {

  /**
   * Returns a tree, an empty one if it was never stored.
   *
   * @param channel whose, or null for the tenant's own
   */
  CategoryTree tree(String tenant, @Nullable String channel);

  /**
   * Stores a tree if the stored one still has the version that was read (0: if there is none).
   *
   * @return it with its new version, or null if somebody was faster
   */
  @Nullable CategoryTree write(CategoryTree tree);
}
