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
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a disk, and what a disk adds: it outlives its process, however that ends. */
final class EmbeddedStoreFileIT extends ItemStoreContract {
  @TempDir Path folder;

  private @Nullable EmbeddedStore file;

  @Override
  protected ItemStore store() {
    EmbeddedStore opened = EmbeddedStore.open(folder.resolve("facts"));
    file = opened;
    return opened.table("core", Set.of(INDEX));
  }

  @Override
  protected void breakStore() {
    close();
  }

  @AfterEach
  void close() {
    if (file != null) {
      file.close();
    }
  }

  @Test
  void itemsAndIndexesOutliveTheProcess() {
    Item item = new Item(key("p", "a"), 1, Map.of(INDEX, key("red", "1")), "{}");
    store().create(item);
    close();

    ItemStore reopened = store();

    assertThat(reopened.get(item.key())).isEqualTo(item);
    assertThat(reopened.queryIndex(INDEX, ItemRange.all("red", 2)).items()).containsExactly(item);
  }

  @Test
  void aSecondProcessIsRefusedByName() {
    store();

    assertThatThrownBy(() -> EmbeddedStore.open(folder.resolve("facts")))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("facts");
  }

  @Test
  void everyWriteThatReturnedSurvivesAKilledProcess() throws Exception {
    Path path = folder.resolve("killed");
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
  void whatIsReplacedOrDeletedDoesNotStayOnTheDisk() throws Exception {
    ItemStore store = store();
    String body = "x".repeat(100_000);
    store.create(item("p", "a", 1, body));
    int versions = 1500;
    for (int version = 2; version <= versions; version++) {
      assertThat(store.replace(item("p", "a", version, body)))
          .isInstanceOf(WriteResult.Written.class);
    }
    assertThat(store.delete(key("p", "a"), versions)).isInstanceOf(WriteResult.Written.class);

    assertThat(size()).as("of %d bytes", 100_000L * versions).isLessThan(64L << 20);
  }

  @Test
  void whatIsAskedWhileItClosesIsRefusedOrAnswered() throws Exception {
    for (int round = 0; round < 20; round++) {
      ItemStore store = store();
      store.create(item("p", "a", 1, "{}"));
      List<Future<Integer>> callers = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        CountDownLatch busy = new CountDownLatch(8);
        for (int caller = 0; caller < 8; caller++) {
          String mine = round + "-" + caller;
          callers.add(threads.submit(() -> untilRefused(store, mine, busy)));
        }
        busy.await();
        close();
      }
      ItemStore reopened = store();
      for (int caller = 0; caller < 8; caller++) {
        int written = callers.get(caller).get();
        assertThat(reopened.query(ItemRange.all(round + "-" + caller, 1000)).items())
            .as("what was written, and perhaps the one that was not answered")
            .hasSizeBetween(written, written + 1);
      }
      reopened.delete(key("p", "a"), 1);
      close();
    }
  }

  /** Reads and writes until the store is closed; returns how much was written. */
  private static int untilRefused(ItemStore store, String partition, CountDownLatch busy) {
    int written = 0;
    try {
      while (true) {
        store.create(item(partition, "s%05d".formatted(written), 1, "{}"));
        written++;
        assertThat(store.query(ItemRange.all("p", 10)).items()).hasSize(1);
        busy.countDown();
      }
    } catch (StoreUnavailableException e) {
      return written;
    }
  }

  private long size() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
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
