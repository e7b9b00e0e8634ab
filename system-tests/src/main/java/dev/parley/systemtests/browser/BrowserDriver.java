package dev.parley.systemtests.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The Node process that drives browsers (system-tests/browser/driver.mjs): commands and answers are
 * JSON lines. Safe for several threads. Closing it ends every browser it started.
 */
public final class BrowserDriver implements AutoCloseable {
  private static final int ANSWER_TIMEOUT_SECONDS = 60;
  private static final int END_TIMEOUT_SECONDS = 15;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final BufferedWriter input;
  private final ReentrantLock inputLock = new ReentrantLock();
  private final AtomicInteger nextId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();

  private BrowserDriver(Process process) {
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofVirtual().name("browser-driver-answers").start(this::readAnswers);
  }

  /**
   * Starts the driver.
   *
   * @param root the checkout
   */
  public static BrowserDriver start(Path root) throws IOException {
    Path folder = root.resolve("system-tests/browser");
    if (!Files.isDirectory(folder.resolve("node_modules/puppeteer-core"))) {
      throw new IOException("The browser driver is not installed; run: npm ci --prefix " + folder);
    }
    ProcessBuilder builder =
        new ProcessBuilder("node", folder.resolve("driver.mjs").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    return new BrowserDriver(builder.start());
  }

  /**
   * Starts Chromium.
   *
   * @param tone the WAV file that is its microphone, played over and over
   */
  public Browser chromium(Path tone) throws IOException {
    ObjectNode given = JSON.createObjectNode();
    given.put("browser", "chromium");
    given.put("executable", executable("chromium", "chromium-browser", "google-chrome"));
    given.put("tone", tone.toString());
    return launched(given);
  }

  /** Starts Firefox, whose microphone is a steady tone of 750 Hz. */
  public Browser firefox() throws IOException {
    ObjectNode given = JSON.createObjectNode();
    given.put("browser", "firefox");
    given.put("executable", executable("firefox-esr", "firefox"));
    return launched(given);
  }

  /** Sends one command and waits for its answer. */
  JsonNode call(String command, ObjectNode given) throws IOException {
    int id = nextId.incrementAndGet();
    given.put("id", id);
    given.put("do", command);
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    try {
      send(given);
      return answer.get(ANSWER_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(
          command + ": " + Optional.ofNullable(e.getCause()).orElse(e).getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException(
          command + ": the browser did not answer in " + ANSWER_TIMEOUT_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(command + ": interrupted", e);
    } finally {
      waiting.remove(id);
    }
  }

  @Override
  public void close() {
    try {
      input.close();
      if (!process.waitFor(END_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroy();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private Browser launched(ObjectNode given) throws IOException {
    JsonNode answer = call("launch", given);
    return new Browser(this, answer.path("browser").asInt(), answer.path("version").asText());
  }

  private void send(ObjectNode command) throws IOException {
    inputLock.lock();
    try {
      input.write(JSON.writeValueAsString(command));
      input.newLine();
      input.flush();
    } finally {
      inputLock.unlock();
    }
  }

  private void readAnswers() {
    String why = "the browser driver has ended";
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        onAnswer(JSON.readTree(line));
      }
    } catch (IOException e) {
      why = "the browser driver's answers cannot be read: " + e.getMessage();
    }
    for (CompletableFuture<JsonNode> answer : waiting.values()) {
      answer.completeExceptionally(new IOException(why));
    }
  }

  private void onAnswer(JsonNode message) {
    CompletableFuture<JsonNode> answer = waiting.get(message.path("id").asInt());
    if (answer == null) {
      return; // Its caller has given up.
    }
    if (message.has("error")) {
      answer.completeExceptionally(new IOException(message.path("error").asText()));
    } else {
      answer.complete(message.path("ok"));
    }
  }

  private static String executable(String... names) throws IOException {
    List<String> folders =
        List.of(Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin").split(":", -1));
    for (String name : names) {
      for (String folder : folders) {
        Path candidate = Path.of(folder, name);
        if (Files.isExecutable(candidate)) {
          return candidate.toString();
        }
      }
    }
    throw new IOException("No " + names[0] + " found; install it: apt-get install " + names[0]);
  }
}
