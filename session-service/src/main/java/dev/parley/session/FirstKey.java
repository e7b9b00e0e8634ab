package dev.parley.session;

import static java.util.Objects.requireNonNull;

import dev.parley.session.access.ApiKeyStore;
import dev.parley.session.access.ApiKeys;
import dev.parley.session.access.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the first server key of a new store, and leaves its only copy in a file. */
final class FirstKey {
  private static final Logger LOG = LoggerFactory.getLogger(FirstKey.class);

  /** Whose it is; open rooms are this tenant's too. */
  static final String TENANT = "default";

  private FirstKey() {}

  /** Makes a key that may do everything if the store has none. */
  static void ensure(ApiKeyStore store, ApiKeys keys, PrivateFolder folder) throws IOException {
    if (store.anyApiKey(null) != null) {
      return;
    }
    ApiKeys.NewKey made = keys.create(TENANT, "first", Scope.ALL);
    Path file = folder.newFile(PrivateFolder.SERVER_KEY);
    Files.writeString(file, requireNonNull(made.text()) + "\n");
    LOG.info("made the first server key; its only copy is in {}", file);
  }
}
