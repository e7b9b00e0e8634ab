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
import org.h2.mvstore.MVStoreTool;

/** Erasing people from a file. */
final class EmbeddedErasureIT extends ErasureContract {
  private static final String FILE = "facts.mv";

  @Override
  List<String> storage() {
    return List.of();
  }

  @Override
  ItemStores open(Path folder) {
    return EmbeddedStore.open(folder.resolve(FILE));
  }

  @Override
  boolean isOpenToOthers() {
    return false;
  }

  /** The rest of the file is pages that are not in use any more, which a copy leaves out. */
  @Override
  void searchBeside(Path folder, String conference, String text) {
    MVStoreTool.compact(folder.resolve(FILE).toString(), false);
    try {
      String bytes = Files.readString(folder.resolve(FILE), StandardCharsets.ISO_8859_1);
      assertThat(bytes.contains(text.equals("canary-words") ? "canary-wordscanary" : text))
          .as("%s in the file", text)
          .isFalse();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
