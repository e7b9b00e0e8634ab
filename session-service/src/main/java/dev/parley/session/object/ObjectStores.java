package dev.parley.session.object;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All stores of the configuration, in its order. Immutable. */
public final class ObjectStores {
  private final Map<String, ObjectStore> byId = new LinkedHashMap<>();

  /**
   * Takes them.
   *
   * @throws IllegalArgumentException if two have one id
   */
  public ObjectStores(List<ObjectStore> stores) {
    for (ObjectStore store : stores) {
      if (byId.put(store.name().id(), store) != null) {
        throw new IllegalArgumentException("two object stores with the id " + store.name().id());
      }
    }
  }

  public List<ObjectStore> all() {
    return List.copyOf(byId.values());
  }

  /** Returns where clients reach them, each origin once. */
  public SortedSet<String> origins() {
    SortedSet<String> origins = new TreeSet<>();
    byId.values().forEach(store -> origins.add(store.address().origin()));
    return origins;
  }

  public @Nullable ObjectStore find(String id) {
    return byId.get(id);
  }

  /** Returns the first store in a region that may be; null if there is none. */
  public @Nullable ObjectStore first(Predicate<String> isRegionAllowed) {
    for (ObjectStore store : byId.values()) {
      if (isRegionAllowed.test(store.name().region())) {
        return store;
      }
    }
    return null;
  }
}
