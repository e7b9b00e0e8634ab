package dev.parley.systemtests.show;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The default set-up, started as anyone starts it: {@code ./parley up}. Closing it stops both
 * services.
 */
public final class ParleyUp implements AutoCloseable {
  private static final String ANNOUNCEMENT = "Parley is up:";
  private static final int STOP_TIMEOUT_SECONDS = 20;

  private final Process process;
  private final String url;

  private ParleyUp(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts what was built and waits until both services are ready.
   *
   * @param root the checkout
   * @param data where conferences, keys and logs are kept
   */
  public static ParleyUp start(Path root, Path data) throws IOException {
    return start(root, data, Map.of());
  }

  /** The same with settings, as variables of the environment. */
  public static ParleyUp start(Path root, Path data, Map<String, String> settings)
      throws IOException {
    return start(root, data, settings, List.of());
  }

  /**
   * The same elsewhere.
   *
   * @param entering the command that runs another one there
   */
  public static ParleyUp start(
      Path root, Path data, Map<String, String> settings, List<String> entering)
      throws IOException {
    List<String> command = new ArrayList<>(entering);
    command.addAll(
        List.of(root.resolve("parley").toString(), "up", "--no-build", "--data", data.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(settings);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    List<String> said = new ArrayList<>();
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      said.add(line);
      if (line.startsWith(ANNOUNCEMENT)) {
        // Waiting for a pipe holds a carrier, which may be the only one for all virtual threads.
        Thread.ofPlatform()
            .name("parley-up-output")
            .daemon(true)
            .start(() -> reader.lines().forEach(rest -> {}));
        return new ParleyUp(process, line.substring(ANNOUNCEMENT.length()).strip());
      }
    }
    throw new IOException("./parley up did not start:\n" + String.join("\n", said));
  }

  /** The page's address, with a slash at its end. */
  public String url() {
    return url;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
