package dev.parley.systemtests.show.load;

import dev.parley.systemtests.show.Report;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Grants large pages to whoever asks for them, as docs/operations.md wants a media server's machine
 * to be set up, for as long as this is open; then what was set before is set again.
 */
public final class LargePages implements AutoCloseable {
  private static final Path SETTING = Path.of("/sys/kernel/mm/transparent_hugepage/shmem_enabled");

  /** The kernel lists all choices and marks the one in force. */
  private static final Pattern CHOSEN = Pattern.compile("\\[(\\w+)]");

  private static final String REFUSED = "never";
  private static final String ON_REQUEST = "advise";

  private final boolean mustRestore;

  private LargePages(boolean mustRestore) {
    this.mustRestore = mustRestore;
  }

  /** Tells in the report what the machine grants, and for how long. */
  public static LargePages grant(Report report) {
    String chosen = chosen();
    boolean mustGrant = chosen.equals(REFUSED) && Files.isWritable(SETTING);
    String told = chosen;
    if (mustGrant) {
      try {
        Files.writeString(SETTING, ON_REQUEST);
        told = ON_REQUEST + " for as long as this runs; " + chosen + " before";
      } catch (IOException e) {
        mustGrant = false;
      }
    }
    report.tell("large pages for Java's heap", told);
    return new LargePages(mustGrant);
  }

  private static String chosen() {
    // With one read: such files give nothing to a second one.
    byte[] bytes = new byte[256];
    try (InputStream stream = Files.newInputStream(SETTING)) {
      int length = Math.max(0, stream.read(bytes, 0, bytes.length));
      Matcher matcher = CHOSEN.matcher(new String(bytes, 0, length, StandardCharsets.US_ASCII));
      return matcher.find() ? matcher.group(1) : "unknown";
    } catch (IOException e) {
      return "unknown";
    }
  }

  @Override
  public void close() throws IOException {
    if (mustRestore) {
      Files.writeString(SETTING, REFUSED);
    }
  }
}
