package dev.parley.systemtests.show.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A load in a process of its own, whose last word is one line of JSON. One thread. */
public final class LoadProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long END_TIMEOUT_SEC = 10;

  /** Of generators: they are to leave the processors to what they measure. */
  static final List<String> GENERATOR =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m");

  private final Process process;
  private final BufferedReader said;

  LoadProcess(Class<?> mainClass, List<String> flags, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"));
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath(), mainClass.getName()));
    command.addAll(arguments);
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    said = process.inputReader(StandardCharsets.UTF_8);
  }

  /** In tests Surefire hides it behind a jar of its own. */
  public static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** Runs a generator to its end. */
  public static JsonNode run(Class<?> mainClass, List<String> arguments) throws IOException {
    return run(mainClass, GENERATOR, arguments);
  }

  /** Runs one to its end, with flags of its own. */
  static JsonNode run(Class<?> mainClass, List<String> flags, List<String> arguments)
      throws IOException {
    try (LoadProcess load = new LoadProcess(mainClass, flags, arguments)) {
      return load.result();
    }
  }

  /** Waits for a line that begins so. */
  public void await(String beginning) throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(beginning)) {
        return;
      }
    }
    throw new IOException("the load ended before it said " + beginning);
  }

  /** Lets one go on that waits. */
  public void goOn() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** Waits for its figures. */
  public JsonNode result() throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith("{")) {
        return JSON.readTree(line);
      }
    }
    throw new IOException("the load ended without figures");
  }

  @Override
  public void close() {
    try {
      if (!process.waitFor(END_TIMEOUT_SEC, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
