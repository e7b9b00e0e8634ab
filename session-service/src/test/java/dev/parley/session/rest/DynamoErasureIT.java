package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.store.ItemStores;
import dev.parley.session.store.dynamo.TestTables;
import dev.parley.testsupport.DynamoDbLocal;
import dev.parley.testsupport.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Erasing people from DynamoDB and Redis. */
final class DynamoErasureIT extends ErasureContract {
  private final RedisServer redis = RedisServer.start();
  private final List<String> tables = TestTables.forService(DynamoDbLocal.shared().port());

  @Override
  List<String> storage() {
    List<String> all = new ArrayList<>(tables);
    all.add("--redis=" + redis.address());
    all.add("--redis-timeout=1s");
    return all;
  }

  @Override
  ItemStores open(Path folder) {
    return TestTables.open(tables);
  }

  @Override
  boolean isOpenToOthers() {
    return true;
  }

  /** What lies in Redis is encrypted: there must be no event from before. */
  @Override
  void searchBeside(Path folder, String conference, String text) {
    assertThat(redis.send("XLEN", "conf:{" + conference + "}:log").strip()).isIn(":0", ":1");
    assertThat(redis.send("KEYS", "*")).doesNotContain(text);
  }

  @AfterEach
  void close() {
    redis.close();
  }
}
