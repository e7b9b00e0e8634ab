package dev.parley.session.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemRange;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.ItemStoreContract;
import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.WriteResult;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a file, and what a file adds: it outlives its process, however that ends. */
final class EmbeddedStoreFileIT extends ItemStoreContract {
  @TempDir Path folder;

  private EmbeddedStore file = EmbeddedStore.inMemory();

  @Override
  protected ItemStore store() {
    file = EmbeddedStore.open(folder.resolve("facts.mv"));
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

  @Test
  void itemsAndIndexesOutliveTheProcess() {
    Item item = new Item(key("p", "a"), 1, Map.of(INDEX, key("red", "1")), "{}");
    store().create(item);
    file.close();

    ItemStore reopened = store();

    assertThat(reopened.get(item.key())).isEqualTo(item);
    assertThat(reopened.queryIndex(INDEX, ItemRange.all("red", 2)).items()).containsExactly(item);
  }

  @Test
  void aSecondProcessIsRefusedByName() {
    store();

    assertThatThrownBy(() -> EmbeddedStore.open(folder.resolve("facts.mv")))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("facts.mv");
  }

  @Test
  void pagesAreKeptInAShareOfTheHeap() {
    assertThat(EmbeddedStore.cacheMib(64L << 20)).isEqualTo(16);
    assertThat(EmbeddedStore.cacheMib(512L << 20)).isEqualTo(64);
    assertThat(EmbeddedStore.cacheMib(Long.MAX_VALUE)).isEqualTo(256);
  }

  @Test
  void everyWriteThatReturnedSurvivesAKilledProcess() throws Exception {
    Path path = folder.resolve("killed.mv");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process writer =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                path.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int returned = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        returned = Integer.parseInt(line);
        if (returned == 200) {
          // Not Process.destroyForcibly, which closes the pipe and loses what was said before.
          writer.toHandle().destroyForcibly();
        }
      }
    }
    writer.waitFor();

    try (EmbeddedStore reopened = EmbeddedStore.open(path)) {
      ItemStore store = reopened.table("core", Set.of(INDEX));
      assertThat(returned).isGreaterThanOrEqualTo(200);
      for (int i = 1; i <= returned; i++) {
        assertThat(store.get(new ItemKey("p", "s" + i)))
            .as("write %d of %d", i, returned)
            .isNotNull();
      }
    }
  }

  @Test
  void whatIsReadIsNotTakenAwayHoweverLongItTakes() {
    ItemStore _ = store();
    EmbeddedItemStore store = file.table("core", Set.of(INDEX));
    String body = "x".repeat(1000);
    for (int i = 0; i < 200; i++) {
      store.create(item("p", "s" + i, 1, body));
    }
    AtomicLong version = new AtomicLong(1);

    int count =
        store.forEach(read -> {
          assertThat(read.version()).isEqualTo(1);
          if (version.get() == 1) {
            replaceFor(Duration.ofSeconds(3), version, store, body);
          }
        });

    assertThat(count).isEqualTo(200);
  }

  /** So that the pages as they were are all out of use, and for longer than they are kept. */
  private static void replaceFor(
      Duration duration, AtomicLong version, ItemStore store, String body) {
    long endNs = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < endNs) {
      long next = version.incrementAndGet();
      for (int i = 0; i < 200; i++) {
        store.replace(item("p", "s" + i, next, body));
      }
    }
  }

  @Test
  void aFileRewrittenManyTimesStaysSmall() throws Exception {
    ItemStore store = store();
    store.create(item("p", "a", 1, "x".repeat(1000)));
    for (int version = 2; version <= 1500; version++) {
      assertThat(store.replace(item("p", "a", version, "x".repeat(1000))))
          .isInstanceOf(WriteResult.Written.class);
    }
    file.close();

    assertThat(Files.size(folder.resolve("facts.mv"))).isLessThan(2 << 20);
  }

  /** Writes items until it is killed, saying each number once the write has returned. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      ItemStore store = EmbeddedStore.open(Path.of(arguments[0])).table("core", Set.of(INDEX));
      for (int i = 1; ; i++) {
        store.create(item("p", "s" + i, 1, "{}"));
        System.out.println(i);
      }
    }
  }
}
