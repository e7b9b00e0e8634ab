package dev.parley.session.store.dynamo;

import dev.parley.session.store.Table;
import dev.parley.testsupport.DynamoDbLocal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Tables of a test's own in the shared DynamoDB Local. */
public final class TestTables {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String REGION = "eu-central-1";

  private TestTables() {}

  /**
   * Makes a service's tables.
   *
   * @param port where the service finds DynamoDB Local, itself or a wire to it
   * @return the arguments that tell the service so
   */
  public static List<String> forService(int port) {
    DynamoSettings settings = fresh(DynamoDbLocal.shared().port());
    for (Table table : Table.ALL) {
      make(settings, table.name(), table.indexes());
    }
    return List.of(
        "--store=dynamodb",
        "--dynamodb-endpoint=http://127.0.0.1:" + port,
        "--dynamodb-region=" + REGION,
        "--dynamodb-table-prefix=" + settings.tablePrefix());
  }

  /**
   * Makes the library of another region for the same service.
   *
   * @param arguments of {@link #forService}
   * @param port of the DynamoDB Local there
   * @param wire where the service finds it
   * @return the argument that tells the service so
   */
  public static List<String> library(List<String> arguments, String region, int port, int wire) {
    DynamoSettings settings =
        new DynamoSettings(
            Optional.of(URI.create("http://127.0.0.1:" + port)),
            Optional.of(REGION),
            prefix(arguments),
            Duration.ofSeconds(3));
    make(settings, Table.LIBRARY.name(), Table.LIBRARY.indexes());
    return List.of("--libraries=" + region + "=" + REGION + "@http://127.0.0.1:" + wire);
  }

  private static String prefix(List<String> arguments) {
    String prefix = "--dynamodb-table-prefix=";
    return arguments.stream()
        .filter(each -> each.startsWith(prefix))
        .findFirst()
        .orElseThrow()
        .substring(prefix.length());
  }

  /** Opens the tables that a service was told of so. */
  public static DynamoStore open(List<String> arguments) {
    DynamoSettings any = fresh(DynamoDbLocal.shared().port());
    return DynamoStore.open(
        new DynamoSettings(any.endpoint(), any.region(), prefix(arguments), any.timeout()),
        System::nanoTime);
  }

  /** A prefix that nobody else uses, and no tables yet. */
  static DynamoSettings fresh(int port) {
    return new DynamoSettings(
        Optional.of(URI.create("http://127.0.0.1:" + port)),
        Optional.of(REGION),
        "test" + COUNT.incrementAndGet() + "-",
        Duration.ofSeconds(3));
  }

  static void make(DynamoSettings settings, String name, Set<String> indexes) {
    try (DynamoTables tables = DynamoTables.open(settings)) {
      tables.make(name, indexes);
    }
  }
}
