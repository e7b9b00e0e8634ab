package dev.parley.systemtests.show.session;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Many events sockets on one node, all on one thread of a process of its own: {@code SocketLoad API
 * KEY SOCKETS WATCHERS WARM-UP-ROUNDS ROUNDS}. Says {@code open} when all are there, waits for a
 * line, then sends messages into the conference that some of them watch, and prints how long each
 * took to each socket as one line of JSON.
 */
final class SocketLoad {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CONFERENCES = 5;
  private static final int BATCH = 50;
  private static final int BUFFER_LENGTH = 64 << 10;
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);
  private static final long BETWEEN_MS = 200;

  private final URI api;
  private final String key;
  private final HttpWire wire;
  private final Selector selector = Selector.open();
  private final List<EventSocket> sockets = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_LENGTH);

  private SocketLoad(URI api, String key) throws IOException {
    this.api = api;
    this.key = key;
    this.wire = new HttpWire(api);
  }

  public static void main(String[] arguments) throws Exception {
    SocketLoad load = new SocketLoad(URI.create(arguments[0]), arguments[1]);
    int count = Integer.parseInt(arguments[2]);
    int watchers = Integer.parseInt(arguments[3]);
    String watched = load.conference();
    load.open(watched, watchers);
    for (int i = 1; i < CONFERENCES; i++) {
      load.open(load.conference(), (count - watchers) / (CONFERENCES - 1));
    }
    load.await("welcomes", EventSocket::isWelcome);
    System.out.println("open " + load.sockets.size());
    load.idleUntilTold();
    Histogram us = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
    int warmUp = Integer.parseInt(arguments[4]);
    int rounds = Integer.parseInt(arguments[5]);
    for (int round = -warmUp; round < rounds; round++) {
      load.fanOut(watched, watchers, round, round < 0 ? null : us);
      load.idle(BETWEEN_MS);
    }
    ObjectNode line = JSON.createObjectNode();
    line.put("count", us.getTotalCount());
    line.put("p50", us.getValueAtPercentile(50) / 1e3)
        .put("p99", us.getValueAtPercentile(99) / 1e3);
    line.put("max", us.getMaxValue() / 1e3);
    line.put("ended", load.sockets.stream().filter(EventSocket::hasEnded).count());
    System.out.println(JSON.writeValueAsString(line));
    System.exit(0);
  }

  private String conference() throws IOException {
    return text(HttpWire.Request.post("/v1/conferences", key, "{}"), "id");
  }

  private String text(HttpWire.Request request, String field) throws IOException {
    HttpWire.Reply reply = wire.send(request);
    if (!reply.isSuccess()) {
      throw new IOException(request.path() + " answered " + reply.status() + " " + reply.body());
    }
    return JSON.readTree(reply.body()).path(field).asText();
  }

  private void open(String conference, int count) throws IOException {
    InetSocketAddress address = new InetSocketAddress(api.getHost(), api.getPort());
    String path = "/v1/conferences/" + conference;
    for (int i = 0; i < count; i++) {
      String ticket = text(HttpWire.Request.post(path + "/event-tickets", key, ""), "ticket");
      SocketChannel channel = SocketChannel.open(address);
      channel.configureBlocking(false);
      EventSocket socket =
          new EventSocket(channel, api.getAuthority(), path + "/events?ticket=" + ticket);
      channel.register(selector, SelectionKey.OP_READ, socket);
      sockets.add(socket);
      if (i % BATCH == 0) {
        await("sockets", EventSocket::isWelcome);
      }
    }
  }

  /** A message goes to all; the last has it when it has come to each. */
  private void fanOut(String conference, int watchers, int round, @Nullable Histogram us)
      throws IOException {
    String mark = "round" + round + "x";
    List<EventSocket> watching = sockets.subList(0, watchers);
    watching.forEach(socket -> socket.watchFor(mark));
    long startNs = System.nanoTime();
    Thread sender =
        Thread.ofPlatform()
            .start(() -> {
              try {
                String path = "/v1/conferences/" + conference + "/messages";
                String _ =
                    text(
                        HttpWire.Request.post(path, key, "{\"text\":\"" + mark + "\"}"),
                        "sequence");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    await("message", socket -> socket.seenNs() != 0 || !socket.isWatching());
    try {
      sender.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (EventSocket socket : watching) {
      if (us != null) {
        us.recordValue((socket.seenNs() - startNs) / 1_000);
      }
      socket.watchFor("");
    }
  }

  private void idleUntilTold() throws IOException {
    while (System.in.available() == 0) {
      idle(BETWEEN_MS);
    }
  }

  private void idle(long ms) throws IOException {
    long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    while (System.nanoTime() < untilNs) {
      turn(Math.max(1, TimeUnit.NANOSECONDS.toMillis(untilNs - System.nanoTime())));
    }
  }

  private void await(String what, Predicate<EventSocket> isDone) throws IOException {
    long untilNs = System.nanoTime() + PATIENCE_NS;
    while (!sockets.stream().allMatch(isDone)) {
      if (System.nanoTime() > untilNs) {
        long missing = sockets.stream().filter(isDone.negate()).count();
        throw new IOException("no " + what + " came to " + missing + " of " + sockets.size());
      }
      turn(100);
    }
  }

  private void turn(long timeoutMs) throws IOException {
    selector.select(timeoutMs);
    for (SelectionKey ready : selector.selectedKeys()) {
      if (ready.attachment() instanceof EventSocket socket) {
        socket.read(buffer);
      }
    }
    selector.selectedKeys().clear();
  }
}
