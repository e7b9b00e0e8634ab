package dev.parley.session.store.embedded;

import dev.parley.session.store.ItemStore;
import dev.parley.session.store.ItemStoreContract;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

final class EmbeddedItemStoreTest extends ItemStoreContract {
  private final EmbeddedStore file = EmbeddedStore.inMemory();

  @Override
  protected ItemStore store() {
    return file.table("core", Set.of(INDEX));
  }

  @Override
  protected void breakStore() {
    file.close();
  }

  @AfterEach
  void close() {
    file.close();
  }
}
