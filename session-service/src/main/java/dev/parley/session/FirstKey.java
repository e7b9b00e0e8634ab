package dev.parley.session;

import dev.parley.session.access.ApiKey;
import dev.parley.session.access.ApiKeyStore;
import dev.parley.session.access.ApiKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the first server key of a new store, and leaves its only copy in a file. */
final class FirstKey {
  private static final Logger LOG = LoggerFactory.getLogger(FirstKey.class);
  private static final String TENANT = "default";

  private FirstKey() {}

  /** Returns any key of the store, making one if there is none. */
  static ApiKey ensure(ApiKeyStore store, ApiKeys keys, PrivateFolder folder) throws IOException {
    ApiKey any = store.anyApiKey();
    if (any != null) {
      return any;
    }
    ApiKeys.NewKey made = keys.create(TENANT);
    Path file = folder.newFile(PrivateFolder.SERVER_KEY);
    Files.writeString(file, made.text() + "\n");
    LOG.info("made the first server key; its only copy is in {}", file);
    return made.key();
  }
}
