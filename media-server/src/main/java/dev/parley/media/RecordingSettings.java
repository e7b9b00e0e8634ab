package dev.parley.media;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where recordings go.
 *
 * @param directory the spool
 * @param hasSessionKeys whether the session tier keeps the keys by which those are wrapped that the
 *     spool is sealed with; otherwise the key file does
 * @param keyFile of such keys; need not exist if the session tier keeps them
 * @param diskBytes what the spool may take
 * @param uploadBytesPerSec what all uploads may send together
 * @param uploadsAtOnce how many tracks are sent at once
 * @param storeKeysFile access keys of stores whose requests are signed here; null for none
 */
record RecordingSettings(
    Path directory,
    boolean hasSessionKeys,
    Path keyFile,
    long diskBytes,
    long uploadBytesPerSec,
    int uploadsAtOnce,
    @Nullable Path storeKeysFile) {
  /** The key file that is taken if none is named: beside the spool, not in it. */
  static Path keyFileBeside(Path directory) {
    Path absolute = directory.toAbsolutePath();
    return absolute.resolveSibling(absolute.getFileName() + "-keys");
  }
}
