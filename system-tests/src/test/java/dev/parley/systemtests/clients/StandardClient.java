package dev.parley.systemtests.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.benchmarks.client.HeardSound;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One participant by a WebRTC library of others, a Node program in {@code
 * system-tests/browser/clients}. It sends a voice out of a file and says what it receives, which is
 * decoded here. Safe for several threads.
 */
final class StandardClient implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final String name;
  private final Process process;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, HeardSound> streams = new HashMap<>();
  private final List<JsonNode> said = new ArrayList<>();
  private boolean isOver;

  private StandardClient(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /**
   * A media session that it is to have.
   *
   * @param url where to offer
   * @param sends whether it sends its voice
   * @param lines how many audio lines it receives on
   */
  record Session(String url, boolean sends, int lines) {}

  /**
   * Starts it, and waits until its sessions are connected.
   *
   * @param program the program's name, without its ending
   * @param token the join token it has
   * @param voice Opus packets of 20 ms, each after its length in two bytes
   */
  static StandardClient join(String program, String token, Path voice, List<Session> sessions)
      throws IOException, InterruptedException {
    ObjectNode task = JSON.createObjectNode().put("token", token).put("voice", voice.toString());
    ArrayNode wanted = task.putArray("sessions");
    for (Session session : sessions) {
      wanted
          .addObject()
          .put("url", session.url())
          .put("sends", session.sends())
          .put("lines", session.lines());
    }
    Path file = Path.of("browser", "clients", program + ".mjs");
    Process process =
        new ProcessBuilder("node", file.toString(), JSON.writeValueAsString(task))
            .redirectErrorStream(true)
            .start();
    StandardClient client = new StandardClient(program, process);
    Thread.ofPlatform().name(program + "-output").daemon(true).start(client::readOutput);
    client.await("connected", () -> client.count("connected") == sessions.size());
    return client;
  }

  /** Begins ICE of all sessions anew, and waits until so many are connected by it. */
  void restartIce(int sessions) throws IOException, InterruptedException {
    BufferedWriter input = process.outputWriter(StandardCharsets.UTF_8);
    input.write("restart\n");
    input.flush();
    await("restarted", () -> count("restarted") == sessions);
  }

  /** Waits until it hears a tone at this level or louder, dB of full scale. */
  void awaitTone(int hertz, double levelDbov) throws IOException, InterruptedException {
    await("hearing " + hertz + " Hz", () -> toneDbov(hertz) >= levelDbov);
  }

  /** Waits until a second more of sound has come, so that what it hears is all from after now. */
  void awaitNextSecond() throws IOException, InterruptedException {
    long enough = longestSamples() + 48_000;
    await("sound", () -> longestSamples() >= enough);
  }

  /** The level of a tone in the last second of the stream that has most of it, dB of full scale. */
  double hears(int hertz) {
    lock.lock();
    try {
      return toneDbov(hertz);
    } finally {
      lock.unlock();
    }
  }

  /** Statuses of its {@code PATCH} requests with candidates. */
  List<Integer> trickled() {
    lock.lock();
    try {
      return said.stream()
          .filter(line -> line.has("trickled"))
          .map(line -> line.path("trickled").asInt())
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** Ends its sessions, and it; returns the statuses of its {@code DELETE} requests. */
  List<Integer> leave() throws IOException, InterruptedException {
    process.outputWriter(StandardCharsets.UTF_8).close();
    await("ended", () -> count("ended") == 1);
    lock.lock();
    try {
      JsonNode ended = said.getLast().path("ended");
      return StreamSupport.stream(ended.spliterator(), false).map(JsonNode::asInt).toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private double toneDbov(int hertz) {
    return streams.values().stream()
        .mapToDouble(stream -> stream.toneDbov(hertz))
        .max()
        .orElse(Double.NEGATIVE_INFINITY);
  }

  private long longestSamples() {
    return streams.values().stream().mapToLong(HeardSound::samples).max().orElse(0);
  }

  private long count(String what) {
    return said.stream().filter(line -> line.has(what)).count();
  }

  private void await(String what, BooleanSupplier isSo) throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    lock.lock();
    try {
      while (!isSo.getAsBoolean()) {
        long leftNs = deadlineNs - System.nanoTime();
        if (isOver || leftNs <= 0) {
          throw new IOException(name + ": not " + what + "; it said: " + said);
        }
        changed.awaitNanos(leftNs);
      }
    } finally {
      lock.unlock();
    }
  }

  private void readOutput() {
    try {
      process.inputReader(StandardCharsets.UTF_8).lines().forEach(this::onLine);
    } catch (UncheckedIOException e) {
      // It is over.
    }
    lock.lock();
    try {
      isOver = true;
      streams.values().forEach(HeardSound::close);
      streams.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void onLine(String line) {
    JsonNode message = parsed(line);
    lock.lock();
    try {
      if (message.has("heard")) {
        byte[] packet = Base64.getDecoder().decode(message.path("heard").asText());
        streams
            .computeIfAbsent(message.path("stream").asText(), _ -> new HeardSound())
            .onPayload(new UnsafeBuffer(packet), 0, packet.length);
      } else {
        said.add(message);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What a library writes for people is kept as text. */
  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      return JSON.getNodeFactory().textNode(line);
    }
  }
}
