package dev.parley.session.store.dynamo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.capacity.Priority;
import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.WriteResult;
import dev.parley.testsupport.DynamoDbLocal;
import dev.parley.testsupport.DynamoDbThrottle;
import dev.parley.testsupport.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of operations when answers are lost, late or refusals. */
final class DynamoFaultsIT {
  private static final ItemKey KEY = new ItemKey("p", "a");

  private final TcpProxy wire = new TcpProxy(DynamoDbLocal.shared().port());
  private final DynamoSettings settings = TestTables.fresh(wire.port());
  private final DynamoStore dynamo = DynamoStore.open(settings, System::nanoTime);
  private ItemStore store;

  DynamoFaultsIT() throws IOException {}

  @BeforeEach
  void makeTable() {
    TestTables.make(settings, "core", Set.of());
    store = dynamo.table("core", Set.of());
  }

  @AfterEach
  void close() throws IOException {
    dynamo.close();
    wire.close();
  }

  @Test
  void writeWhoseAnswerWasLostIsFoundToBeWritten() {
    wire.loseAnswers(1);
    assertThat(store.create(item(1, "mine"))).isInstanceOf(WriteResult.Written.class);
    wire.loseAnswers(2);
    assertThat(store.replace(item(2, "mine, too"))).isInstanceOf(WriteResult.Written.class);

    assertThat(store.get(KEY)).isEqualTo(item(2, "mine, too"));
    assertThat(dynamo.lostAnswerCount()).isEqualTo(2);
    assertThat(dynamo.retryCount()).isEqualTo(3);
    assertThat(dynamo.unknownOutcomeCount()).isZero();
  }

  @Test
  void equalItemOfAnotherIsAConflictThoughTheAnswerWasLost() {
    store.create(item(1, "alike"));

    wire.loseAnswers(1);

    assertThat(store.create(item(1, "alike")))
        .isEqualTo(new WriteResult.Conflict(item(1, "alike")));
    assertThat(dynamo.lostAnswerCount()).isZero();
  }

  @Test
  void writeThatOthersMayHaveBuiltUponIsUnknown() {
    store.create(item(1, "1"));
    store.replace(item(2, "2"));
    store.replace(item(3, "3"));

    wire.loseAnswers(1);

    assertThatThrownBy(() -> store.replace(item(2, "mine")))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("lost");
    assertThat(dynamo.unknownOutcomeCount()).isEqualTo(1);
  }

  @Test
  void deletionWhoseAnswerWasLostIsUnknown() {
    store.create(item(1, "1"));

    wire.loseAnswers(1);

    assertThatThrownBy(() -> store.delete(KEY, 1)).isInstanceOf(StoreUnavailableException.class);
    assertThat(store.get(KEY)).isNull();
  }

  @Test
  void brokenConnectionsAreMadeAnew() {
    store.create(item(1, "1"));

    wire.cut();

    assertThat(store.get(KEY)).isEqualTo(item(1, "1"));
  }

  @Test
  void silenceEndsAtTheTimeout() {
    store.create(item(1, "1"));
    DynamoSettings impatient = by(wire.port(), Duration.ofMillis(600));
    try (DynamoStore other = DynamoStore.open(impatient, System::nanoTime)) {
      ItemStore frozen = other.table("core", Set.of());
      wire.freeze();

      long startNs = System.nanoTime();
      assertThatThrownBy(() -> frozen.get(KEY)).isInstanceOf(StoreUnavailableException.class);
      Duration took = Duration.ofNanos(System.nanoTime() - startNs);

      assertThat(took)
          .isBetween(impatient.attemptTimeout(), impatient.timeout().plus(Duration.ofSeconds(2)));
    }
    wire.restore();
    assertThat(store.get(KEY)).isEqualTo(item(1, "1"));
  }

  @Test
  void throttledWriteIsAskedAgainAndCounted() throws IOException {
    try (DynamoDbThrottle throttle = new DynamoDbThrottle(DynamoDbLocal.shared());
        DynamoStore throttled =
            DynamoStore.open(by(throttle.port(), settings.timeout()), System::nanoTime)) {
      ItemStore table = throttled.table("core", Set.of());
      throttle.refuse(2);
      assertThat(table.create(item(1, "1"))).isInstanceOf(WriteResult.Written.class);
      assertThat(throttled.throttledCount()).isEqualTo(2);

      throttle.refuse(1);
      assertThat(table.create(item(1, "2")))
          .as("it is known not to have been written, so this is another's")
          .isEqualTo(new WriteResult.Conflict(item(1, "1")));

      throttle.refuse(Integer.MAX_VALUE);
      assertThatThrownBy(() -> table.get(KEY)).isInstanceOf(StoreUnavailableException.class);
      assertThat(throttled.unknownOutcomeCount()).isZero();
    }
  }

  @Test
  void retriesEndWhenTheyWouldOnlyAddToTheLoad() throws IOException {
    try (DynamoDbThrottle throttle = new DynamoDbThrottle(DynamoDbLocal.shared());
        DynamoStore throttled =
            DynamoStore.open(by(throttle.port(), settings.timeout()), System::nanoTime)) {
      ItemStore table = throttled.table("core", Set.of());
      throttle.refuse(Integer.MAX_VALUE);
      int calls = 60;
      failAll(table, Priority.P1, calls);
      assertThat(throttled.retryCount()).as("half is kept for what cannot wait").isEqualTo(50);

      failAll(table, Priority.P0, calls);
      assertThat(throttled.retryCount()).isEqualTo(50 + 125);
      assertThat(throttled.throttledCount()).isEqualTo(2 * calls + 50 + 125);
    }
  }

  private static void failAll(ItemStore table, Priority priority, int calls) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < calls; i++) {
        threads.execute(() ->
            assertThatThrownBy(() -> priority.<Object, RuntimeException>call(() -> table.get(KEY)))
                .isInstanceOf(StoreUnavailableException.class));
      }
    }
  }

  @Test
  void tableThatIsMissingOrAnotherIsRefusedByName() {
    assertThatThrownBy(() -> dynamo.table("ops", Set.of()))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(settings.tablePrefix() + "ops");
    assertThatThrownBy(() -> dynamo.table("core", Set.of("due")))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("index due: is none, should be due-pk (S), due-sk (S)");
  }

  private DynamoSettings by(int port, Duration timeout) {
    return new DynamoSettings(
        Optional.of(URI.create("http://127.0.0.1:" + port)),
        settings.region(),
        settings.tablePrefix(),
        timeout);
  }

  private static Item item(long version, String body) {
    return new Item(KEY, version, Map.of(), body);
  }
}
