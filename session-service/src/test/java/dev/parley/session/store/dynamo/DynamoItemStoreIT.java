package dev.parley.session.store.dynamo;

import dev.parley.session.store.ItemStore;
import dev.parley.session.store.ItemStoreContract;
import dev.parley.testsupport.DynamoDbLocal;
import dev.parley.testsupport.TcpProxy;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** The contract on DynamoDB Local. */
final class DynamoItemStoreIT extends ItemStoreContract {
  private final TcpProxy wire = new TcpProxy(DynamoDbLocal.shared().port());
  private final DynamoSettings settings = TestTables.fresh(wire.port());
  private final DynamoStore dynamo = DynamoStore.open(settings, System::nanoTime);

  DynamoItemStoreIT() throws IOException {}

  @Override
  protected ItemStore store() {
    TestTables.make(settings, "core", Set.of(INDEX));
    return dynamo.table("core", Set.of(INDEX));
  }

  @Override
  protected void breakStore() {
    wire.isolate();
  }

  @AfterEach
  void close() throws IOException {
    dynamo.close();
    wire.close();
  }
}
