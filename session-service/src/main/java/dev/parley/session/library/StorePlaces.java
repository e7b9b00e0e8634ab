package dev.parley.session.library;

import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.ObjectStoreUnavailableException;
import dev.parley.session.object.ObjectStores;
import dev.parley.session.placement.Residency;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the store of an object. Immutable. */
record StorePlaces(ObjectStores stores) {

  /**
   * Returns it.
   *
   * @throws ObjectStoreUnavailableException if the configuration does not name it any more
   */
  ObjectStore of(LibraryObject object) {
    ObjectStore place = find(object);
    if (place == null) {
      throw new ObjectStoreUnavailableException(
          "object store " + object.place().store() + " is no longer in the configuration");
    }
    return place;
  }

  @Nullable ObjectStore find(LibraryObject object) {
    return stores.find(object.place().store());
  }

  /** Returns the store for an object that is to be, or null if there is none where it may lie. */
  @Nullable ObjectStore choose(PlaceWish wish, Residency permitted) {
    Predicate<String> may =
        region ->
            permitted.permits(region)
                && (wish.regions().isEmpty() || wish.regions().contains(region));
    String near = wish.near();
    ObjectStore place =
        near == null ? null : stores.first(each -> each.equals(near) && may.test(each));
    for (String region : wish.regions()) {
      if (place == null) {
        place = stores.first(each -> each.equals(region) && may.test(each));
      }
    }
    return place == null ? stores.first(may) : place;
  }

  /** Returns why there is none. */
  ObjectRefusal refusal(PlaceWish wish, Residency permitted) {
    if (permitted.regions() == null) {
      return new ObjectRefusal.NoStore(
          wish.regions().isEmpty() ? null : String.join(" or ", wish.regions()));
    }
    SortedSet<String> possible = new TreeSet<>();
    for (ObjectStore store : stores.all()) {
      if (permitted.permits(store.name().region())) {
        possible.add(store.name().region());
      }
    }
    return new ObjectRefusal.Unsatisfiable(permitted, wish.regions(), List.copyOf(possible));
  }
}
