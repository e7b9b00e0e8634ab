package dev.parley.session.store.regional;

import dev.parley.session.library.LibraryStore;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.LibraryItems;
import dev.parley.session.store.LibraryItemsContract;
import org.junit.jupiter.api.AfterEach;

/** Three libraries are like one. */
final class RegionalLibraryItemsTest extends LibraryItemsContract {
  private final SomeLibraries some = new SomeLibraries();

  @Override
  protected ItemStore items() {
    return some.table();
  }

  @Override
  protected LibraryStore library(ItemStore items) {
    return new RegionalLibraryItems(some.with(items).map(LibraryItems::new));
  }

  @Override
  protected String id(int number) {
    return SomeLibraries.id(super.id(number));
  }

  @AfterEach
  void close() {
    some.close();
  }
}
