package dev.parley.session.store.dynamo;

import dev.parley.session.store.ItemStore;
import dev.parley.session.store.ItemStores;
import dev.parley.session.store.StoreUnavailableException;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;

/**
 * Tables in one region of DynamoDB, made before by {@link DynamoTables}. Any number of nodes may
 * have them open. Thread-safe.
 */
public final class DynamoStore implements ItemStores {
  private final DynamoDbClient client;
  private final Calls calls;
  private final String tablePrefix;

  private DynamoStore(DynamoDbClient client, Calls calls, String tablePrefix) {
    this.client = client;
    this.calls = calls;
    this.tablePrefix = tablePrefix;
  }

  /**
   * Makes a client; nothing is asked yet.
   *
   * @param nanoTime monotonic time in nanoseconds, by which operations time out
   * @throws StoreUnavailableException if no region is known
   */
  public static DynamoStore open(DynamoSettings settings, LongSupplier nanoTime) {
    return open(settings, nanoTime, () -> {});
  }

  /**
   * Makes a client; nothing is asked yet.
   *
   * @param nanoTime monotonic time in nanoseconds, by which operations time out
   * @param onThrottled is told of each attempt that was refused for too much
   * @throws StoreUnavailableException if no region is known
   */
  public static DynamoStore open(
      DynamoSettings settings, LongSupplier nanoTime, Runnable onThrottled) {
    try {
      return new DynamoStore(
          DynamoClients.client(settings),
          new Calls(settings.timeout(), nanoTime, onThrottled),
          settings.tablePrefix());
    } catch (SdkException e) {
      throw new StoreUnavailableException("no DynamoDB: " + e.getMessage(), e);
    }
  }

  @Override
  public ItemStore table(String name, Set<String> indexes) {
    String table = tablePrefix + name;
    DescribeTableResponse found =
        calls.read(
            "table " + table,
            limits ->
                client.describeTable(
                    request -> request.tableName(table).overrideConfiguration(limits)));
    List<String> missing =
        TableShape.wanted(indexes).essential().missingIn(TableShape.of(found.table()));
    if (!missing.isEmpty()) {
      throw new StoreUnavailableException(
          "the table " + table + " is another: " + String.join("; ", missing), null);
    }
    return new DynamoItemStore(client, calls, table, indexes);
  }

  /** Attempts made again. */
  public long retryCount() {
    return calls.retryCount();
  }

  /** Attempts that DynamoDB refused because there were too many. */
  public long throttledCount() {
    return calls.throttledCount();
  }

  /** Writes whose answer was lost and that turned out to be stored. */
  public long lostAnswerCount() {
    return calls.lostAnswerCount();
  }

  /** Writes of which nobody knows whether they were carried out. */
  public long unknownOutcomeCount() {
    return calls.unknownOutcomeCount();
  }

  @Override
  public void close() {
    client.close();
  }
}
