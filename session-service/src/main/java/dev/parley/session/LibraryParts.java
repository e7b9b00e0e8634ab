package dev.parley.session;

import dev.parley.session.library.FileSharing;
import dev.parley.session.library.Library;
import dev.parley.session.library.ObjectIds;
import dev.parley.session.message.Messages;
import dev.parley.session.object.ObjectStores;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.LibraryItems;
import dev.parley.session.store.MessageItems;

/** What remains of calls: what was written in them, and objects. */
record LibraryParts(Messages messages, FileSharing files) {

  /**
   * Builds them.
   *
   * @param fileBytesMax the largest file that people may share
   */
  static LibraryParts of(
      ConferenceParts.Ground ground,
      ItemStore items,
      ObjectStores stores,
      ObjectIds ids,
      long fileBytesMax) {
    Library objects =
        new Library(
            new LibraryItems(items),
            stores,
            ids,
            ground.clock(),
            new Library.Hearers(ground.notices(), ground.events()));
    Messages messages =
        new Messages(new MessageItems(items), ground.store(), ground.events(), ground.clock());
    return new LibraryParts(messages, new FileSharing(objects, fileBytesMax));
  }
}
