package dev.parley.session.conversation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All categories of a tenant, or of one of its channels: one item of the store, so that no two
 * changes at once can make a ring of it, or give two the same name. Immutable.
 *
 * @param channel whose, or null for the tenant's own
 * @param categories in the order in which they were made
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record CategoryTree(
    String tenant, @Nullable String channel, List<Category> categories, long version) {
  /** Most categories of a tree: all of them are one item. */
  public static final int COUNT_MAX = 500;

  /** How deep a tree may be: a category at the top is at depth 1. */
  public static final int DEPTH_MAX = 8;

  public CategoryTree {
    categories = List.copyOf(categories);
  }

  /** A tree without any. */
  public static CategoryTree empty(String tenant, @Nullable String channel) {
    return new CategoryTree(tenant, channel, List.of(), 0);
  }

  /** Returns it with another version. */
  public CategoryTree withVersion(long stored) {
    return new CategoryTree(tenant, channel, categories, stored);
  }

  /** Returns a category, or null if there is none of that id. */
  public @Nullable Category find(String id) {
    for (Category category : categories) {
      if (category.id().equals(id)) {
        return category;
      }
    }
    return null;
  }

  /** Returns the names from the top down to a category of this tree. */
  public List<String> path(Category category) {
    List<String> path = new ArrayList<>();
    for (Category each = category; each != null; each = parent(each)) {
      path.add(each.name());
    }
    Collections.reverse(path);
    return path;
  }

  /** Returns all of them, each after what it is below, and beside each other by their names. */
  public List<Category> inOrder() {
    List<Category> sorted = new ArrayList<>();
    addBelow(null, sorted);
    return sorted;
  }

  private void addBelow(@Nullable String parent, List<Category> sorted) {
    categories.stream()
        .filter(category -> Objects.equals(category.parent(), parent))
        .sorted((one, other) -> one.name().compareTo(other.name()))
        .forEach(category -> {
          sorted.add(category);
          addBelow(category.id(), sorted);
        });
  }

  /** Why a category may not be where it is, or null if it may. */
  @Nullable FilingRefusal refusal(Category category) {
    Category parent = parent(category);
    if (category.parent() != null && parent == null) {
      return new FilingRefusal.NoSuchCategory(category.parent());
    }
    for (Category each = parent; each != null; each = parent(each)) {
      if (each.id().equals(category.id())) {
        return new FilingRefusal.Cycle();
      }
    }
    for (Category each : categories) {
      if (!each.id().equals(category.id())
          && Objects.equals(each.parent(), category.parent())
          && each.name().equals(category.name())) {
        return new FilingRefusal.NameTaken(each.id());
      }
    }
    int depth = path(category).size() + heightBelow(category.id());
    return depth > DEPTH_MAX ? new FilingRefusal.TooDeep(DEPTH_MAX) : null;
  }

  /** How many levels there are below a category. */
  private int heightBelow(String id) {
    int height = 0;
    for (Category category : categories) {
      if (id.equals(category.parent())) {
        height = Math.max(height, 1 + heightBelow(category.id()));
      }
    }
    return height;
  }

  boolean hasBelow(String id) {
    return categories.stream().anyMatch(category -> id.equals(category.parent()));
  }

  private @Nullable Category parent(Category category) {
    return category.parent() == null ? null : find(category.parent());
  }

  /** Returns it with a category in it, in the place of the one with that id if there is one. */
  CategoryTree with(Category category) {
    Map<String, Category> byId = new LinkedHashMap<>();
    categories.forEach(each -> byId.put(each.id(), each));
    byId.put(category.id(), category);
    return new CategoryTree(tenant, channel, List.copyOf(byId.values()), version);
  }

  CategoryTree without(String id) {
    return new CategoryTree(
        tenant,
        channel,
        categories.stream().filter(category -> !category.id().equals(id)).toList(),
        version);
  }
}
