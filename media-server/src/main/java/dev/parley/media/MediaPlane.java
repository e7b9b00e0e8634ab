package dev.parley.media;

import dev.parley.common.metrics.Metrics;
import dev.parley.media.conference.ConferenceAgent;
import dev.parley.media.conference.ConferenceAgentProxy;
import dev.parley.media.conference.ConferenceAgentSettings;
import dev.parley.media.conference.ConferenceCounter;
import dev.parley.media.conference.ConferenceCounters;
import dev.parley.media.conference.ConferenceMove;
import dev.parley.media.conference.PeerRouting;
import dev.parley.media.dtls.CertificateFingerprint;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import dev.parley.media.dtls.DtlsServer;
import dev.parley.media.ice.IceTimes;
import dev.parley.media.packet.MediaRing;
import dev.parley.media.sdp.Fingerprint;
import dev.parley.media.sdp.HostCandidate;
import dev.parley.media.srtp.SrtpCiphers;
import dev.parley.media.transport.AgentRings;
import dev.parley.media.transport.MediaEventLoop;
import dev.parley.media.transport.MediaEventLoopSettings;
import dev.parley.media.transport.TransportCounter;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that carries media: threads with an event loop and a mix agent each, and the rings on
 * which each loop meets each agent. Built and ended by one thread.
 */
final class MediaPlane {
  private static final String GRANT_REAL_TIME =
      "Grant it: LimitRTPRIO=1 (systemd), --ulimit rtprio=1 or --cap-add SYS_NICE (containers),"
          + " rtprio in /etc/security/limits.conf";

  private final MediaServerContext context;
  private final DtlsServer dtls;
  private final ConferenceEventQueue events;
  private final RealTimeThreads threads;
  private final List<MediaEventLoop> loops = new ArrayList<>();
  private final List<PeerDoor> doors = new ArrayList<>();
  private final List<ConferenceAgent> conferenceAgents = new ArrayList<>();
  private final List<ConferenceAgentProxy> agents = new ArrayList<>();
  private final List<ConferenceCounters> agentCounters = new ArrayList<>();
  private final List<Thread> mediaThreads = new ArrayList<>();
  private final MediaThreadLoad threadLoad;

  /** By loop, then by agent. */
  private final List<List<RingBuffer>> inbound;

  /** By loop, then by agent. */
  private final List<List<RingBuffer>> outbound;

  /**
   * Opens all sockets and starts all threads.
   *
   * @throws IOException if a port cannot be had; nothing is left open then
   */
  MediaPlane(MediaServerContext context, ConferenceEventQueue events) throws IOException {
    this.context = context;
    this.events = events;
    this.threads = new RealTimeThreads(context.scheduling());
    this.dtls =
        new DtlsServer(
            DtlsIdentity.selfSigned(context.wallClock(), context.random()),
            DtlsLimits.ofProcessors(Runtime.getRuntime().availableProcessors()),
            context.random(),
            context::nanoTime);
    this.inbound = rings(context);
    this.outbound = rings(context);
    for (int i = 0; i < context.mediaThreadCount(); i++) {
      addAgent(i);
    }
    try {
      for (int i = 0; i < context.mediaThreadCount(); i++) {
        openLoop(i);
      }
    } catch (IOException e) {
      closeLoops();
      throw e;
    }
    threadLoad = newThreadLoad();
    threads.raiseOthers();
    String refusal = threads.refusal();
    if (refusal != null && threads.isRequired()) {
      closeLoops();
      throw new IOException("scheduling=real-time: " + refusal + ". " + GRANT_REAL_TIME);
    }
  }

  private static List<List<RingBuffer>> rings(MediaServerContext context) {
    List<List<RingBuffer>> byLoop = new ArrayList<>();
    for (int loop = 0; loop < context.mediaThreadCount(); loop++) {
      List<RingBuffer> byAgent = new ArrayList<>();
      for (int agent = 0; agent < context.mediaThreadCount(); agent++) {
        byAgent.add(MediaRing.create());
      }
      byLoop.add(byAgent);
    }
    return byLoop;
  }

  private List<AgentRings> rings(int loop) {
    List<AgentRings> rings = new ArrayList<>();
    for (int agent = 0; agent < conferenceAgents.size(); agent++) {
      rings.add(
          new AgentRings(
              inbound.get(loop).get(agent),
              outbound.get(loop).get(agent),
              new AgentWake(
                  conferenceAgents.get(agent), agent == loop ? () -> {} : waking(agent))));
    }
    return rings;
  }

  /** Wakes a media thread; it must not be called before all of them are there. */
  private Runnable waking(int thread) {
    return () -> loops.get(thread).wake();
  }

  /** Tells an agent of packets, by waking its thread if it is another and they cannot wait. */
  private record AgentWake(ConferenceAgent agent, Runnable waking) implements AgentRings.Wake {
    @Override
    public void wake(boolean isFilling) {
      // What was written must be there before the agent is asked.
      VarHandle.fullFence();
      if (isFilling || agent.isPrompt()) {
        waking.run();
      }
    }

    @Override
    public boolean isPrompt() {
      return agent.isPrompt();
    }
  }

  private void openLoop(int index) throws IOException {
    MediaEventLoopSettings settings =
        new MediaEventLoopSettings(
            index,
            context.boundAddresses(),
            context.udpPort(index),
            context.tcpPort(index),
            context::nanoTime,
            context::unixTimeNs,
            context::wallClock,
            dtls,
            IceTimes.DEFAULT,
            new AgentOnLoop(index, conferenceAgents.get(index)),
            rings(index),
            context.random().nextLong(),
            context.io() != MediaSettings.IoChoice.NIO,
            remembering(threads.raising(new DefaultThreadFactory("media-" + index))));
    MediaEventLoop loop;
    try {
      loop = new MediaEventLoop(settings);
    } catch (IOException e) {
      throw new IOException(explain(settings, e), e);
    }
    loops.add(loop);
    if (context.io() == MediaSettings.IoChoice.EPOLL && !loop.usesEpoll()) {
      throw new IOException("io=epoll: this system has no epoll that Netty can use; io=auto does");
    }
    doors.add(new EventLoopDoor(loop.proxy(), candidates(loop), context.random()));
  }

  /** By UDP first, which is what clients are to use if they can. */
  private List<HostCandidate> candidates(MediaEventLoop loop) {
    List<String> addresses = MediaServerContext.digits(context.offeredAddresses());
    List<HostCandidate> candidates = new ArrayList<>();
    addresses.forEach(address -> candidates.add(HostCandidate.udp(address, loop.port())));
    if (loop.tcpPort() != MediaEventLoopSettings.NO_TCP) {
      addresses.forEach(address -> candidates.add(HostCandidate.tcp(address, loop.tcpPort())));
    }
    return candidates;
  }

  /** Says what the operator can do: the usual cause is another program on the port. */
  private static String explain(MediaEventLoopSettings settings, IOException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String what = e.getMessage() + " (" + root.getMessage() + ")";
    if (settings.port() == 0) {
      return what;
    }
    String udp = ": UDP port " + settings.port();
    return settings.tcpPort() == MediaEventLoopSettings.NO_TCP
        ? what + udp + " is needed; choose others with --udp-port"
        : what
            + udp
            + " and TCP port "
            + settings.tcpPort()
            + " are needed; choose others with --udp-port and --tcp-port, or leave TCP out with"
            + " --tcp=false";
  }

  private void addAgent(int index) {
    List<RingBuffer> from = new ArrayList<>();
    List<RingBuffer> to = new ArrayList<>();
    for (int loop = 0; loop < context.mediaThreadCount(); loop++) {
      from.add(inbound.get(loop).get(index));
      to.add(outbound.get(loop).get(index));
    }
    ConferenceCounters counters = new ConferenceCounters();
    ConferenceAgentProxy proxy = new ConferenceAgentProxy(waking(index));
    agents.add(proxy);
    agentCounters.add(counters);
    conferenceAgents.add(
        new ConferenceAgent(
            new ConferenceAgentSettings(
                index,
                context::nanoTime,
                from,
                to,
                loop -> wakeOther(index, loop),
                (loop, peerId) -> loops.get(loop).proxy().removePeer(peerId),
                events,
                context.codec(),
                context.opusComplexity(),
                context.jitterMinMs(),
                counters,
                context.random().nextLong()),
            proxy));
  }

  /** The agent's own loop looks at its ring anyway, later in the same cycle. */
  private void wakeOther(int own, int loop) {
    if (loop != own) {
      loops.get(loop).wake();
    }
  }

  private ThreadFactory remembering(ThreadFactory factory) {
    return work -> {
      Thread thread = factory.newThread(work);
      mediaThreads.add(thread);
      return thread;
    };
  }

  private static long processorTimeNs(Thread thread) {
    // Of a thread that has ended it is -1.
    return Math.max(0, ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId()));
  }

  /**
   * A move of a conference from one agent to another, which begins when the other is told of it.
   */
  ConferenceMove newMove(String conferenceId, int from, int to) {
    PeerRouting routing =
        (loop, peerIds, onTurned) -> loops.get(loop).proxy().turnPeers(peerIds, from, to, onTurned);
    return new ConferenceMove(conferenceId, agents.get(from), routing, loops.size());
  }

  /** A look of one's own at how much of a processor each media thread uses. */
  MediaThreadLoad newThreadLoad() {
    return new MediaThreadLoad(
        mediaThreads, context.busyShare(), context::nanoTime, MediaPlane::processorTimeNs);
  }

  List<PeerDoor> doors() {
    return doors;
  }

  List<ConferenceAgentProxy> agents() {
    return agents;
  }

  MediaThreadLoad threadLoad() {
    return threadLoad;
  }

  DtlsServer dtls() {
    return dtls;
  }

  /** Of this process's DTLS certificate, for every answer. */
  Fingerprint fingerprint() {
    CertificateFingerprint own = dtls.fingerprint();
    return new Fingerprint(Fingerprint.Algorithm.SHA_256, own.digest());
  }

  /** The UDP port of each event loop. */
  List<Integer> ports() {
    return loops.stream().map(MediaEventLoop::port).toList();
  }

  /** The TCP port of each event loop; none if there is no TCP. */
  List<Integer> tcpPorts() {
    return loops.stream()
        .map(MediaEventLoop::tcpPort)
        .filter(port -> port != MediaEventLoopSettings.NO_TCP)
        .toList();
  }

  /** What an operator could grant so that media threads run before others; null if they do. */
  @Nullable String schedulingAdvice() {
    String refusal = threads.refusal();
    return refusal == null
        ? null
        : "media threads wait for a processor like all others ("
            + refusal
            + "), so ticks will be late when it is busy. "
            + GRANT_REAL_TIME;
  }

  boolean usesEpoll() {
    return loops.getFirst().usesEpoll();
  }

  /** RTP packets received and sent so far. */
  long packetCount() {
    long count = 0;
    for (MediaEventLoop loop : loops) {
      count += loop.counters().get(TransportCounter.RTP_ACCEPTED);
      count += loop.counters().get(TransportCounter.RTP_SENT);
    }
    return count;
  }

  long lateTickCount() {
    long count = 0;
    for (ConferenceCounters counters : agentCounters) {
      count += counters.get(ConferenceCounter.LATE_TICKS);
    }
    return count;
  }

  List<RingBuffer> allRings() {
    List<RingBuffer> all = new ArrayList<>();
    inbound.forEach(all::addAll);
    outbound.forEach(all::addAll);
    return all;
  }

  /** Names everything that is counted here. */
  void register(Metrics metrics) {
    for (int i = 0; i < loops.size(); i++) {
      MediaEventLoop loop = loops.get(i);
      MediaMetrics.register(metrics, i, loop.counters());
      metrics.counter(
          "parley.transport.kernel.drops",
          "Datagrams the kernel dropped at a full receive buffer",
          () -> KernelDrops.atPort(loop.port()),
          "loop",
          Integer.toString(i));
      metrics.gauge(
          "parley.transport.tcp.connections",
          "TCP connections of an event loop",
          () ->
              loop.counters().get(TransportCounter.TCP_CONNECTIONS_ACCEPTED)
                  - loop.counters().get(TransportCounter.TCP_CONNECTIONS_CLOSED),
          "loop",
          Integer.toString(i));
      metrics.gauge(
          "parley.transport.peers",
          "Peers of an event loop",
          () -> loop.proxy().peerCount(),
          "loop",
          Integer.toString(i));
      int index = i;
      metrics.gauge(
          "parley.media.processor.share",
          "Share of a processor that a media thread used in the last second",
          () -> threadLoad.share(index),
          "thread",
          Integer.toString(i));
    }
    for (int i = 0; i < agentCounters.size(); i++) {
      MediaMetrics.register(metrics, i, agentCounters.get(i));
    }
    MediaMetrics.register(metrics, "inbound", inbound);
    MediaMetrics.register(metrics, "outbound", outbound);
    metrics.gauge("parley.dtls.handshakes", "DTLS handshakes under way", dtls::handshakesUnderWay);
    metrics.fact(
        "parley.opus.codec",
        "The Opus implementation in use",
        "name",
        context.codec().name(),
        "version",
        context.codec().version());
    metrics.fact(
        "parley.srtp.cipher",
        "The AES implementation in use for SRTP",
        "name",
        SrtpCiphers.implementation());
    metrics.fact(
        "parley.scheduling",
        "How the threads that carry media are scheduled",
        "name",
        threads.isGranted() ? "real_time" : "normal");
    metrics.fact("parley.io", "How sockets are served", "name", usesEpoll() ? "epoll" : "nio");
  }

  /** Ends all conferences; their last events are in the queue when this returns. */
  void closeAgents() {
    loops.forEach(MediaEventLoop::closeAgent);
  }

  /** Says goodbye to whoever is still there and closes the sockets. */
  void closeLoops() {
    loops.forEach(MediaEventLoop::close);
  }
}
