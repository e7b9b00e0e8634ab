package dev.parley.session.store.embedded;

import dev.parley.session.store.ConversationItemsContract;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.Table;
import org.junit.jupiter.api.AfterEach;

final class EmbeddedConversationItemsTest extends ConversationItemsContract {
  private final EmbeddedStore file = EmbeddedStore.inMemory();

  @Override
  protected ItemStore items() {
    return file.table(Table.LIBRARY);
  }

  @AfterEach
  void close() {
    file.close();
  }
}
