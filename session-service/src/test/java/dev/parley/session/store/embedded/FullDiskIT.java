package dev.parley.session.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, and has room again: a file system of its own, in memory. */
final class FullDiskIT {
  private static final String MIB = "40";
  private static final int FILLER_BYTES = 24 << 20;

  @TempDir Path folder;

  @Test
  void writesAreRefusedUntilThereIsRoomAndNothingAcknowledgedIsLost() throws Exception {
    assumeThat(System.getProperty("user.name")).as("may mount").isEqualTo("root");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=" + MIB + "m none \"$0\" && exec \"$@\"",
                Files.createDirectory(folder.resolve("disk")).toString(),
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Filling.class.getName(),
                folder.resolve("disk").toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();

    assertThat(process.waitFor()).as(() -> read(out)).isZero();
    assertThat(read(out)).contains("refused: full\n", "room: taken\n", "kept: all\n");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Fills the disk, makes room, and says what became of it. */
  static final class Filling {
    private static final String BODY = "x".repeat(100_000);
    private static final Duration ROOM_WITHIN = Duration.ofSeconds(60);

    private Filling() {}

    public static void main(String[] arguments) throws Exception {
      Path disk = Path.of(arguments[0]);
      Path filler = Files.write(disk.resolve("filler"), new byte[FILLER_BYTES]);
      int written = 0;
      try (EmbeddedStore store = EmbeddedStore.open(disk.resolve("facts"))) {
        ItemStore items = store.table("core", Set.of());
        while (isTaken(items, written)) {
          written++;
        }
        System.out.println("refused: " + (isThere(items, written - 1) ? "full" : "unreadable"));
        Files.delete(filler);
        long endNs = System.nanoTime() + ROOM_WITHIN.toNanos();
        boolean isTaken = false;
        while (!isTaken && System.nanoTime() < endNs) {
          // RocksDB looks for room every few seconds, and tells nobody.
          Thread.sleep(100);
          isTaken = isTaken(items, written);
        }
        System.out.println("room: " + (isTaken ? "taken" : "refused"));
      }
      try (EmbeddedStore store = EmbeddedStore.open(disk.resolve("facts"))) {
        ItemStore items = store.table("core", Set.of());
        boolean isAll = true;
        for (int i = 0; i <= written; i++) {
          isAll &= isThere(items, i);
        }
        System.out.println("kept: " + (isAll && written > 0 ? "all" : "not all"));
      }
    }

    private static boolean isTaken(ItemStore items, int number) {
      try {
        items.create(new Item(key(number), 1, Map.of(), BODY));
        return true;
      } catch (StoreUnavailableException e) {
        return false;
      }
    }

    private static boolean isThere(ItemStore items, int number) {
      Item item = items.get(key(number));
      return item != null && item.body().equals(BODY);
    }

    private static ItemKey key(int number) {
      return new ItemKey("p", "s" + number);
    }
  }
}
