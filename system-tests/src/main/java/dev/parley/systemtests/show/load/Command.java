package dev.parley.systemtests.show.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another program, run to its end; what it says must fit a pipe. */
final class Command {
  private Command() {}

  /**
   * Returns what it said.
   *
   * @throws IOException with what it said, if it failed or did not end in time
   */
  static String run(int timeoutSeconds, List<String> words)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", words) + " did not end in " + timeoutSeconds + " s");
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw new IOException(String.join(" ", words) + " failed: " + said.strip());
    }
    return said;
  }
}
