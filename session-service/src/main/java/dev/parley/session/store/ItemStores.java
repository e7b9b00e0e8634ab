package dev.parley.session.store;

import java.util.Set;

/** Where tables are, open while the service runs. Thread-safe. */
public interface ItemStores extends AutoCloseable {

  /**
   * Opens a table. Call once a table.
   *
   * @param indexes the indexes that the table declares
   * @throws StoreUnavailableException if the table is not there, or is another
   */
  ItemStore table(String name, Set<String> indexes);

  /** Opens one of the service's own tables. */
  default ItemStore table(Table table) {
    return table(table.name(), table.indexes());
  }

  /** Once a day: sees to it that what was deleted leaves the disk. Returns how much was done. */
  default int tidy() {
    return 0;
  }

  @Override
  void close();
}
