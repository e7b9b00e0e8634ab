package dev.parley.media.transport;

import dev.parley.media.ice.IceCredentials;
import dev.parley.media.packet.Limits;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * One media thread with its UDP port and its mix agent: owner of all peers whose answers offered
 * that port. Other threads reach it through {@link EventLoopProxy}, their mix agents by its rings
 * and {@link #wake}.
 *
 * <p>A cycle reads the sockets, takes commands, lets the agent do its work, and sends what all
 * agents have for its peers. Then the thread waits until its agent's next tick is due, something
 * comes by a socket, or another thread wakes it.
 */
public final class MediaEventLoop implements AutoCloseable {
  /** How often some of the peers' states and reports are looked at: their times are in seconds. */
  private static final long POLL_INTERVAL_NS = 50_000_000L;

  /** How long a poll may wait for something else to wake the thread. */
  private static final long POLL_SLACK_NS = 50_000_000L;

  /** How long the loop goes on at the end, for the last close_notify to leave. */
  private static final long QUIET_NS = 50_000_000L;

  private static final long QUIET_STEP_NS = 5_000_000L;

  private static final long CLOSE_TIMEOUT_MS = 2_000;

  private static final long CLOSE_TIMEOUT_NS = CLOSE_TIMEOUT_MS * 1_000_000;

  /** Of events that one look at the sockets may bring: Netty's array grows. */
  private static final int EVENTS_UNLIMITED = 0;

  /** For Netty's own tasks, which only starting and ending make: all that are waiting. */
  private static final long ALL_TASKS = 0;

  private static final int TASKS_CHUNK = 256;

  private final MediaEventLoopSettings settings;
  private final LoopAgent agent;
  private final TransportCounters counters = new TransportCounters();
  private final LoopParts parts;
  private final Thread thread;
  private final ManualIoEventLoop eventLoop;
  private final LoopWait wait;
  private final boolean usesEpoll;
  private final EventLoopProxy proxy;
  private final RingBuffer[] outbound;
  private final SendPath sendPath;
  private final ReportSender reports;
  private final TcpConnections connections;

  /** What handshakes bring, each of which is bounded in what it may have waiting here. */
  private final MpscUnboundedVarHandleArrayQueue<Runnable> tasks =
      new MpscUnboundedVarHandleArrayQueue<>(TASKS_CHUNK);

  private final Consumer<Consumer<MediaEventLoop>> executor = this::execute;
  private final CountDownLatch agentEnded = new CountDownLatch(1);
  private final int port;
  private final int tcpPort;
  private volatile boolean mustEndAgent;
  private volatile boolean mustEnd;
  private long nextPollNs;

  /** All of 500 peers in one go would hold up packets. */
  private final PollTurns pollTurns = new PollTurns();

  /** When the last task was run. */
  private long quietSinceNs;

  /** Opens the sockets and starts the thread. */
  public MediaEventLoop(MediaEventLoopSettings settings) throws IOException {
    this.settings = settings;
    agent = settings.agent();
    usesEpoll = settings.nativeTransport() && Epoll.isAvailable();
    parts = new LoopParts(settings, counters);
    thread = settings.threads().newThread(this::run);
    eventLoop = new WakeableEventLoop(thread, usesEpoll);
    wait = new LoopWait(thread, eventLoop::wakeup);
    proxy = new EventLoopProxy(this::wake);
    outbound = new RingBuffer[settings.agents().size()];
    for (int i = 0; i < outbound.length; i++) {
      outbound[i] = settings.agents().get(i).outbound();
    }
    sendPath = new SendPath(parts);
    reports = new ReportSender(parts);
    nextPollNs = settings.clockNs().getAsLong() + POLL_INTERVAL_NS;
    ReceivePath receivePath = new ReceivePath(parts, new DtlsStage(parts, this::executeOnLoop));
    connections = new TcpConnections(parts, receivePath);
    LoopSockets sockets = new LoopSockets("UDP", opener(receivePath), settings.bindAddresses());
    LoopSockets listeners = new LoopSockets("TCP", this::listen, settings.bindAddresses());
    thread.start();
    try {
      port = sockets.open(settings.port());
      tcpPort =
          settings.tcpPort() == MediaEventLoopSettings.NO_TCP
              ? MediaEventLoopSettings.NO_TCP
              : listeners.open(settings.tcpPort());
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** Netty's part, which returns from the sockets when this thread has been woken. */
  private final class WakeableEventLoop extends ManualIoEventLoop {
    WakeableEventLoop(Thread thread, boolean usesEpoll) {
      super(
          thread,
          usesEpoll
              ? EpollIoHandler.newFactory(EVENTS_UNLIMITED, DefaultSelectStrategyFactory.INSTANCE)
              : NioIoHandler.newFactory());
    }

    @Override
    protected boolean canBlock() {
      return wait.maySelect();
    }
  }

  private LoopSockets.Opener opener(ReceivePath receivePath) {
    if (!usesEpoll) {
      return address -> ChannelSocket.open(address, eventLoop, receivePath, parts);
    }
    BatchReceiver receiver = new BatchReceiver(parts, receivePath);
    return address -> EpollSocket.open(address, eventLoop, receiver, parts);
  }

  private LoopSockets.Opened listen(InetSocketAddress address) throws IOException {
    return TcpListener.open(address, eventLoop, usesEpoll, connections, counters);
  }

  /** The door for commands. */
  public EventLoopProxy proxy() {
    return proxy;
  }

  /** The UDP port that answers offer. */
  public int port() {
    return port;
  }

  /** The TCP port that answers offer, or {@link MediaEventLoopSettings#NO_TCP}. */
  public int tcpPort() {
    return tcpPort;
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
   * Tells the loop that an outbound ring, one of its agent's rings or the proxy has something. Any
   * thread; costs a system call only if the loop waits.
   */
  public void wake() {
    wait.wake();
  }

  /**
   * Ends what the agent runs and waits until that has happened; the loop goes on to send. Not on
   * the loop's thread.
   */
  public void closeAgent() {
    mustEndAgent = true;
    wake();
    try {
      if (!agentEnded.await(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the mix agent does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says goodbye to all peers, then ends the thread and closes the sockets. */
  @Override
  public void close() {
    mustEnd = true;
    wake();
    try {
      if (!thread.join(Duration.ofMillis(2 * CLOSE_TIMEOUT_MS))) {
        throw new IllegalStateException("the event loop does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void executeOnLoop(Runnable task) {
    tasks.offer(task);
    wake();
  }

  // On the loop's thread from here on.

  private void run() {
    while (!mustEnd) {
      waitAndRead();
      cycle();
    }
    endAgent();
    endAll();
    // A while longer, until no close_notify has come for as long: they are made on other threads,
    // which need the processor that this one must not hold meanwhile.
    long startNs = settings.clockNs().getAsLong();
    quietSinceNs = startNs;
    for (long nowNs = startNs;
        nowNs - quietSinceNs < QUIET_NS && nowNs - startNs < CLOSE_TIMEOUT_NS;
        nowNs = settings.clockNs().getAsLong()) {
      wait.willSelect();
      eventLoop.run(QUIET_STEP_NS, ALL_TASKS);
      wait.goOn();
      cycle();
    }
    Future<?> termination =
        eventLoop.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    while (!termination.isDone()) {
      eventLoop.runNow(ALL_TASKS);
    }
  }

  /** Waits until there is something to do, and reads what the sockets have. */
  private void waitAndRead() {
    long startNs = settings.clockNs().getAsLong();
    long untilReadNs = parts.readRest.untilReadNs(startNs);
    boolean isDeaf = untilReadNs > 0;
    if (isDeaf) {
      wait.willPark();
    } else {
      wait.willSelect();
    }
    long restNs = restNs(startNs);
    if (restNs <= 0) {
      wait.goOn();
      eventLoop.runNow(ALL_TASKS);
      agent.onRest(startNs, startNs);
    } else if (isDeaf) {
      wait.park(Math.min(restNs, untilReadNs));
      wait.goOn();
      agent.onRest(startNs, settings.clockNs().getAsLong());
      counters.increment(TransportCounter.READ_RESTS);
      eventLoop.runNow(ALL_TASKS);
    } else {
      parts.willRead();
      eventLoop.run(restNs, ALL_TASKS);
      wait.goOn();
      agent.onRest(startNs, parts.readNs(settings.clockNs().getAsLong()));
    }
  }

  /** How long there is nothing to do, unless something comes. */
  private long restNs(long nowNs) {
    if (mustEnd || mustEndAgent || proxy.hasCommands() || !tasks.isEmpty()) {
      return 0;
    }
    for (RingBuffer ring : outbound) {
      if (ring.size() > 0) {
        return 0;
      }
    }
    return Math.min(
        hasAgentEnded() ? POLL_INTERVAL_NS : agent.restNs(), nextPollNs + POLL_SLACK_NS - nowNs);
  }

  private void cycle() {
    try {
      runTasks();
      proxy.drain(executor, Limits.COMMANDS_PER_CYCLE_MAX);
      if (mustEndAgent) {
        endAgent();
      }
      if (!hasAgentEnded()) {
        agent.doWork();
      }
      long nowNs = settings.clockNs().getAsLong();
      send(nowNs);
      if (nowNs - nextPollNs >= 0) {
        nextPollNs = nowNs + POLL_INTERVAL_NS;
        poll(nowNs);
      }
    } catch (Throwable thrown) {
      // The thread carries other people's calls.
      counters.increment(TransportCounter.CYCLES_FAILED);
    }
  }

  private void runTasks() {
    int count = Limits.COMMANDS_PER_CYCLE_MAX;
    for (Runnable task = tasks.relaxedPoll(); task != null; task = tasks.relaxedPoll()) {
      task.run();
      quietSinceNs = settings.clockNs().getAsLong();
      if (--count == 0) {
        return;
      }
    }
  }

  private void send(long nowNs) {
    sendPath.at(nowNs);
    for (RingBuffer ring : outbound) {
      sendPath.drain(ring);
    }
    parts.flush();
  }

  private void endAgent() {
    mustEndAgent = false;
    if (!hasAgentEnded()) {
      agent.onClose();
      agentEnded.countDown();
    }
  }

  private boolean hasAgentEnded() {
    return agentEnded.getCount() == 0;
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

  void onRestartIce(int peerId, IceCredentials following) {
    Peer peer = parts.peers.byId(peerId);
    if (peer != null) {
      parts.peers.restart(peer, following);
    }
  }

  void onRemovePeer(int peerId) {
    Peer peer = parts.peers.byId(peerId);
    if (peer != null) {
      remove(peer);
    }
  }

  void onTurnPeers(int[] peerIds, int fromAgent, int toAgent, LongConsumer onTurned) {
    RingBuffer inbound = settings.agents().get(toAgent).inbound();
    for (int peerId : peerIds) {
      Peer peer = parts.peers.byId(peerId);
      if (peer != null) {
        peer.inbound(inbound);
      }
    }
    onTurned.accept(settings.agents().get(fromAgent).inbound().producerPosition());
  }

  private void remove(Peer peer) {
    peer.release();
    parts.peers.remove(peer);
    proxy.onPeerRemoved();
    counters.increment(TransportCounter.PEERS_REMOVED);
  }

  private void poll(long nowNs) {
    pollTurns.next();
    // Backwards, since a finished peer leaves the table.
    for (int i = pollTurns.last(parts.peers.count()); i >= 0; i -= PollTurns.COUNT) {
      Peer peer = parts.peers.peer(i);
      peer.poll(nowNs, counters);
      if (peer.isFinished()) {
        remove(peer);
      } else {
        reports.poll(peer, nowNs);
      }
    }
    connections.poll(nowNs);
    parts.flush();
  }

  private void endAll() {
    for (int i = parts.peers.count() - 1; i >= 0; i--) {
      remove(parts.peers.peer(i));
    }
  }
}
