package dev.parley.media;

import dev.parley.common.admin.AdminServer;
import dev.parley.common.admin.ReadinessCheck;
import dev.parley.common.config.Settings;
import dev.parley.common.config.SettingsException;
import dev.parley.common.config.SettingsReader;
import dev.parley.common.config.SettingsTable;
import dev.parley.common.metrics.Metrics;
import dev.parley.common.stun.ProbeAddress;
import dev.parley.common.tls.MutualTls;
import dev.parley.media.control.ControlLink;
import dev.parley.media.door.DoorSettings;
import dev.parley.media.door.SignallingDoor;
import dev.parley.media.probe.ProbePort;
import dev.parley.media.srtp.SrtpCiphers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One media server: built, wired, started and ended here. The media plane carries the calls, the
 * control link brings orders and takes reports, the admin server tells operators how it is.
 */
public final class MediaServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MediaServer.class);
  private static final int EXIT_FAILED_TO_START = 1;
  private static final int EXIT_UNUSABLE_SETTINGS = 2;

  private final MediaServerContext context;
  private final ConferenceDirectory directory;
  private final MediaPlane plane;
  private final ConferenceReporter reporter;
  private final @Nullable ProbePort probePort;
  private final @Nullable SignallingDoor door;
  private final @Nullable Recordings recordings;
  private final ControlLink link;
  private final @Nullable BalancerThread balancer;
  private final WarmUp warmUp;
  private final Metrics metrics;
  private final AdminServer admin;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private MediaServer(MediaServerContext context) throws IOException {
    this.context = context;
    ConferenceEventQueue events = new ConferenceEventQueue();
    plane = new MediaPlane(context, events);
    directory =
        new ConferenceDirectory(
            context.participantsMax(), context.mediaThreadCount(), plane.threadLoad());
    ParticipantAdmission admission =
        new ParticipantAdmission(
            directory, plane.doors(), plane.agents(), plane.fingerprint(), context.random());
    door = bindDoor();
    probePort = openProbePort(context);
    recordings = openRecordings();
    MediaCommandExecutor executor =
        new MediaCommandExecutor(directory, plane.agents(), admission, recordingOrders());
    link =
        ControlLink.create(
            context
                .controlLink()
                .answeringProbesAt(probeAddresses(context, probePort))
                .withDoorAt(door == null ? null : door.url()),
            executor,
            newLoadMeter(),
            context::nanoTime,
            context.random());
    ConferencesInTalk inTalk = new ConferencesInTalk();
    reporter =
        new ConferenceReporter(events, directory, inTalk, link::report, link::report, link::report);
    balancer = context.balancesThreads() ? newBalancer(inTalk) : null;
    warmUp = new WarmUp(context, plane.dtls());
    metrics = new Metrics().withJvm();
    registerMetrics();
    try {
      admin =
          new AdminServer(
              new InetSocketAddress(context.adminAddress(), context.adminPort()),
              metrics,
              readinessChecks(),
              this::drain);
    } catch (IOException e) {
      plane.closeAgents();
      plane.closeLoops();
      link.close();
      closeProbePort();
      closeDoor();
      closeRecordings();
      throw e;
    }
    reporter.start();
    startRecordings();
    link.start();
    if (door != null) {
      door.open(
          new TicketHolders(link, executor, directory, context::wallClock), context::wallClock);
    }
    if (balancer != null) {
      balancer.start();
    }
    Thread.ofVirtual().name("warm-up").start(warmUp);
  }

  private List<ReadinessCheck> readinessChecks() {
    List<ReadinessCheck> checks = new ArrayList<>();
    checks.add(new ReadinessCheck("control-link", this::reasonNotLinked));
    checks.add(new ReadinessCheck("warm-up", () -> warmUp.isDone() ? null : "under way"));
    checks.add(
        new ReadinessCheck(
            "draining", () -> directory.isDraining() ? "nobody new is taken" : null));
    if (recordings != null) {
      checks.add(recordings.readiness());
    }
    return checks;
  }

  private @Nullable Recordings openRecordings() throws IOException {
    RecordingSettings settings = context.recordings();
    if (settings == null) {
      return null;
    }
    try {
      return new Recordings(context, settings);
    } catch (IOException e) {
      plane.closeAgents();
      plane.closeLoops();
      closeProbePort();
      closeDoor();
      throw e;
    }
  }

  private RecordingOrders recordingOrders() {
    return recordings == null
        ? RecordingOrders.NONE
        : recordings.orders(directory, plane.agents(), plane.threadLoad());
  }

  private void startRecordings() {
    if (recordings != null) {
      recordings.start(link::report, link::ask);
    }
  }

  private void closeRecordings() {
    if (recordings != null) {
      recordings.close();
    }
  }

  private LoadMeter newLoadMeter() {
    return new LoadMeter(
        directory,
        context::nanoTime,
        plane::packetCount,
        plane::lateTickCount,
        plane.threadLoad(),
        plane.allRings(),
        LoadMeter.processorTimeNs(),
        () -> recordings == null ? null : recordings.load());
  }

  private void registerMetrics() {
    MediaMetrics.register(metrics, directory);
    MediaMetrics.register(metrics, link);
    if (probePort != null) {
      MediaMetrics.register(metrics, probePort);
    }
    MutualTls tls = context.controlLink().tls();
    if (tls != null) {
      tls.register(metrics);
    }
    if (door != null) {
      MediaMetrics.register(metrics, door);
    }
    if (recordings != null) {
      MediaMetrics.register(metrics, recordings.recorder());
      MediaMetrics.register(metrics, recordings.uploader());
    }
    plane.register(metrics);
  }

  /** Clients are sent there, so without it they could not come. */
  private @Nullable SignallingDoor bindDoor() throws IOException {
    DoorSettings settings = context.door();
    if (settings == null) {
      return null;
    }
    try {
      return SignallingDoor.bind(settings, context::nanoTime, context.random().nextInt());
    } catch (IOException e) {
      plane.closeAgents();
      plane.closeLoops();
      throw e;
    }
  }

  private void closeDoor() {
    if (door != null) {
      door.close();
    }
  }

  /** Calls do without it, so a port that is taken is no reason not to start. */
  private static @Nullable ProbePort openProbePort(MediaServerContext context) {
    if (!context.answersProbes()) {
      return null;
    }
    try {
      return ProbePort.open(
          context.boundAddresses(),
          context.probePort(),
          context.random().nextInt(),
          context::nanoTime);
    } catch (IOException e) {
      LOG.warn(
          "probe-port={} cannot be used ({}): clients cannot measure how far this server is",
          context.probePort(),
          e.getMessage());
      return null;
    }
  }

  /** What clients are offered for media; loopback only if there is nothing else. */
  private static List<String> probeAddresses(
      MediaServerContext context, @Nullable ProbePort probePort) {
    if (probePort == null) {
      return List.of();
    }
    List<InetAddress> offered = context.offeredAddresses();
    List<InetAddress> outside =
        offered.stream().filter(address -> !address.isLoopbackAddress()).toList();
    return (outside.isEmpty() ? offered : outside)
        .stream().map(address -> ProbeAddress.text(address, probePort.port())).toList();
  }

  private void closeProbePort() {
    if (probePort != null) {
      probePort.close();
    }
  }

  private BalancerThread newBalancer(ConferencesInTalk inTalk) {
    ConferenceMover mover =
        new ConferenceMover(directory, plane.agents(), plane::newMove, context::nanoTime);
    AgentBalancer agentBalancer =
        new AgentBalancer(
            plane.newThreadLoad(),
            plane.agents().size(),
            (agent, answer) -> plane.agents().get(agent).weigh(answer),
            mover,
            inTalk::contains,
            context.nanoTime());
    return new BalancerThread(agentBalancer, context::nanoTime);
  }

  /**
   * Starts a server from a command line and an environment.
   *
   * @throws SettingsException with everything that is wrong with the settings
   * @throws IOException if a port cannot be had; its message says which and what to do
   */
  public static MediaServer start(List<String> arguments, Map<String, String> environment)
      throws IOException {
    return start(new SettingsReader(MediaSettings.ALL).read(arguments, environment));
  }

  private static MediaServer start(Settings settings) throws IOException {
    MediaServer server = new MediaServer(MediaServerContext.of(settings));
    server.describe();
    return server;
  }

  /** Runs until the process is told to end. */
  public static void main(String[] arguments) throws InterruptedException {
    List<String> commandLine = List.of(arguments);
    SettingsReader reader = new SettingsReader(MediaSettings.ALL);
    try {
      Settings settings = reader.read(commandLine, System.getenv());
      if (reader.isHelpWanted()) {
        System.out.print(SettingsTable.of("media-server [--name=value ...]", MediaSettings.ALL));
        return;
      }
      MediaServer server = start(settings);
      CountDownLatch ended = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.close();
                    ended.countDown();
                  },
                  "shutdown"));
      ended.await();
    } catch (SettingsException e) {
      System.err.println("media-server: " + e.getMessage());
      System.exit(EXIT_UNUSABLE_SETTINGS);
    } catch (IOException e) {
      System.err.println("media-server: " + e.getMessage());
      System.exit(EXIT_FAILED_TO_START);
    }
  }

  private void describe() {
    LOG.info(
        "media server {} in region {}, incarnation {}",
        context.controlLink().server(),
        context.controlLink().region(),
        context.controlLink().incarnation());
    context.describeChanged().forEach(line -> LOG.info("set: {}", line));
    LOG.info(
        "media on UDP {}, TCP {} of {}, offered as {}",
        plane.ports(),
        plane.tcpPorts(),
        MediaServerContext.digits(context.boundAddresses()),
        MediaServerContext.digits(context.offeredAddresses()));
    LOG.info(
        "{} media threads ({}), {} {}, SRTP by {}",
        context.mediaThreadCount(),
        plane.usesEpoll() ? "epoll" : "nio",
        context.codec().name(),
        context.codec().version(),
        SrtpCiphers.implementation());
    if (!context.codec().isNative()) {
      LOG.warn(
          "there is no libopus on this host: mixing takes two to three times the processor time"
              + " (Debian: apt-get install libopus0)");
    }
    KernelLimits.tooLow().forEach(LOG::warn);
    String advice = plane.schedulingAdvice();
    if (advice != null) {
      LOG.warn(advice);
    }
    if (probePort != null) {
      LOG.info("probes are answered on UDP {}", probePort.port());
    }
    if (door != null) {
      LOG.info("offers with a ticket are taken on {}, as {}", door.address(), door.url());
    }
    LOG.info("admin on {}", admin.address());
  }

  private @Nullable String reasonNotLinked() {
    return link.upCount() > 0 ? null : "no session node is linked";
  }

  /** Where {@code /live}, {@code /ready}, {@code /metrics} and {@code /drain} are. */
  public InetSocketAddress adminAddress() {
    return admin.address();
  }

  /** The UDP port of each event loop. */
  public List<Integer> mediaPorts() {
    return plane.ports();
  }

  /** The TCP port of each event loop; none if there is no TCP. */
  public List<Integer> mediaTcpPorts() {
    return plane.tcpPorts();
  }

  private void drain() {
    if (!directory.isDraining()) {
      LOG.info("draining: nobody new is taken");
      directory.drain();
    }
  }

  /**
   * Ends all calls, waits a moment for the session tier to have heard of it, and closes everything.
   * May be called twice.
   */
  @Override
  public void close() {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    closeDoor();
    directory.close();
    if (balancer != null) {
      balancer.close();
    }
    plane.closeAgents();
    closeRecordings();
    try {
      reporter.finish();
      if (!link.awaitAcknowledged(context.shutdownGrace().toMillis())) {
        LOG.warn("the session tier did not acknowledge in time that the calls here ended");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    plane.closeLoops();
    link.close();
    closeProbePort();
    admin.close();
    metrics.close();
    LOG.info("ended");
  }
}
