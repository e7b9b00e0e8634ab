package dev.parley.session.store.dynamo;

import dev.parley.session.store.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.waiters.Waiter;
import software.amazon.awssdk.core.waiters.WaiterAcceptor;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsUnavailableException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.SSEType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsResponse;

/** Makes tables and tells what they are like. One thread. */
public final class DynamoTables implements AutoCloseable {
  private static final WaiterOverrideConfiguration WAITING =
      WaiterOverrideConfiguration.builder()
          .backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(Duration.ofMillis(500)))
          .maxAttempts(600)
          .waitTimeout(Duration.ofMinutes(5))
          .build();

  private final DynamoDbClient client;
  private final String tablePrefix;

  private DynamoTables(DynamoDbClient client, String tablePrefix) {
    this.client = client;
    this.tablePrefix = tablePrefix;
  }

  /**
   * What became of a table.
   *
   * @param name its name in DynamoDB
   * @param traits one line each, of what there is; empty if there is no table
   * @param differences one line each, of what should be otherwise
   */
  public record Report(String name, boolean isNew, List<String> traits, List<String> differences) {
    public Report {
      traits = List.copyOf(traits);
      differences = List.copyOf(differences);
    }
  }

  /**
   * Makes a client; nothing is asked yet.
   *
   * @throws StoreUnavailableException if no region is known
   */
  public static DynamoTables open(DynamoSettings settings) {
    try {
      return new DynamoTables(DynamoClients.patientClient(settings), settings.tablePrefix());
    } catch (SdkException e) {
      throw new StoreUnavailableException("no DynamoDB: " + e.getMessage(), e);
    }
  }

  /**
   * Makes the table if it is not there, waits until it can be used, and switches its point-in-time
   * recovery on. What a table of that name has otherwise is left as it is, and told.
   *
   * @throws StoreUnavailableException if DynamoDB refuses or does not answer
   */
  public Report make(String name, Set<String> indexes) {
    String table = tablePrefix + name;
    try {
      boolean isNew = create(table, indexes);
      client
          .waiter()
          .waitUntilTableExists(DescribeTableRequest.builder().tableName(table).build(), WAITING);
      switchRecoveryOn(table);
      return describe(table, indexes, isNew);
    } catch (SdkException e) {
      throw new StoreUnavailableException(table + ": " + e.getMessage(), e);
    }
  }

  /**
   * Tells what a table is like, and changes nothing.
   *
   * @throws StoreUnavailableException if DynamoDB refuses or does not answer
   */
  public Report describe(String name, Set<String> indexes) {
    String table = tablePrefix + name;
    try {
      return describe(table, indexes, false);
    } catch (ResourceNotFoundException e) {
      return new Report(table, false, List.of(), List.of("there is no such table"));
    } catch (SdkException e) {
      throw new StoreUnavailableException(table + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private boolean create(String table, Set<String> indexes) {
    try {
      client.createTable(request(table, indexes));
      return true;
    } catch (ResourceInUseException e) {
      return false;
    }
  }

  private void switchRecoveryOn(String table) {
    if (!"DISABLED".equals(recovery(table))) {
      return;
    }
    // A table that has just been made refuses it for a while.
    Waiter.builder(UpdateContinuousBackupsResponse.class)
        .addAcceptor(WaiterAcceptor.successOnResponseAcceptor(_ -> true))
        .addAcceptor(
            WaiterAcceptor.retryOnExceptionAcceptor(
                ContinuousBackupsUnavailableException.class::isInstance))
        .overrideConfiguration(WAITING)
        .build()
        .run(() ->
            client.updateContinuousBackups(request ->
                request
                    .tableName(table)
                    .pointInTimeRecoverySpecification(
                        recovery -> recovery.pointInTimeRecoveryEnabled(true))));
  }

  private Report describe(String table, Set<String> indexes, boolean isNew) {
    TableShape wanted = TableShape.wanted(indexes);
    TableShape found =
        TableShape.of(client.describeTable(request -> request.tableName(table)).table());
    String recovery = recovery(table);
    if (recovery == null) {
      // An emulator, which keeps nothing: neither recovers nor encrypts, and need not.
      wanted = wanted.without(TableShape.RECOVERY).without(TableShape.ENCRYPTION);
      found = found.without(TableShape.ENCRYPTION);
    } else {
      found = found.with(TableShape.RECOVERY, recovery);
    }
    List<String> traits = new ArrayList<>();
    found.traits().forEach((trait, value) -> traits.add(trait + ": " + value));
    return new Report(table, isNew, traits, wanted.differencesTo(found));
  }

  /** The state of a table's point-in-time recovery; null if this endpoint does not know of it. */
  private @Nullable String recovery(String table) {
    try {
      return client
          .describeContinuousBackups(request -> request.tableName(table))
          .continuousBackupsDescription()
          .pointInTimeRecoveryDescription()
          .pointInTimeRecoveryStatusAsString();
    } catch (DynamoDbException e) {
      if ("UnknownOperationException".equals(e.awsErrorDetails().errorCode())) {
        return null;
      }
      throw e;
    }
  }

  private static CreateTableRequest request(String table, Set<String> indexes) {
    List<AttributeDefinition> attributes = new ArrayList<>();
    List<GlobalSecondaryIndex> secondary = new ArrayList<>();
    for (String index : indexes) {
      secondary.add(
          GlobalSecondaryIndex.builder()
              .indexName(index)
              .keySchema(
                  key(attributes, ItemAttributes.partition(index), ItemAttributes.sort(index)))
              .projection(projection -> projection.projectionType(ProjectionType.ALL))
              .build());
    }
    return CreateTableRequest.builder()
        .tableName(table)
        .keySchema(key(attributes, ItemAttributes.PARTITION, ItemAttributes.SORT))
        .attributeDefinitions(attributes)
        .globalSecondaryIndexes(secondary.isEmpty() ? null : secondary)
        .billingMode(BillingMode.PAY_PER_REQUEST)
        .sseSpecification(sse -> sse.enabled(true).sseType(SSEType.KMS))
        .deletionProtectionEnabled(true)
        .build();
  }

  /** Makes a key of two texts, and adds these to the attributes. */
  private static List<KeySchemaElement> key(
      List<AttributeDefinition> attributes, String partition, String sort) {
    for (String name : List.of(partition, sort)) {
      attributes.add(
          AttributeDefinition.builder()
              .attributeName(name)
              .attributeType(ScalarAttributeType.S)
              .build());
    }
    return List.of(
        KeySchemaElement.builder().attributeName(partition).keyType(KeyType.HASH).build(),
        KeySchemaElement.builder().attributeName(sort).keyType(KeyType.RANGE).build());
  }
}
