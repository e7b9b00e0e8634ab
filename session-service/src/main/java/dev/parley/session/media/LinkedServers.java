package dev.parley.session.media;

import static java.util.Objects.requireNonNull;

import dev.parley.common.control.Command;
import dev.parley.common.control.ControlCodec;
import dev.parley.common.control.Hello;
import dev.parley.common.control.Order;
import dev.parley.common.control.ServerLoad;
import dev.parley.common.control.TicketKey;
import dev.parley.common.control.Welcome;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.common.stun.BindingProbe;
import dev.parley.session.conference.MediaAnswer;
import dev.parley.session.conference.MediaEvents;
import dev.parley.session.conference.MediaServer;
import dev.parley.session.conference.MediaServers;
import dev.parley.session.conference.MediaWord;
import dev.parley.session.conference.RegionWish;
import dev.parley.session.conference.Sightings;
import dev.parley.session.conference.Vacancy;
import dev.parley.session.placement.Candidate;
import dev.parley.session.placement.ServerSelector;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
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
  private static final long FORGET_NS = TimeUnit.HOURS.toNanos(1);

  private final ControlServerSettings settings;
  private final CommandIds commandIds;
  private final LongSupplier nanoClock;
  private final ControlCodec codec = new ControlCodec();
  private final ControlCounters counters = new ControlCounters();
  private final UploadQuestions uploads = new UploadQuestions(counters);
  private final ReentrantLock lock = new ReentrantLock();
  private final ServerSelector selector;
  private final Map<ServerId, ServerEntry> entries = new HashMap<>();
  private final Map<ServerId, ReportInbox> inboxes = new HashMap<>();
  private final FencedServers fenced = new FencedServers();
  private final Examiner examiner;
  private volatile LeftOut leftOut = LeftOut.NOTHING;
  private volatile @Nullable MediaEvents events;
  private volatile Sightings elsewhere = Sightings.NONE;
  private volatile List<URI> nodes;
  private volatile Function<Region, List<TicketKey>> ticketKeys = _ -> List.of();

  /**
   * @param random safe for several threads
   * @param nanoClock monotonic time in nanoseconds
   */
  public LinkedServers(
      ControlServerSettings settings, RandomGenerator random, LongSupplier nanoClock) {
    this.settings = settings;
    this.commandIds = new CommandIds(random);
    this.nanoClock = nanoClock;
    this.selector = new ServerSelector(random);
    this.nodes = settings.nodes();
    this.examiner =
        new Examiner(
            settings, new Inquest(new BindingProbe(random)), nanoClock, counters, new Suspects());
  }

  /**
   * How one media server looks from here.
   *
   * @param isLive true while it beats
   * @param isLeftOut true if operators want nothing new on it
   * @param hasRoom true if it might take a conference more
   * @param busy 0.0 to about 1.0, by what it is shortest of
   * @param probes where it answers probes
   */
  public record Status(
      MediaServer server,
      ServerLoad load,
      int participantsMax,
      int linkCount,
      boolean isLive,
      boolean isLeftOut,
      boolean hasRoom,
      double busy,
      List<String> probes) {}

  /** All servers known, live or not. */
  public List<Status> statuses() {
    long nowNs = nanoClock.getAsLong();
    List<Status> statuses = new ArrayList<>();
    for (ServerEntry entry : snapshot()) {
      Candidate candidate = entry.candidate(nowNs);
      statuses.add(
          new Status(
              entry.server(),
              entry.load(),
              entry.participantsMax(),
              entry.links().size(),
              isLive(entry, nowNs),
              leftOut.servers().contains(entry.server()),
              candidate.hasRoom(),
              candidate.score(),
              entry.probes()));
    }
    return statuses;
  }

  /** The regions that operators want nothing new in. */
  public Set<Region> isolated() {
    return leftOut.regions();
  }

  public ControlServerSettings settings() {
    return settings;
  }

  public ControlCounters counters() {
    return counters;
  }

  /** What media servers ask about uploads. */
  public UploadQuestions uploads() {
    return uploads;
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
      announce();
    }
  }

  private void announce() {
    for (ServerEntry entry : snapshot()) {
      List<TicketKey> keys = keysFor(entry);
      entry.links().forEach(link -> link.announce(nodes, keys));
    }
  }

  /** Names who knows the keys of regions' media tickets. Once, before any link. */
  public void knowTicketKeys(Function<Region, List<TicketKey>> keys) {
    ticketKeys = keys;
  }

  /** Who takes no tickets is told no keys. */
  private List<TicketKey> keysFor(ServerEntry entry) {
    return entry.door() == null ? List.of() : ticketKeys.apply(entry.server().region());
  }

  @Override
  public @Nullable URI door(MediaServer server) {
    ServerEntry entry = entryOf(server.server());
    return entry == null || !entry.server().equals(server) || entry.isLost() ? null : entry.door();
  }

  @Override
  public @Nullable MediaServer choose(Wish wish) {
    long nowNs = nanoClock.getAsLong();
    lock.lock();
    try {
      Map<Candidate, ServerEntry> live = new HashMap<>();
      for (ServerEntry entry : entries.values()) {
        if (isLive(entry, nowNs)
            && !wish.excluded().contains(entry.server())
            && !leftOut.contains(entry.server())) {
          live.put(entry.candidate(nowNs), entry);
        }
      }
      Candidate chosen =
          selector.choose(List.copyOf(live.keySet()), Seating.preference(wish.regions()));
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
  public boolean isServed(RegionWish regions) {
    long nowNs = nanoClock.getAsLong();
    return snapshot().stream()
        .anyMatch(entry -> isLive(entry, nowNs) && regions.permits(entry.server().region()));
  }

  @Override
  public Vacancy vacancy(@Nullable MediaServer server, RegionWish regions) {
    long nowNs = nanoClock.getAsLong();
    lock.lock();
    try {
      return server == null
          ? seating(nowNs).vacancy(regions, selector)
          : seating(nowNs).vacancyOn(server);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Map<Region, Integer> seats() {
    long nowNs = nanoClock.getAsLong();
    lock.lock();
    try {
      return seating(nowNs).left();
    } finally {
      lock.unlock();
    }
  }

  private Seating seating(long nowNs) {
    List<Seating.Server> live = new ArrayList<>();
    for (ServerEntry entry : entries.values()) {
      if (isLive(entry, nowNs)) {
        boolean isUsed = !leftOut.contains(entry.server());
        live.add(new Seating.Server(entry.server(), entry.candidate(nowNs), isUsed));
      }
    }
    return new Seating(live);
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
    Command command = new Command(commandIds.next(), conference, epoch, order);
    if (!(order instanceof Order.AdmitParticipant)) {
      return entry.orders().send(command, entry, settings.orderTimeout());
    }
    entry.onJoin();
    try {
      return entry.orders().send(command, entry, settings.orderTimeout());
    } finally {
      entry.onJoinAnswered();
    }
  }

  @Override
  public void fence(MediaServer server) {
    List<ServerLink> links = List.of();
    lock.lock();
    try {
      fenced.remember(server, FencedServers.Why.GIVEN_UP);
      ServerEntry entry = entries.get(server.server());
      if (entry != null && entry.server().equals(server)) {
        if (entry.lose()) {
          entry.orders().giveUp();
        }
        links = List.copyOf(entry.links());
      }
    } finally {
      lock.unlock();
    }
    for (ServerLink link : links) {
      counters.increment(ControlCounter.SERVERS_FENCED);
      link.fence();
    }
  }

  @Override
  public void leaveOut(Set<MediaServer> servers, Set<Region> regions) {
    leftOut = new LeftOut(servers, regions);
  }

  @Override
  public boolean wantsTestimony() {
    return examiner.hasDoubts();
  }

  @Override
  public void testify(MediaServer server, MediaWord word) {
    ServerEntry entry = entryOf(server.server());
    Doubt doubt = entry == null || !entry.server().equals(server) ? null : entry.doubt();
    if (doubt != null) {
      doubt.onClient(word, nanoClock.getAsLong());
    }
  }

  /** A peer has looked for a server in doubt. */
  void onProbed(long id, boolean isAnswered) {
    examiner.onProbed(id, isAnswered);
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

  /** Finds or makes the entry a hello belongs to, unless the server may not be here. */
  Greeting onHello(ServerLink link, Hello hello) {
    MediaServer server = new MediaServer(hello.server(), hello.incarnation(), hello.region());
    long nowNs = nanoClock.getAsLong();
    ServerEntry replaced = null;
    ServerEntry entry;
    lock.lock();
    try {
      FencedServers.Why why = fenced.why(server);
      if (why != null) {
        return why == FencedServers.Why.GIVEN_UP ? new Greeting.GivenUp() : new Greeting.Refused();
      }
      entry = entries.get(server.server());
      if (entry == null || !entry.server().incarnation().equals(server.incarnation())) {
        if (entry == null && entries.size() >= SERVERS_MAX) {
          return new Greeting.Refused();
        }
        replaced = entry;
        entry = newEntry(server, hello, nowNs);
        entries.put(server.server(), entry);
      }
      if (replaced != null) {
        supersede(replaced);
      }
      if (entry.addLink(link, nowNs)) {
        entry.inbox().serverUp(entry.server(), hello.conferences());
      }
    } finally {
      lock.unlock();
    }
    if (replaced != null) {
      close(replaced);
    }
    return new Greeting.Accepted(entry);
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
            nodes,
            keysFor(entry)));
    entry.orders().repeatOn(link);
  }

  void onLinkClosed(ServerLink link, @Nullable ServerEntry entry) {
    if (entry == null) {
      return;
    }
    lock.lock();
    try {
      entry.removeLink(link, nanoClock.getAsLong());
      if (!entry.hasLink()) {
        examiner.onLinkless(entry);
      }
    } finally {
      lock.unlock();
    }
    ServerLink other = entry.newestLink();
    if (other != null) {
      entry.orders().repeatOn(other);
    }
  }

  /** Asks about servers that are not heard of any more. Called a few times a second. */
  void sweep() {
    long nowNs = nanoClock.getAsLong();
    lock.lock();
    try {
      examiner.sweep(entries.values());
      forget(nowNs);
    } finally {
      lock.unlock();
    }
    // Keys change with time alone.
    announce();
  }

  void close() {
    examiner.close();
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
    return new ServerEntry(server, hello, inbox, orders, nowNs);
  }

  /** Another incarnation has taken its place: its calls are over, and it may never speak again. */
  private void supersede(ServerEntry entry) {
    fenced.remember(entry.server(), FencedServers.Why.SUPERSEDED);
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

  /** What the examiner asks of us, on threads of its own. */
  private final class Suspects implements Examiner.Directory {
    @Override
    public List<ServerEntry> all() {
      return snapshot();
    }

    @Override
    public Sightings elsewhere() {
      return elsewhere;
    }

    @Override
    public void giveUp(ServerEntry entry) {
      List<ServerLink> links = List.of();
      lock.lock();
      try {
        fenced.remember(entry.server(), FencedServers.Why.GIVEN_UP);
        if (entry.lose()) {
          lose(entry);
          links = List.copyOf(entry.links());
        }
      } finally {
        lock.unlock();
      }
      // One that hangs reads this first when it goes on.
      links.forEach(ServerLink::fence);
    }
  }
}
