package dev.parley.testsupport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of our services in a process of its own, ready to use. Can be killed, stopped and let go on.
 */
public final class ServiceProcess implements AutoCloseable {
  private static final long START_TIMEOUT_SEC = 60;
  private static final long STOP_TIMEOUT_SEC = 15;
  private static final int LINES_KEPT = 40;

  private final Process process;
  private final Deque<String> last = new ConcurrentLinkedDeque<>();
  private final CompletableFuture<MatchResult> ready = new CompletableFuture<>();

  private ServiceProcess(Process process, Pattern word) {
    this.process = process;
    // Read to the end, or the service would stop at a full pipe.
    Thread.ofPlatform().name("service-output").daemon(true).start(() -> listen(word));
  }

  /**
   * What to start.
   *
   * @param flags of the JVM, besides those that both services need
   * @param ready what a line of its output has when it is ready
   */
  public record Program(String mainClass, String classPath, List<String> flags, Pattern ready) {}

  /** Starts it and waits until it says that it is ready. */
  public static ServiceProcess start(Program program, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"));
    command.addAll(program.flags());
    command.addAll(List.of("-cp", program.classPath(), program.mainClass()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    ServiceProcess service = new ServiceProcess(process, program.ready());
    service.said();
    return service;
  }

  /** What the line that said so was. */
  public MatchResult said() {
    try {
      return ready.get(START_TIMEOUT_SEC, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      kill();
      throw new IllegalStateException("it did not start; it said:\n" + output(), e);
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Ends it as a crash would. */
  public void kill() {
    process.destroyForcibly();
    await();
  }

  /** Lets it hang: connections stay, nothing is answered. */
  public void pause() {
    Signals.send(process.pid(), "STOP");
  }

  public void resume() {
    Signals.send(process.pid(), "CONT");
  }

  /** Ends it as an operator would. */
  @Override
  public void close() {
    resume();
    process.destroy();
    if (!await()) {
      kill();
    }
  }

  private boolean await() {
    try {
      return process.waitFor(STOP_TIMEOUT_SEC, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void listen(Pattern word) {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Matcher matcher = word.matcher(line);
        if (matcher.find()) {
          ready.complete(matcher.toMatchResult());
        }
        last.addLast(line);
        if (last.size() > LINES_KEPT) {
          last.removeFirst();
        }
      }
    } catch (IOException e) {
      ready.completeExceptionally(new UncheckedIOException(e));
    }
    ready.completeExceptionally(new IOException("it ended"));
  }

  private String output() {
    return String.join("\n", last);
  }
}
