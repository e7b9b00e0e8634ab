package dev.parley.session.store.regional;

import dev.parley.common.id.MetadataRegion;
import dev.parley.session.conference.MetadataRegions;
import dev.parley.session.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is the same in the library of each region: the primary's, where what names no region is, and
 * those of others. Immutable; asking for a tenant's blocks on the store.
 */
public final class Libraries<T> {
  private final T primary;
  private final @Nullable String own;
  private final SortedMap<String, T> others;
  private final MetadataRegions regions;

  /**
   * Takes all there are.
   *
   * @param own the primary's region, as policies name it, or null if they cannot
   * @param others by their regions
   * @param regions in which of them tenants may have anything
   */
  public Libraries(
      T primary, @Nullable String own, SortedMap<String, T> others, MetadataRegions regions) {
    this.primary = primary;
    this.own = own;
    this.others = new TreeMap<>(others);
    this.regions = regions;
  }

  /** One library for all. */
  public static <T> Libraries<T> one(T primary) {
    return new Libraries<>(primary, null, new TreeMap<>(), MetadataRegions.NONE);
  }

  /** Returns what is made of each. */
  public <U> Libraries<U> map(Function<T, U> made) {
    SortedMap<String, U> all = new TreeMap<>();
    others.forEach((region, library) -> all.put(region, made.apply(library)));
    return new Libraries<>(made.apply(primary), own, all, regions);
  }

  /** Returns the primary's. */
  public T primary() {
    return primary;
  }

  /**
   * Returns the one that an identifier belongs to.
   *
   * @throws StoreUnavailableException if it is of a region without one: this node may not have been
   *     told of it, so nobody may take what belongs there for gone
   */
  public T of(String identifier) {
    return in(MetadataRegion.of(identifier));
  }

  /** Returns the one of a region; null for the primary's. */
  T in(@Nullable String region) {
    if (region == null || region.equals(own)) {
      return primary;
    }
    T library = others.get(region);
    if (library == null) {
      throw new StoreUnavailableException(
          "no library of the region " + region + " is configured on this node", null);
    }
    return library;
  }

  /** Returns those in which a tenant may have anything, the primary's first. */
  List<T> ofTenant(String tenant) {
    List<T> some = new ArrayList<>();
    some.add(primary);
    if (!others.isEmpty()) {
      for (String region : regions.of(tenant)) {
        if (!region.equals(own)) {
          some.add(in(region));
        }
      }
    }
    return some;
  }

  /** Returns the region after another in an order of all, the primary's (null) first. */
  @Nullable String after(@Nullable String region) {
    for (String other : others.keySet()) {
      if (region == null || other.compareTo(region) > 0) {
        return other;
      }
    }
    return null;
  }

  /**
   * Returns what is due in any of them. One of another region that does not answer has its own
   * measure for that, and must not keep what is due here from being done.
   */
  <R> List<R> due(Function<T, List<R>> due) {
    List<R> all = new ArrayList<>(due.apply(primary));
    for (T other : others.values()) {
      try {
        all.addAll(due.apply(other));
      } catch (StoreUnavailableException _) {
        // Its shards are looked at again in a while.
      }
    }
    return all;
  }
}
