package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * One event loop thread with its UDP port: owner of all peers whose answers offered that port.
 * Other threads reach it through {@link EventLoopProxy}, mix agents by its rings and {@link #wake}.
 */
public final class MediaEventLoop implements AutoCloseable {
  /** How often peers' states and reports are looked at: their times are in seconds. */
  private static final long POLL_INTERVAL_MS = 50;

  /** How long the loop goes on at the end, for the last close_notify to leave. */
  private static final long QUIET_MS = 50;

  private static final long CLOSE_TIMEOUT_MS = 2_000;

  /** Of events that one look at the sockets may bring: Netty's array grows. */
  private static final int EVENTS_UNLIMITED = 0;

  private final MediaEventLoopSettings settings;
  private final TransportCounters counters = new TransportCounters();
  private final LoopParts parts;
  private final MultiThreadIoEventLoopGroup group;
  private final IoEventLoop eventLoop;
  private final boolean usesEpoll;
  private final EventLoopProxy proxy;
  private final RingBuffer[] outbound;
  private final SendPath sendPath;
  private final ReportSender reports;
  private final AtomicBoolean isWoken = new AtomicBoolean();
  private final Runnable drain = this::drain;
  private final Consumer<Consumer<MediaEventLoop>> executor = this::execute;
  private final ScheduledFuture<?> timer;
  private final int port;

  /** Opens the sockets and starts the thread. */
  public MediaEventLoop(MediaEventLoopSettings settings) throws IOException {
    this.settings = settings;
    usesEpoll = settings.nativeTransport() && Epoll.isAvailable();
    parts = new LoopParts(settings, counters);
    IoHandlerFactory handlers =
        usesEpoll
            ? EpollIoHandler.newFactory(EVENTS_UNLIMITED, () -> parts.readRest)
            : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(1, settings.threads(), handlers);
    eventLoop = group.next();
    proxy = new EventLoopProxy(this::wake);
    outbound = new RingBuffer[settings.agents().size()];
    for (int i = 0; i < outbound.length; i++) {
      outbound[i] = settings.agents().get(i).outbound();
    }
    sendPath = new SendPath(parts);
    reports = new ReportSender(parts);
    ReceivePath receivePath = new ReceivePath(parts, new DtlsStage(parts, this::executeOnLoop));
    LoopSockets sockets = new LoopSockets(eventLoop, usesEpoll, settings.bindAddresses());
    try {
      port =
          sockets.open(
              settings.port(), channel -> new MediaSocket(senderOf(channel), receivePath, parts));
    } catch (IOException e) {
      group
          .shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
          .awaitUninterruptibly(CLOSE_TIMEOUT_MS);
      throw e;
    }
    timer =
        eventLoop.scheduleAtFixedRate(
            this::poll, POLL_INTERVAL_MS, POLL_INTERVAL_MS, TimeUnit.MILLISECONDS);
  }

  private DatagramSender senderOf(DatagramChannel channel) {
    return channel instanceof EpollDatagramChannel epollChannel
        ? new BatchSender(epollChannel, counters)
        : new ChannelSender(channel, counters);
  }

  /** The door for commands. */
  public EventLoopProxy proxy() {
    return proxy;
  }

  /** The UDP port that answers offer. */
  public int port() {
    return port;
  }

  /** True on epoll, false on the NIO fallback. */
  public boolean usesEpoll() {
    return usesEpoll;
  }

  /** Readable from any thread. */
  public TransportCounters counters() {
    return counters;
  }

  /**
   * Tells the loop that an outbound ring or the proxy has something. Any thread; costs a system
   * call only if the loop is not about to look anyway.
   */
  public void wake() {
    // What was written must be there before the flag is read: a compare-and-set that fails is but a
    // read, and on some processors would not wait for the write.
    VarHandle.fullFence();
    if (isWoken.compareAndSet(false, true)) {
      executeOnLoop(drain);
    }
  }

  /** Says goodbye to all peers, then ends the thread and closes the sockets. */
  @Override
  public void close() {
    executeOnLoop(this::endAll);
    group
        .shutdownGracefully(QUIET_MS, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(2 * CLOSE_TIMEOUT_MS);
  }

  private void executeOnLoop(Runnable task) {
    try {
      eventLoop.execute(task);
      parts.readRest.wake();
    } catch (RejectedExecutionException closed) {
      // The loop has ended, and with it everything the task could have changed.
    }
  }

  // On the loop's thread from here on.

  private void drain() {
    // Cleared first: whoever writes from now on wakes the loop again.
    isWoken.set(false);
    proxy.drain(executor, Limits.COMMANDS_PER_CYCLE_MAX);
    sendPath.at(settings.clockNs().getAsLong());
    boolean hasMore = proxy.hasCommands();
    for (RingBuffer ring : outbound) {
      sendPath.drain(ring);
      hasMore |= ring.size() > 0;
    }
    parts.flush();
    if (hasMore) {
      wake();
    }
  }

  private void execute(Consumer<MediaEventLoop> command) {
    try {
      command.accept(this);
    } catch (RuntimeException e) {
      counters.increment(TransportCounter.COMMAND_FAILURES);
    }
  }

  void onAddPeer(PeerDescription description) {
    if (parts.peers.byId(description.peerId()) != null) {
      proxy.onPeerRemoved();
      throw new IllegalArgumentException("peer exists: " + description.peerId());
    }
    RingBuffer inbound = settings.agents().get(description.agentIndex()).inbound();
    long nowNs = settings.clockNs().getAsLong();
    parts.peers.add(new Peer(description, settings.iceTimes(), inbound, nowNs));
    counters.increment(TransportCounter.PEERS_ADDED);
  }

  void onRemovePeer(int peerId) {
    Peer peer = parts.peers.byId(peerId);
    if (peer != null) {
      remove(peer);
    }
  }

  private void remove(Peer peer) {
    peer.release();
    parts.peers.remove(peer);
    proxy.onPeerRemoved();
    counters.increment(TransportCounter.PEERS_REMOVED);
  }

  private void poll() {
    long nowNs = settings.clockNs().getAsLong();
    // Backwards, since a finished peer leaves the table.
    for (int i = parts.peers.count() - 1; i >= 0; i--) {
      Peer peer = parts.peers.peer(i);
      peer.poll(nowNs, counters);
      if (peer.isFinished()) {
        remove(peer);
      } else {
        reports.poll(peer, nowNs);
      }
    }
    parts.flush();
  }

  private void endAll() {
    timer.cancel(false);
    for (int i = parts.peers.count() - 1; i >= 0; i--) {
      remove(parts.peers.peer(i));
    }
  }
}
