package dev.parley.session.library;

import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.ObjectStoreUnavailableException;
import dev.parley.session.object.ObjectStores;
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
}
