package dev.parley.benchmarks.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * The thread of many clients: reads their sockets each millisecond, and calls each when something
 * of it is due. How late it does so is recorded, for a load generator that is late itself measures
 * nothing.
 */
public final class ClientLoop implements AutoCloseable {
  private static final int DATAGRAM_LENGTH_MAX = 2_048;
  private static final int DATAGRAMS_PER_READ_MAX = 64;
  private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * How long packets may wait in their sockets. The loop never waits for the sockets themselves:
   * who sends to one that is waited for must wake the one who waits, an interrupt to the other
   * processor that on loopback the sender is charged with, where a network card would interrupt the
   * receiver's machine.
   */
  private static final long BEAT_NS = TimeUnit.MILLISECONDS.toNanos(1);

  /** A punctual loop does not sleep in the last milliseconds before something is due. */
  private static final long AWAKE_NS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Selector selector;
  private final LongSupplier clockNs;
  private final long awakeNs;
  private final Thread thread;
  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final List<Entry> entries = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(DATAGRAM_LENGTH_MAX);
  private final Histogram lateUs = new Histogram(TimeUnit.SECONDS.toMicros(10), 3);
  private final LongAdder sendFailures = new LongAdder();
  private volatile boolean running = true;

  /** A client, and when it wants to be called. */
  private static final class Entry {
    final PeerConnection client;
    long dueNs;

    Entry(PeerConnection client, long dueNs) {
      this.client = client;
      this.dueNs = dueNs;
    }
  }

  /** Starts the thread; what it does is up to a millisecond late. */
  public ClientLoop(String name) throws IOException {
    this(name, false);
  }

  /**
   * Starts the thread.
   *
   * @param isPunctual to the microsecond, by not sleeping while anything is due soon: what is due
   *     in one millisecond then does not leave in one burst. Uses a processor up.
   */
  public ClientLoop(String name, boolean isPunctual) throws IOException {
    this.selector = Selector.open();
    this.clockNs = System::nanoTime;
    this.awakeNs = isPunctual ? AWAKE_NS : 0;
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
    thread.start();
  }

  /** Does it on the loop's thread, soon. */
  public void execute(Runnable command) {
    commands.add(command);
    LockSupport.unpark(thread);
  }

  /** How late clients were called, in microseconds; a copy. Any thread but the loop's. */
  public Histogram lateUs() {
    CompletableFuture<Histogram> copy = new CompletableFuture<>();
    execute(() -> copy.complete(lateUs.copy()));
    return copy.join();
  }

  /** Datagrams the kernel would not take. */
  public long sendFailures() {
    return sendFailures.sum();
  }

  long nowNs() {
    return clockNs.getAsLong();
  }

  void add(PeerConnection client) {
    assert Thread.currentThread().equals(thread);
    entries.add(new Entry(client, nowNs()));
  }

  /** Calls the client in this round, whenever it was due. */
  void callSoon(PeerConnection client) {
    for (Entry entry : entries) {
      if (entry.client.equals(client)) {
        entry.dueNs = nowNs();
      }
    }
  }

  void register(DatagramChannel channel, PeerConnection client) throws ClosedChannelException {
    assert Thread.currentThread().equals(thread);
    channel.register(selector, SelectionKey.OP_READ, client);
  }

  void countSendFailure() {
    sendFailures.increment();
  }

  private void run() {
    try {
      long nextNs = nowNs();
      while (running) {
        LockSupport.parkNanos(this, Math.min(BEAT_NS, nextNs - nowNs() - awakeNs));
        runCommands();
        selector.selectNow();
        readSockets();
        nextNs = callDue();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      closeAll();
    }
  }

  private void runCommands() {
    Runnable command = commands.poll();
    while (command != null) {
      command.run();
      command = commands.poll();
    }
  }

  private void readSockets() throws IOException {
    long nowNs = nowNs();
    for (SelectionKey key : selector.selectedKeys()) {
      PeerConnection client = (PeerConnection) key.attachment();
      DatagramChannel channel = (DatagramChannel) key.channel();
      int count = 0;
      while (count < DATAGRAMS_PER_READ_MAX
          && channel.isOpen()
          && client.onReadable(channel, buffer, nowNs)) {
        count++;
      }
    }
    selector.selectedKeys().clear();
  }

  private long callDue() {
    long nowNs = nowNs();
    long nextNs = nowNs + IDLE_NS;
    for (int i = entries.size() - 1; i >= 0; i--) {
      Entry entry = entries.get(i);
      if (nowNs - entry.dueNs >= 0) {
        lateUs.recordValue(
            Math.clamp((nowNs - entry.dueNs) / 1_000, 0, lateUs.getHighestTrackableValue()));
        entry.dueNs = entry.client.onTime(nowNs);
        if (entry.dueNs == Long.MAX_VALUE) {
          entries.remove(i);
          continue;
        }
      }
      nextNs = Math.min(nextNs, entry.dueNs);
    }
    return nextNs;
  }

  private void closeAll() {
    try {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the thread and closes all sockets. */
  @Override
  public void close() {
    running = false;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
