package dev.parley.systemtests.show.session;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Like {@link OpenLoop}, for requests that are known beforehand: one thread sends them all, on as
 * many connections as are needed, so that the load costs its machine little. One thread.
 */
final class RequestLoop {
  private static final int CONNECTIONS_MAX = 256;
  private static final int WAITING_MAX = OpenLoop.UNDER_WAY_MAX - CONNECTIONS_MAX;
  private static final long MILLISECOND_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LAST_ANSWER_NS = TimeUnit.SECONDS.toNanos(30);

  private final InetSocketAddress service;
  private final String host;
  private final int perSec;
  private final IntFunction<HttpWire.Request> requests;
  private final ConcurrentHistogram us = new ConcurrentHistogram(OpenLoop.LONGEST_US, 3);
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private final ArrayDeque<Due> waiting = new ArrayDeque<>();
  private int connectionCount;
  private int underWay;

  /**
   * Takes what it needs.
   *
   * @param requests makes the so-manieth one
   */
  RequestLoop(URI service, int perSec, IntFunction<HttpWire.Request> requests) {
    this.service = new InetSocketAddress(service.getHost(), service.getPort());
    this.host = service.getAuthority();
    this.perSec = perSec;
    this.requests = requests;
  }

  private record Due(int number, long dueNs, boolean isTimed) {}

  /** Goes on for a while; what is due in the first part is not timed, and its end is printed. */
  OpenLoop.Result run(Duration warmUp, Duration time) throws IOException {
    long intervalNs = TimeUnit.SECONDS.toNanos(1) / perSec;
    int warm = (int) (warmUp.toNanos() / intervalNs);
    int count = warm + (int) (time.toNanos() / intervalNs);
    try (Selector selector = Selector.open()) {
      long startNs = System.nanoTime();
      long endNs = startNs + count * intervalNs + LAST_ANSWER_NS;
      int next = 0;
      while (next < count || underWay > 0 || !waiting.isEmpty()) {
        long nowNs = System.nanoTime();
        while (next < count && startNs + next * intervalNs <= nowNs) {
          if (next == warm) {
            System.out.println("timed");
          }
          begin(selector, new Due(next, startNs + next * intervalNs, next >= warm));
          next++;
        }
        if (nowNs > endNs) {
          fail("no answer in " + LAST_ANSWER_NS / 1_000_000_000 + " s", underWay + waiting.size());
          break;
        }
        awaitAnswers(selector, next < count ? startNs + next * intervalNs : endNs);
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    }
    return new OpenLoop.Result(us, failures);
  }

  private void begin(Selector selector, Due due) throws IOException {
    Connection connection = idle.pollFirst();
    if (connection == null && connectionCount < CONNECTIONS_MAX) {
      connection = new Connection(selector);
      connectionCount++;
    }
    if (connection != null) {
      send(connection, due);
    } else if (waiting.size() < WAITING_MAX) {
      waiting.addLast(due);
    } else {
      fail("too many under way", 1);
    }
  }

  private void send(Connection connection, Due due) throws IOException {
    connection.due = due;
    underWay++;
    connection.send(requests.apply(due.number()).bytes(host));
  }

  /** A selector counts in milliseconds: for less, the thread sleeps and then looks. */
  private void awaitAnswers(Selector selector, long nextNs) throws IOException {
    long leftNs = nextNs - System.nanoTime();
    if (leftNs >= 2 * MILLISECOND_NS) {
      selector.select(leftNs / MILLISECOND_NS - 1);
    } else {
      LockSupport.parkNanos(leftNs);
      selector.selectNow();
    }
    for (SelectionKey key : selector.selectedKeys()) {
      Connection connection = (Connection) key.attachment();
      if (key.isWritable()) {
        connection.flush();
      } else {
        switch (connection.receive()) {
          case PART -> {}
          case WHOLE -> answered(connection);
          case END -> ended(connection);
        }
      }
    }
    selector.selectedKeys().clear();
  }

  /** A service may close a connection that nobody uses, or after a refusal. */
  private void ended(Connection connection) throws IOException {
    connection.channel.close();
    connectionCount--;
    if (!idle.remove(connection)) {
      underWay--;
      fail("the connection was closed before an answer", 1);
    }
    Due waited = waiting.pollFirst();
    if (waited != null) {
      begin(connection.key.selector(), waited);
    }
  }

  private void answered(Connection connection) throws IOException {
    Due due = connection.due;
    HttpWire.Reply reply = connection.answer.take();
    underWay--;
    if (!reply.isSuccess()) {
      fail(ApiLoad.reason(reply), 1);
    } else if (due.isTimed()) {
      us.recordValue(Math.min(OpenLoop.LONGEST_US, (System.nanoTime() - due.dueNs()) / 1_000));
    }
    Due waited = waiting.pollFirst();
    if (waited == null) {
      idle.addFirst(connection);
    } else {
      send(connection, waited);
    }
  }

  private void fail(String why, int times) {
    failures.computeIfAbsent(why, _ -> new LongAdder()).add(times);
  }

  /** What has come of an answer. */
  private enum Received {
    PART,
    WHOLE,
    END
  }

  /** One connection with one request under way at a time. */
  private final class Connection {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final HttpAnswer answer = new HttpAnswer();
    private ByteBuffer out = ByteBuffer.allocate(0);
    private Due due = new Due(0, 0, false);

    Connection(Selector selector) throws IOException {
      channel = SocketChannel.open(service);
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(byte[] request) throws IOException {
      out = ByteBuffer.wrap(request);
      flush();
    }

    void flush() throws IOException {
      channel.write(out);
      key.interestOps(out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    Received receive() throws IOException {
      if (channel.read(answer.room()) < 0) {
        return Received.END;
      }
      return answer.isWhole() ? Received.WHOLE : Received.PART;
    }
  }
}
