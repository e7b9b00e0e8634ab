package dev.parley.session.media;

import static java.util.Objects.requireNonNull;

import dev.parley.common.control.Command;
import dev.parley.common.control.ControlCodec;
import dev.parley.common.control.Hello;
import dev.parley.common.control.Order;
import dev.parley.common.control.ServerLoad;
import dev.parley.common.control.Welcome;
import dev.parley.common.id.CommandId;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ServerId;
import dev.parley.session.conference.MediaAnswer;
import dev.parley.session.conference.MediaEvents;
import dev.parley.session.conference.MediaServer;
import dev.parley.session.conference.MediaServers;
import dev.parley.session.conference.Sightings;
import dev.parley.session.placement.Candidate;
import dev.parley.session.placement.ServerSelector;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of media servers that have a link to this node: who is live, who is lost, and how
 * to reach them. Thread-safe.
 */
public final class LinkedServers implements MediaServers {
  private static final Logger LOG = LoggerFactory.getLogger(LinkedServers.class);
  private static final int SERVERS_MAX = 1024;
  private static final int FENCED_MAX = 4096;
  private static final long FORGET_NS = TimeUnit.HOURS.toNanos(1);
  private static final int COMMAND_ID_BYTES = 16;

  private final ControlServerSettings settings;
  private final RandomGenerator random;
  private final LongSupplier nanoClock;
  private final ControlCodec codec = new ControlCodec();
  private final ControlCounters counters = new ControlCounters();
  private final ReentrantLock lock = new ReentrantLock();
  private final ServerSelector selector;
  private final Map<ServerId, ServerEntry> entries = new HashMap<>();
  private final Map<ServerId, ReportInbox> inboxes = new HashMap<>();
  private final LinkedHashSet<String> fenced = new LinkedHashSet<>();
  private volatile @Nullable MediaEvents events;
  private volatile Sightings elsewhere = Sightings.NONE;
  private volatile List<URI> nodes;

  /**
   * @param nanoClock monotonic time in nanoseconds
   */
  public LinkedServers(
      ControlServerSettings settings, RandomGenerator random, LongSupplier nanoClock) {
    this.settings = settings;
    this.random = random;
    this.nanoClock = nanoClock;
    this.selector = new ServerSelector(random);
    this.nodes = settings.nodes();
  }

  /**
   * How one media server looks from here.
   *
   * @param isLive true while it beats
   */
  public record Status(MediaServer server, ServerLoad load, int linkCount, boolean isLive) {}

  /** All servers known, live or not. */
  public List<Status> statuses() {
    long nowNs = nanoClock.getAsLong();
    List<Status> statuses = new ArrayList<>();
    for (ServerEntry entry : snapshot()) {
      statuses.add(
          new Status(entry.server(), entry.load(), entry.links().size(), isLive(entry, nowNs)));
    }
    return statuses;
  }

  public ControlServerSettings settings() {
    return settings;
  }

  public ControlCounters counters() {
    return counters;
  }

  /** The servers that have a link to this node now. */
  public List<MediaServer> linked() {
    return snapshot().stream().filter(ServerEntry::hasLink).map(ServerEntry::server).toList();
  }

  /** Names who knows what other nodes see. Once, before any link; without it there are none. */
  public void knowOthers(Sightings others) {
    elsewhere = others;
  }

  @Override
  public Sightings elsewhere() {
    return elsewhere;
  }

  /** Tells all servers which nodes there are, if that is news; they dial those they do not know. */
  public void announce(List<URI> addresses) {
    List<URI> next = List.copyOf(addresses);
    if (!next.equals(nodes)) {
      nodes = next;
      snapshot().forEach(entry -> entry.links().forEach(link -> link.announce(next)));
    }
  }

  @Override
  public @Nullable MediaServer choose(Set<MediaServer> excluded) {
    long nowNs = nanoClock.getAsLong();
    lock.lock();
    try {
      Map<Candidate, ServerEntry> live = new HashMap<>();
      for (ServerEntry entry : entries.values()) {
        if (isLive(entry, nowNs) && !excluded.contains(entry.server())) {
          live.put(entry.candidate(), entry);
        }
      }
      Candidate chosen = selector.choose(List.copyOf(live.keySet()), null);
      if (chosen == null) {
        return null;
      }
      ServerEntry entry = requireNonNull(live.get(chosen));
      entry.onPlaced();
      return entry.server();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public MediaAnswer order(MediaServer server, ConferenceId conference, long epoch, Order order) {
    ServerEntry entry = entryOf(server.server());
    if (entry == null || !entry.server().equals(server)) {
      counters.increment(ControlCounter.ORDERS_UNREACHABLE);
      return new MediaAnswer.Unreachable(
          entry == null ? "unknown server" : "another incarnation is in its place");
    }
    if (entry.isLinklessFor(nanoClock.getAsLong(), settings.lease().toNanos())) {
      // A link that has just broken comes back in a moment; this one has been gone for longer.
      counters.increment(ControlCounter.ORDERS_UNREACHABLE);
      return new MediaAnswer.Unreachable("no link");
    }
    Command command = new Command(newCommandId(), conference, epoch, order);
    return entry.orders().send(command, entry, settings.orderTimeout());
  }

  /** Names who is to hear what media servers report. Once, before any link. */
  void reportTo(MediaEvents receiver) {
    events = receiver;
  }

  ControlCodec codec() {
    return codec;
  }

  LongSupplier nanoClock() {
    return nanoClock;
  }

  /** Finds or makes the entry a hello belongs to; null if the server may not be here. */
  @Nullable ServerEntry onHello(ServerLink link, Hello hello) {
    MediaServer server = new MediaServer(hello.server(), hello.incarnation(), hello.region());
    long nowNs = nanoClock.getAsLong();
    ServerEntry replaced = null;
    ServerEntry entry;
    lock.lock();
    try {
      if (fenced.contains(fence(server))) {
        return null;
      }
      entry = entries.get(server.server());
      if (entry == null || !entry.server().incarnation().equals(server.incarnation())) {
        if (entry == null && entries.size() >= SERVERS_MAX) {
          return null;
        }
        replaced = entry;
        entry = newEntry(server, hello, nowNs);
        entries.put(server.server(), entry);
      }
      if (replaced != null) {
        fence(replaced);
      }
      if (entry.addLink(link, nowNs)) {
        entry.find();
        entry.inbox().serverUp(entry.server(), hello.conferences());
      }
    } finally {
      lock.unlock();
    }
    if (replaced != null) {
      close(replaced);
    }
    return entry;
  }

  /** Welcomes the server and asks again what it has not answered. */
  void onGreeted(ServerLink link, ServerEntry entry, Hello hello) {
    LOG.info(
        "media server {} ({}, {}) says hello with {} conferences",
        hello.server(),
        hello.region(),
        hello.softwareVersion(),
        hello.conferences().size());
    link.welcome(
        new Welcome(
            settings.node(),
            Math.min(hello.protocol(), Hello.PROTOCOL),
            settings.heartbeat().toMillis(),
            settings.lease().toMillis(),
            nodes));
    entry.orders().repeatOn(link);
  }

  void onLinkClosed(ServerLink link, @Nullable ServerEntry entry) {
    if (entry == null) {
      return;
    }
    lock.lock();
    try {
      entry.removeLink(link, nanoClock.getAsLong());
    } finally {
      lock.unlock();
    }
    ServerLink other = entry.newestLink();
    if (other != null) {
      entry.orders().repeatOn(other);
    }
  }

  /**
   * Gives up servers that have had no link to any node for too long. Called a few times a second.
   */
  void sweep() {
    long nowNs = nanoClock.getAsLong();
    lock.lock();
    try {
      for (ServerEntry entry : entries.values()) {
        // A link cut between this node and the server says nothing of the server.
        if (entry.isLinklessFor(nowNs, settings.deadAfter().toNanos())
            && !elsewhere.isSeenElsewhere(entry.server(), settings.deadAfter())
            && entry.lose()) {
          lose(entry);
        }
      }
      forget(nowNs);
    } finally {
      lock.unlock();
    }
  }

  void close() {
    for (ServerEntry entry : snapshot()) {
      entry.inbox().close();
      entry.orders().giveUp();
    }
  }

  private ServerEntry newEntry(MediaServer server, Hello hello, long nowNs) {
    ReportInbox inbox =
        inboxes.computeIfAbsent(
            server.server(), _ -> new ReportInbox(requireNonNull(events), counters));
    Orders orders = new Orders(counters, nanoClock);
    return new ServerEntry(server, Math.max(1, hello.participantsMax()), inbox, orders, nowNs);
  }

  /** Another incarnation has taken its place: its calls are over, and it may never speak again. */
  private void fence(ServerEntry entry) {
    if (fenced.size() >= FENCED_MAX) {
      fenced.removeFirst();
    }
    fenced.add(fence(entry.server()));
    if (entry.lose()) {
      lose(entry);
    }
  }

  private void lose(ServerEntry entry) {
    LOG.warn("media server {} is given up", entry.server().server());
    counters.increment(ControlCounter.SERVERS_LOST);
    entry.inbox().serverLost(entry.server());
    entry.orders().giveUp();
  }

  /** A server that has been gone for so long has been replaced under another name. */
  private void forget(long nowNs) {
    Iterator<ServerEntry> known = entries.values().iterator();
    while (known.hasNext()) {
      ServerEntry entry = known.next();
      if (entry.isLinklessFor(nowNs, FORGET_NS)) {
        known.remove();
        inboxes.remove(entry.server().server());
      }
    }
  }

  private static void close(ServerEntry replaced) {
    for (ServerLink link : replaced.links()) {
      link.close(CloseCode.FENCED, "another incarnation has taken this server's place");
    }
  }

  private static String fence(MediaServer server) {
    return server.server() + " " + server.incarnation();
  }

  private boolean isLive(ServerEntry entry, long nowNs) {
    return entry.isLive(nowNs, settings.lease().toNanos());
  }

  private @Nullable ServerEntry entryOf(ServerId server) {
    lock.lock();
    try {
      return entries.get(server);
    } finally {
      lock.unlock();
    }
  }

  private List<ServerEntry> snapshot() {
    lock.lock();
    try {
      return List.copyOf(entries.values());
    } finally {
      lock.unlock();
    }
  }

  private CommandId newCommandId() {
    byte[] bytes = new byte[COMMAND_ID_BYTES];
    lock.lock();
    try {
      random.nextBytes(bytes);
    } finally {
      lock.unlock();
    }
    return new CommandId("cmd_" + HexFormat.of().formatHex(bytes));
  }
}
