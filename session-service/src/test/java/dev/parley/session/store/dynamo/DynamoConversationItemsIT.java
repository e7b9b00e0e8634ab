package dev.parley.session.store.dynamo;

import dev.parley.session.store.ConversationItemsContract;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.Table;
import dev.parley.testsupport.DynamoDbLocal;
import org.junit.jupiter.api.AfterEach;

final class DynamoConversationItemsIT extends ConversationItemsContract {
  private final DynamoSettings settings = TestTables.fresh(DynamoDbLocal.shared().port());
  private final DynamoStore dynamo = DynamoStore.open(settings, System::nanoTime);

  @Override
  protected ItemStore items() {
    TestTables.make(settings, Table.LIBRARY.name(), Table.LIBRARY.indexes());
    return dynamo.table(Table.LIBRARY);
  }

  @AfterEach
  void close() {
    dynamo.close();
  }
}
