package dev.parley.testsupport;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A real redis-server in a process of its own: on loopback, on a free port, keeping nothing on
 * disk. Can be killed, stopped and started again on the same port.
 */
public final class RedisServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final List<String> command;
  private final int port;
  private Process process;

  private RedisServer(List<String> command, int port) throws IOException {
    this.command = command;
    this.port = port;
    process = launch();
  }

  /** Starts one with more options, such as {@code --replicaof}. */
  public static RedisServer start(String... options) {
    return start(null, options);
  }

  /** Starts one with a configuration file, which a Sentinel needs. */
  public static RedisServer start(@Nullable String configuration, String[] options) {
    int port = freePort();
    try {
      Path folder = Files.createTempDirectory("redis");
      List<String> command = new ArrayList<>(List.of("redis-server"));
      if (configuration != null) {
        command.add(Files.writeString(folder.resolve("redis.conf"), configuration).toString());
      }
      command.addAll(
          List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", ""));
      command.addAll(
          List.of("--appendonly", "no", "--dir", folder.toString(), "--loglevel", "warning"));
      command.addAll(List.of(options));
      RedisServer server = new RedisServer(command, port);
      server.awaitAnswer();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a port that was free a moment ago. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  public String address() {
    return "redis://127.0.0.1:" + port;
  }

  /** The process, to see what it uses. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Ends it as a crash would. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts it again, empty, on the same port. */
  public void restart() {
    kill();
    try {
      process = launch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitAnswer();
  }

  /** Lets it hang: connections stay, nothing is answered. */
  public void pause() {
    Signals.send(process.pid(), "STOP");
  }

  public void resume() {
    Signals.send(process.pid(), "CONT");
  }

  /** Sends a command and returns the whole reply as it came. */
  public String send(String... words) {
    StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      int length = word.getBytes(StandardCharsets.UTF_8).length;
      request.append('$').append(length).append("\r\n").append(word).append("\r\n");
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
      StringBuilder reply = new StringBuilder();
      readReply(new BufferedInputStream(socket.getInputStream()), reply);
      return reply.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until something holds. */
  public static void await(String what, BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadlineNs > 0) {
        throw new AssertionError("not in time: " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  @Override
  public void close() {
    kill();
  }

  private Process launch() throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void awaitAnswer() {
    await(
        "an answer of " + command,
        () -> {
          try {
            return process.isAlive() && send("PING").startsWith("+PONG");
          } catch (UncheckedIOException _) {
            return false;
          }
        });
  }

  private static void readReply(InputStream in, StringBuilder reply) throws IOException {
    String line = readLine(in);
    reply.append(line).append('\n');
    switch (line.charAt(0)) {
      case '$' -> {
        int length = Integer.parseInt(line.substring(1));
        if (length >= 0) {
          reply.append(new String(in.readNBytes(length + 2), StandardCharsets.UTF_8).strip());
          reply.append('\n');
        }
      }
      case '*' -> {
        for (int i = Integer.parseInt(line.substring(1)); i > 0; i--) {
          readReply(in, reply);
        }
      }
      default -> {}
    }
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
