package dev.parley.media.control;

import dev.parley.common.control.Command;
import dev.parley.common.control.CommandResult;
import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.ControlCodec;
import dev.parley.common.control.ControlLimits;
import dev.parley.common.control.Heartbeat;
import dev.parley.common.control.Hello;
import dev.parley.common.control.MediaMessage;
import dev.parley.common.control.Probe;
import dev.parley.common.control.ProbeResult;
import dev.parley.common.control.Quality;
import dev.parley.common.control.ServerLoad;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
import dev.parley.common.control.StateOutbox;
import dev.parley.common.control.StateReport;
import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadRequest;
import dev.parley.common.control.Welcome;
import dev.parley.common.stun.BindingProbe;
import dev.parley.common.token.MediaTicket;
import dev.parley.common.token.MediaTickets;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This server's links to all session nodes. One of them, the carrier, takes the state reports and
 * speakers; when it breaks, or does not acknowledge, another that is up takes over from the first
 * report not acknowledged. With no link the server keeps its calls and the reports wait.
 *
 * <p>State belongs to the {@link LinkLoop}'s thread; the public methods may be called from any.
 */
public final class ControlLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlLink.class);
  private static final int SPEAKERS_WAITING_MAX = 512;
  private static final int QUALITIES_WAITING_MAX = 2048;
  private static final int FORGET_AFTER_FAILURES = 20;
  private static final int INCARNATION_BYTES = 16;
  private static final int PROBES_MAX = 16;

  /** Three datagrams within one region: one that lives answers one of them in this time. */
  private static final Duration PROBE_TIMEOUT = Duration.ofMillis(500);

  private final ControlLinkSettings settings;
  private final MediaCommands commands;
  private final Supplier<ServerLoad> load;
  private final LinkContext context;
  private final LinkLoop loop;
  private final LinkCounters counters;
  private final Runnable onClose;
  private final Map<URI, NodeLink> links = new LinkedHashMap<>();
  private final LatestByConference<Speakers> speakers;
  private final LatestByConference<Quality> qualities;
  private final BindingProbe bindingProbe;
  private final UploadQuestions uploads;

  private volatile String incarnation;
  private StateOutbox outbox;
  private CommandRunner runner;
  private TicketAdmissions admissions;
  private volatile @Nullable MediaTickets tickets;
  private boolean isBeginningAnew;
  private int probesUnderWay;
  private @Nullable NodeLink carrier;
  private List<URI> announced = List.of();
  private long heartbeatMs = LinkTimes.HEARTBEAT_DEFAULT_MS;
  private long progressNs;
  private boolean isClosed;
  private volatile int upCount;

  ControlLink(
      ControlLinkSettings settings,
      MediaCommands commands,
      Supplier<ServerLoad> load,
      LinkContext context,
      Runnable onClose) {
    this.settings = settings;
    this.commands = commands;
    this.load = load;
    this.context = context;
    this.loop = context.loop();
    this.counters = context.counters();
    this.onClose = onClose;
    this.speakers =
        new LatestByConference<>(SPEAKERS_WAITING_MAX, counters, LinkCounter.SPEAKERS_DROPPED);
    this.qualities =
        new LatestByConference<>(QUALITIES_WAITING_MAX, counters, LinkCounter.QUALITY_DROPPED);
    this.bindingProbe = new BindingProbe(context.random());
    this.uploads = new UploadQuestions(context, this::linksUp);
    this.incarnation = settings.incarnation();
    this.outbox = newOutbox(settings);
    this.runner = new CommandRunner(context, commands, outbox::isFull, this::take);
    this.admissions = new TicketAdmissions(runner, this::take);
  }

  private static StateOutbox newOutbox(ControlLinkSettings settings) {
    return new StateOutbox(ControlLimits.REPORTS_IN_FLIGHT_MAX, settings.participantsMax());
  }

  /**
   * Builds a link on a thread of its own and real sockets; {@link #start} begins to dial.
   *
   * @param load asked once a heartbeat on the link's thread: must not block
   * @param nanoClock monotonic time in nanoseconds
   */
  public static ControlLink create(
      ControlLinkSettings settings,
      MediaCommands commands,
      Supplier<ServerLoad> load,
      LongSupplier nanoClock,
      RandomGenerator random) {
    ThreadLoop loop = new ThreadLoop(nanoClock);
    WebSocketDialer dialer = new WebSocketDialer(settings.tls());
    LinkContext context =
        new LinkContext(
            loop,
            dialer,
            task -> Thread.ofVirtual().name("control-command").start(task),
            random,
            new ControlCodec(),
            new LinkCounters());
    Runnable onClose =
        () -> {
          loop.close();
          dialer.close();
        };
    return new ControlLink(settings, commands, load, context, onClose);
  }

  /** Begins to dial. */
  public void start() {
    loop.execute(() -> {
      settings.nodes().forEach(this::addLink);
      scheduleBeat();
    });
  }

  /** Takes in what happened; the session tier will learn it, however long its links are down. */
  public void report(StateEvent event) {
    loop.execute(() -> take(event));
  }

  private void take(StateEvent event) {
    if (outbox.isEmpty()) {
      progressNs = loop.nowNs();
    }
    outbox.offer(event);
    pumpCarrier();
  }

  /** What checks the tickets of this region; null until a node has told the keys. */
  public @Nullable MediaTickets tickets() {
    return tickets;
  }

  /** Whether a ticket is for this process, as the session tier knows it now. */
  public boolean isFor(MediaTicket.Place place) {
    return place.server().equals(settings.server()) && place.incarnation().equals(incarnation);
  }

  /**
   * Carries out a ticket that was checked, in line with the commands of session nodes and under
   * their rules; with no link up, too. Its outcome is that of the command, or {@code NotFound} if
   * the participant was removed after the ticket was made.
   */
  public CompletableFuture<CommandResult.Outcome> admit(MediaTicket ticket, String offer) {
    CompletableFuture<CommandResult.Outcome> outcome = new CompletableFuture<>();
    loop.execute(() -> {
      if (isClosed || !isFor(ticket.place())) {
        outcome.complete(new CommandResult.Busy("this server goes on as another"));
      } else {
        admissions.admit(ticket, offer, outcome::complete);
      }
    });
    return outcome;
  }

  /** Takes in who is heard now. Replaces what is still waiting for the same conference. */
  public void report(Speakers newest) {
    loop.execute(() -> onSpeakers(newest));
  }

  /** Takes in how packets travel. Replaces what is still waiting for the same conference. */
  public void report(Quality newest) {
    loop.execute(() -> onQuality(newest));
  }

  /**
   * Asks any session node for what an upload needs. The answer comes within a minute; without a
   * link it is to ask later.
   */
  public CompletableFuture<UploadAnswer.Outcome> ask(
      UploadRequest.Track track, UploadRequest.Wish wish) {
    CompletableFuture<UploadAnswer.Outcome> answer = new CompletableFuture<>();
    loop.execute(() -> {
      if (isClosed) {
        answer.complete(new UploadAnswer.Later("the links are closed"));
      } else {
        uploads.ask(track, wish, answer);
      }
    });
    return answer;
  }

  /** Links that are up now. With none, the server takes no new participants: none can be asked. */
  public int upCount() {
    return upCount;
  }

  public LinkCounters counters() {
    return counters;
  }

  /** Waits until every event has been acknowledged. Returns false if the time was not enough. */
  public boolean awaitAcknowledged(long timeoutMs) throws InterruptedException {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    loop.execute(() -> completeWhenEmpty(done));
    try {
      return done.completeOnTimeout(false, timeoutMs, TimeUnit.MILLISECONDS).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Closes all links. Reports not acknowledged are lost with the process. */
  @Override
  public void close() {
    loop.execute(() -> {
      isClosed = true;
      uploads.close();
      links.values().forEach(NodeLink::close);
      links.clear();
      carrier = null;
      upCount = 0;
      onClose.run();
    });
  }

  private void completeWhenEmpty(CompletableFuture<Boolean> done) {
    if (outbox.isEmpty()) {
      done.complete(true);
    } else if (!done.isDone() && !isClosed) {
      loop.schedule(TimeUnit.MILLISECONDS.toNanos(10), () -> completeWhenEmpty(done));
    }
  }

  private void addLink(URI address) {
    if (links.containsKey(address) || links.size() >= ControlLimits.NODES_MAX) {
      return;
    }
    NodeLink link = new NodeLink(address, context, new Events());
    links.put(address, link);
    link.dial();
  }

  private void onSpeakers(Speakers newest) {
    speakers.offer(newest.conference(), newest);
    pumpCarrier();
  }

  private void onQuality(Quality newest) {
    qualities.offer(newest.conference(), newest);
    pumpCarrier();
  }

  private void scheduleBeat() {
    if (!isClosed) {
      loop.schedule(TimeUnit.MILLISECONDS.toNanos(heartbeatMs), this::beat);
    }
  }

  private void beat() {
    scheduleBeat();
    Heartbeat heartbeat = new Heartbeat(load.get());
    for (NodeLink link : List.copyOf(links.values())) {
      link.beat(heartbeat);
    }
    if (!outbox.isEmpty() && loop.nowNs() - progressNs > LinkTimes.ACKNOWLEDGE_NS) {
      changeCarrier();
    }
    forgetUnannounced();
  }

  /** The carrier is gone, or takes our reports and acknowledges none: another may know better. */
  private void changeCarrier() {
    for (NodeLink link : links.values()) {
      if (link.isUp() && link != carrier) {
        LOG.info("reports now go to {}", link.node());
        carry(link);
        return;
      }
    }
  }

  private void carry(@Nullable NodeLink link) {
    carrier = link;
    counters.add(LinkCounter.REPORTS_REPEATED, outbox.inFlightCount());
    outbox.rewind();
    progressNs = loop.nowNs();
    if (link == null) {
      dropNews();
    } else {
      link.pump();
    }
  }

  private void pumpCarrier() {
    if (carrier == null) {
      dropNews();
    } else {
      carrier.pump();
    }
  }

  /** With no link it would be old when one comes up. */
  private void dropNews() {
    speakers.clear();
    qualities.clear();
  }

  /** Drops links to addresses that were learnt, are announced no more, and do not answer. */
  private void forgetUnannounced() {
    List<URI> gone = new ArrayList<>();
    for (NodeLink link : links.values()) {
      URI address = link.address();
      if (link.failureCount() >= FORGET_AFTER_FAILURES
          && !settings.nodes().contains(address)
          && !announced.contains(address)) {
        gone.add(address);
      }
    }
    for (URI address : gone) {
      NodeLink link = links.remove(address);
      if (link != null) {
        link.close();
      }
    }
  }

  private void learn(Welcome welcome) {
    heartbeatMs =
        Math.clamp(welcome.heartbeatMs(), LinkTimes.HEARTBEAT_MIN_MS, LinkTimes.HEARTBEAT_MAX_MS);
    announced = welcome.nodes();
    if (!welcome.ticketKeys().isEmpty()) {
      tickets = new MediaTickets(settings.region(), welcome.ticketKeys());
    }
    for (URI address : welcome.nodes()) {
      if (NodeAddress.objection(address, settings.tls() != null) == null) {
        addLink(address);
      } else {
        counters.increment(LinkCounter.PEERS_REFUSED);
      }
    }
  }

  /**
   * The session tier has given this incarnation up, and its conferences to other servers. Whoever
   * is still here is sent away, which makes them go there; this server comes back as one that has
   * no past: no report of the old incarnation is owed, no command of it is known.
   */
  private void beginAnew(String node) {
    if (isBeginningAnew) {
      // Another node says it too.
      return;
    }
    isBeginningAnew = true;
    LOG.warn("{} says that this server was given up: it goes on as another incarnation", node);
    counters.increment(LinkCounter.FENCED);
    byte[] random = new byte[INCARNATION_BYTES];
    context.random().nextBytes(random);
    incarnation = HexFormat.of().formatHex(random);
    outbox = newOutbox(settings);
    runner = new CommandRunner(context, commands, outbox::isFull, this::take);
    admissions = new TicketAdmissions(runner, this::take);
    dropNews();
    carrier = null;
    progressNs = loop.nowNs();
    context
        .workers()
        .execute(() -> {
          commands.endAll();
          loop.execute(() -> {
            isBeginningAnew = false;
            links.values().forEach(NodeLink::greetAgain);
            countUp();
          });
        });
  }

  private void probe(NodeLink link, Probe probe) {
    if (probesUnderWay >= PROBES_MAX) {
      // No answer is no verdict; the session tier asks again, or somebody else.
      counters.increment(LinkCounter.PROBES_REFUSED);
      return;
    }
    counters.increment(LinkCounter.PROBES_ASKED);
    probesUnderWay++;
    context
        .workers()
        .execute(() -> {
          BindingProbe.Outcome outcome = bindingProbe.ask(probe.addresses(), PROBE_TIMEOUT);
          loop.execute(() -> {
            probesUnderWay--;
            link.answer(new ProbeResult(probe.id(), outcome == BindingProbe.Outcome.ANSWERED));
          });
        });
  }

  private void countUp() {
    upCount = linksUp().size();
  }

  private List<NodeLink> linksUp() {
    return links.values().stream().filter(NodeLink::isUp).toList();
  }

  /**
   * With very many ends owed the greeting would not fit a frame; then it tells the bare present,
   * and the session tier learns of those ends before their reasons.
   */
  private Hello helloWith(List<ConferenceSnapshot> present) {
    Hello complete = hello(outbox.beforeOwed(present));
    return context.codec().fitsFrame(complete) ? complete : hello(present);
  }

  private Hello hello(List<ConferenceSnapshot> conferences) {
    return new Hello(
        Hello.PROTOCOL,
        settings.server(),
        incarnation,
        settings.region(),
        settings.softwareVersion(),
        settings.participantsMax(),
        conferences,
        settings.probes(),
        settings.door());
  }

  /** What the links tell us, on the loop's thread. */
  private final class Events implements NodeLink.Owner {
    @Override
    public void greeting(Consumer<Hello> answer) {
      context
          .workers()
          .execute(() -> {
            List<ConferenceSnapshot> present = commands.conferences();
            loop.execute(() -> answer.accept(helloWith(present)));
          });
    }

    @Override
    public boolean onUp(NodeLink link, Welcome welcome) {
      for (NodeLink other : links.values()) {
        if (other != link && other.isUp() && other.node().equals(welcome.node())) {
          return false;
        }
      }
      countUp();
      learn(welcome);
      if (carrier == null) {
        carry(link);
      }
      uploads.onUp();
      return true;
    }

    @Override
    public void onNodes(Welcome welcome) {
      learn(welcome);
    }

    @Override
    public void onDown(NodeLink link) {
      countUp();
      uploads.onDown(link);
      if (link == carrier) {
        carry(null);
        changeCarrier();
      }
    }

    @Override
    public void onCommand(NodeLink link, Command command) {
      admissions.onCommand(command);
      runner.onCommand(link::answer, command);
    }

    @Override
    public void onAcknowledge(NodeLink link, long sequence) {
      if (!outbox.acknowledge(sequence)) {
        counters.increment(LinkCounter.FRAMES_UNEXPECTED);
        return;
      }
      progressNs = loop.nowNs();
      pumpCarrier();
    }

    @Override
    public void onProbe(NodeLink link, Probe probe) {
      ControlLink.this.probe(link, probe);
    }

    @Override
    public void onUploadAnswer(UploadAnswer answer) {
      if (!uploads.onAnswer(answer)) {
        counters.increment(LinkCounter.UPLOADS_LATE);
      }
    }

    @Override
    public void onFenced(NodeLink link) {
      beginAnew(link.node());
    }

    @Override
    public @Nullable MediaMessage nextFor(NodeLink link) {
      if (link != carrier) {
        return null;
      }
      StateReport report = outbox.next();
      if (report != null) {
        counters.increment(LinkCounter.REPORTS_SENT);
        return report;
      }
      Speakers heard = speakers.poll();
      if (heard != null) {
        counters.increment(LinkCounter.SPEAKERS_SENT);
        return heard;
      }
      Quality figures = qualities.poll();
      if (figures != null) {
        counters.increment(LinkCounter.QUALITY_SENT);
      }
      return figures;
    }
  }
}
