package dev.parley.session;

import dev.parley.common.admin.AdminServer;
import dev.parley.common.admin.ReadinessCheck;
import dev.parley.common.config.Settings;
import dev.parley.common.config.SettingsException;
import dev.parley.common.metrics.Metrics;
import dev.parley.session.access.ApiKeys;
import dev.parley.session.access.ConferenceNames;
import dev.parley.session.access.EventTickets;
import dev.parley.session.access.JoinTokens;
import dev.parley.session.access.KeySets;
import dev.parley.session.access.Pseudonyms;
import dev.parley.session.access.RegionKeys;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.access.TokenIssuers;
import dev.parley.session.audit.AuditLog;
import dev.parley.session.capacity.Capacity;
import dev.parley.session.capacity.Priority;
import dev.parley.session.conference.CallQuality;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceIds;
import dev.parley.session.conference.Conferences;
import dev.parley.session.conference.DueShards;
import dev.parley.session.conference.DueWork;
import dev.parley.session.conference.JoinQueues;
import dev.parley.session.conference.MediaFacts;
import dev.parley.session.conference.Notices;
import dev.parley.session.conference.RegionLine;
import dev.parley.session.conference.Signalling;
import dev.parley.session.conference.WaitingRoom;
import dev.parley.session.conference.Waits;
import dev.parley.session.coordination.Coordination;
import dev.parley.session.coordination.local.LocalCoordination;
import dev.parley.session.coordination.redis.RedisAddress;
import dev.parley.session.coordination.redis.RedisCoordination;
import dev.parley.session.erasure.Erasures;
import dev.parley.session.event.EventHub;
import dev.parley.session.event.EventStreams;
import dev.parley.session.event.EventsEndpoint;
import dev.parley.session.geo.MaxMindCountries;
import dev.parley.session.library.Library;
import dev.parley.session.media.ControlLinkServer;
import dev.parley.session.media.ControlServerSettings;
import dev.parley.session.media.LinkedServers;
import dev.parley.session.media.RegionScaling;
import dev.parley.session.message.Messages;
import dev.parley.session.placement.CountryLookup;
import dev.parley.session.placement.ResidencyPolicies;
import dev.parley.session.rest.AdminApi;
import dev.parley.session.rest.Admittance;
import dev.parley.session.rest.AuditTrail;
import dev.parley.session.rest.IceServer;
import dev.parley.session.rest.IceServers;
import dev.parley.session.rest.RestApi;
import dev.parley.session.rest.SocketRequests;
import dev.parley.session.store.AccessItems;
import dev.parley.session.store.AuditItems;
import dev.parley.session.store.BoundedItemStore;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.ItemStores;
import dev.parley.session.store.NodeItems;
import dev.parley.session.store.RememberedItemStore;
import dev.parley.session.store.ResidencyItems;
import dev.parley.session.store.StoreMemory;
import dev.parley.session.store.Table;
import dev.parley.session.store.TokenIssuerItems;
import dev.parley.session.store.WebhookItems;
import dev.parley.session.web.AdminPage;
import dev.parley.session.webhook.Courier;
import dev.parley.session.webhook.Reach;
import dev.parley.session.webhook.Subscriptions;
import dev.parley.session.webhook.Webhooks;
import dev.parley.session.webhook.http.HttpSender;
import dev.parley.session.webhook.http.SystemNames;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running session service: builds all parts from the settings, wires them, starts them in order
 * and stops them in the opposite one. The only class that reads the system's clocks.
 */
public final class SessionServiceContext implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionServiceContext.class);

  /** A token waits for it. */
  private static final Duration KEY_SET_TIME_MAX = Duration.ofSeconds(5);

  /** How often the load of regions is looked at. */
  private static final Duration SCALING_INTERVAL = Duration.ofSeconds(2);

  private static final Duration TIDY_INTERVAL = Duration.ofDays(1);

  private final Deque<AutoCloseable> parts;
  private final HttpServer http;
  private final ControlLinkServer links;
  private final AdminServer admin;

  private SessionServiceContext(
      Deque<AutoCloseable> parts, HttpServer http, ControlLinkServer links, AdminServer admin) {
    this.parts = parts;
    this.http = http;
    this.links = links;
    this.admin = admin;
  }

  /**
   * Starts everything.
   *
   * @throws SettingsException if settings do not go together
   * @throws IOException if an address is taken or a file cannot be read; its message is for the
   *     operator
   */
  public static SessionServiceContext start(Settings settings) throws IOException {
    return start(settings, Clock.systemUTC(), System::nanoTime);
  }

  /**
   * Starts everything with other clocks, which only tests need.
   *
   * @param quotaClock monotonic time in nanoseconds, by which requests are counted
   */
  static SessionServiceContext start(Settings settings, Clock clock, LongSupplier quotaClock)
      throws IOException {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      return new Builder(settings, clock, quotaClock, parts).build();
    } catch (IOException | RuntimeException e) {
      closeAll(parts);
      throw e;
    }
  }

  /** The port of the page and the API. */
  public int httpPort() {
    return http.port();
  }

  /** The port that media servers dial. */
  public int linkPort() {
    return links.port();
  }

  /** The port of /live, /ready, /metrics and /drain. */
  public int adminPort() {
    return admin.address().getPort();
  }

  /** Stops taking requests, finishes those in hand, closes the links, then the store. */
  @Override
  public void close() {
    closeAll(parts);
  }

  private static void closeAll(Deque<AutoCloseable> parts) {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("{} did not close cleanly", part.getClass().getSimpleName(), e);
      }
    }
  }

  /** Builds the parts in an order in which each finds what it needs. One thread, once. */
  private static final class Builder {
    private final Settings settings;
    private final Clock clock;
    private final LongSupplier quotaClock;
    private final Deque<AutoCloseable> parts;
    private final Metrics metrics;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final NodeDirectory directory;
    private final StoreParts storeParts;
    private final StoreMemory memory = new StoreMemory(System::nanoTime);
    private final Capacity capacity = new Capacity(BoundedItemStore.KINDS, System::nanoTime);
    private final Admittance admittance = new Admittance(capacity, new SecureRandom());

    Builder(Settings settings, Clock clock, LongSupplier quotaClock, Deque<AutoCloseable> parts) {
      this.settings = settings;
      this.clock = clock;
      this.quotaClock = quotaClock;
      this.parts = parts;
      this.metrics = closing(new Metrics().withJvm());
      this.storeParts = new StoreParts(settings, metrics, capacity, memory);
      new SessionMetrics(metrics).register(capacity);
      this.directory = new NodeDirectory(settings);
    }

    SessionServiceContext build() throws IOException {
      ControlServerSettings linkSettings = LinkSettings.read(settings, metrics);
      boolean hasOpenRooms = hasOpenRooms();
      PrivateFolder folder = PrivateFolder.at(settings.value(SessionSettings.DATA_DIR));
      ItemStores stores = stores(folder);
      ItemStore ops = storeParts.remembered(stores, Table.OPS, RememberedItemStore.KEYS_AGE_MAX);
      AccessItems accessItems = new AccessItems(ops);
      ServiceSecret secret = accessItems.serviceSecret();
      FirstKey.ensure(accessItems, new ApiKeys(accessItems, clock), folder);
      Coordination coordination = closing(coordination(secret));
      ItemStore core = storeParts.remembered(stores, Table.CORE, RememberedItemStore.CALLS_AGE_MAX);
      ConferenceItems conferenceItems =
          new ConferenceItems(core, coordination.rosterVersions(), RetentionParts.keep(settings));
      ExecutorService background = closing(Executors.newVirtualThreadPerTaskExecutor());
      Reach reach = reach();
      TokenIssuers issuers = issuers(new TokenIssuerItems(ops), secret, reach, background);
      AccessParts access = access(accessItems, issuers, secret, coordination, auditLog(ops));
      EventHub events =
          closing(new EventHub(coordination.eventLog(), clock, System::nanoTime, background));
      LinkedServers servers = new LinkedServers(linkSettings, new SecureRandom(), System::nanoTime);
      RegionKeys regionKeys = new RegionKeys(secret, clock);
      ResidencyPolicies policies = policies(ops);
      WebhookParts webhooks = webhooks(new WebhookItems(ops), secret, reach);
      Notices notices = new Notices(conferenceItems, clock, webhooks.subscriptions(), background);
      CallQuality quality =
          QualityMetrics.quality(metrics, coordination.qualityBoard(), clock, events);
      ConferenceParts.Ground ground =
          new ConferenceParts.Ground(
              conferenceItems, clock, servers, events, notices, quality, policies, background);
      RegionLine line = line(coordination.joinQueues(), servers);
      ConferenceParts calls = ConferenceParts.on(ground, ids(secret, policies), waits(), line);
      redirect(calls.signalling(), servers, regionKeys);
      LibraryParts library = library(ground, stores, secret);
      library.answer(calls.facts(), servers);
      ControlLinkServer links = links(linkSettings, servers, calls.facts(), new NodeItems(ops));
      UsageParts usage = UsageParts.of(ops, conferenceItems, library.messages(), clock);
      DueWork dueWork = calls.dueWork(library.filing().conversations().before(usage.rollups()));
      share(dueWork, webhooks.courier());
      serve(calls.waitingRoom());
      DueLoop dueLoop = started("due-work", dueWork::run);
      DueLoop webhookLoop = started("due-webhooks", webhooks.courier()::run);
      RestApi.Geography where = geography(ground);
      Erasures gone = erasures(ops, calls, library, access);
      RestApi.Domain domain = calls.domain(webhooks.api(), library, where, usage.reports(), gone);
      RestApi.Access rights = access.forRequests(names(calls.conferences()), core, memory);
      EventStreams streams = new EventStreams(events, access.tickets(), calls.view());
      RestApi.OpenRooms rooms = hasOpenRooms ? openRooms(access.keys()) : null;
      RestApi api = new RestApi(domain, rights, iceServers(), rooms, streams);
      EventsEndpoint watching = watching(calls, library.messages(), access);
      HttpServer http = serve(api, watching, library.files().library().stores().origins());
      SessionMetrics measured = new SessionMetrics(metrics);
      measured.register(api, dueLoop, servers);
      measured.register(events, servers, calls.moves());
      measured.register(memory, calls.unrecorded(), access.auditTrail());
      measured.register(webhooks.courier(), webhookLoop, notices);
      AdminApi.FleetParts fleet =
          new AdminApi.FleetParts(calls.fleet(), servers, scaling(measured, where));
      AdminApi operator = access.adminApi(fleet, library.drift(), admittance);
      return new SessionServiceContext(parts, http, links, closing(admin(accessItems, operator)));
    }

    private ResidencyPolicies policies(ItemStore ops) {
      return new ResidencyPolicies(new ResidencyItems(ops), clock, storeParts.metadataRegions());
    }

    private ConferenceIds ids(ServiceSecret secret, ResidencyPolicies policies) {
      return new ConferenceIds(secret.derive("conference-id"), policies::metadataRegions, clock);
    }

    private RestApi.Geography geography(ConferenceParts.Ground on) throws IOException {
      Optional<Path> database = settings.value(SessionSettings.GEOIP_DATABASE);
      CountryLookup countries =
          database.isEmpty() ? CountryLookup.NONE : closing(MaxMindCountries.open(database.get()));
      return new GeographyParts(settings).parts(on.store(), on.servers(), on.policies(), countries);
    }

    private ItemStores stores(PrivateFolder folder) throws IOException {
      ItemStores stores = storeParts.open(folder, this::closing);
      closing(new DueLoop("store-tidy", TIDY_INTERVAL, storeParts::tidy)).start();
      return stores;
    }

    private RegionScaling scaling(SessionMetrics measured, RestApi.Geography where) {
      RegionScaling scaling =
          new RegionScaling(where.census(), System::nanoTime, measured::register);
      DueLoop loop = closing(new DueLoop("scaling", SCALING_INTERVAL, scaling::look));
      loop.start();
      return scaling;
    }

    private void redirect(Signalling signalling, LinkedServers servers, RegionKeys keys) {
      servers.knowTicketKeys(keys::good);
      if (settings.value(SessionSettings.SIGNALLING) == SessionSettings.SignallingChoice.REDIRECT) {
        signalling.redirectBy(keys::sign);
      }
    }

    private EventsEndpoint watching(ConferenceParts calls, Messages messages, AccessParts access) {
      return calls.watching(
          access.tickets(),
          new SocketRequests(messages, calls.participants(), access.windows(), admittance));
    }

    private HttpServer serve(RestApi api, EventsEndpoint watching, Set<String> stores)
        throws IOException {
      return closing(HttpServer.start(httpAddress(), api, admittance, stores, watching::register));
    }

    private void share(DueWork dueWork, Courier courier) {
      dueWork.share(directory.shards("core"));
      courier.share(directory.shards("webhooks"));
    }

    private LibraryParts library(
        ConferenceParts.Ground ground, ItemStores stores, ServiceSecret secret) throws IOException {
      HttpClient http = closing(ObjectStoreParts.httpClient());
      LibraryParts library =
          LibraryParts.of(
              ground,
              storeParts.libraries(stores, ground.policies()::metadataRegions),
              new ObjectStoreParts(settings, clock, http).stores(),
              secret,
              settings.value(SessionSettings.FILE_BYTES_MAX));
      Library objects = library.files().library();
      objects.share(directory.shards("library"));
      DueLoop _ = started("due-library", objects::run);
      library.recordings().share(directory.shards("recordings"));
      DueLoop _ = started("due-recordings", library.recordings()::run);
      new SessionMetrics(metrics).register(objects, library.recordings());
      new SessionMetrics(metrics).register(library.uploads());
      library.filing().conversations().share(directory.shards("conversations"));
      DueLoop _ = started("due-filing", library.filing().conversations()::run);
      new SessionMetrics(metrics).register(library.filing().conversations());
      RetentionParts.start(settings, ground, library, directory, metrics).forEach(this::closing);
      return library;
    }

    private RegionLine line(JoinQueues queues, LinkedServers servers) {
      RegionLine line =
          new RegionLine(queues, servers, clock, settings.value(SessionSettings.JOIN_QUEUE_MAX));
      new SessionMetrics(metrics).register(line);
      return line;
    }

    /** Lets in those who wait for media servers; of each region, one node does it. */
    private void serve(WaitingRoom waitingRoom) {
      IntPredicate ours = directory.shards("join-queues");
      DueLoop _ =
          started(
              "join-queues",
              () ->
                  waitingRoom.serve(
                      region -> ours.test(Math.floorMod(region.hashCode(), DueShards.COUNT))));
    }

    private Waits waits() {
      Waits waits = new Waits(clock);
      new SessionMetrics(metrics).register(waits);
      return waits;
    }

    private AccessParts access(
        AccessItems items,
        TokenIssuers issuers,
        ServiceSecret secret,
        Coordination coordination,
        AuditLog auditLog) {
      return new AccessParts(
          new ApiKeys(items, clock),
          issuers,
          new JoinTokens(items, issuers, secret, clock),
          new EventTickets(secret, coordination.usedTickets(), clock),
          coordination.rateWindows(),
          secret,
          auditLog,
          auditTrail(auditLog, secret));
    }

    private AuditTrail auditTrail(AuditLog log, ServiceSecret secret) {
      AuditTrail trail = new AuditTrail(log, new Pseudonyms(secret), memory::isAway);
      DueLoop _ = started("audit-owed", trail::settle);
      return trail;
    }

    private AuditLog auditLog(ItemStore ops) {
      AuditLog log =
          new AuditLog(
              new AuditItems(ops),
              clock,
              settings.value(SessionSettings.NODE),
              Duration.ofDays(settings.value(SessionSettings.AUDIT_KEEP_DAYS)));
      metrics.counter("parley.audit.entries", "Entries of the audit log", log::recordedCount);
      DueLoop _ = started("due-audit", log::expire);
      return log;
    }

    private Erasures erasures(
        ItemStore ops, ConferenceParts calls, LibraryParts library, AccessParts access) {
      Duration keep = Duration.ofDays(settings.value(SessionSettings.AUDIT_KEEP_DAYS));
      Erasures erasures = ErasureParts.of(ops, calls, library, access, keep);
      ErasureParts.register(metrics, erasures);
      // What requests ask of the store comes first.
      DueLoop _ = started("due-erasures", () -> Priority.P2.call(erasures::run));
      return erasures;
    }

    private Reach reach() {
      return new Reach(
          closing(new SystemNames()), settings.value(SessionSettings.WEBHOOKS_ANYWHERE));
    }

    private IceServers iceServers() {
      String turnSecret = settings.value(SessionSettings.TURN_SECRET);
      return new IceServers(
          settings.value(SessionSettings.ICE_SERVERS).stream().map(IceServer::parse).toList(),
          turnSecret.isEmpty() ? null : turnSecret,
          settings.value(SessionSettings.TURN_LIFETIME),
          clock);
    }

    private Coordination coordination(ServiceSecret secret) {
      RandomGenerator random = new SecureRandom();
      LocalCoordination alone = new LocalCoordination(clock, quotaClock, random);
      String redis = settings.value(SessionSettings.REDIS);
      if (redis.isEmpty()) {
        return alone;
      }
      RedisCoordination.Plan plan =
          new RedisCoordination.Plan(
              redisAddress(redis),
              settings.value(SessionSettings.REDIS_TIMEOUT),
              directory::nodeCount);
      RedisCoordination shared = new RedisCoordination(plan, secret, alone, clock, random);
      new SessionMetrics(metrics).register(shared);
      return shared;
    }

    private static RedisAddress redisAddress(String text) {
      try {
        return RedisAddress.parse(text);
      } catch (IllegalArgumentException e) {
        throw new SettingsException(List.of("redis: " + e.getMessage()));
      }
    }

    /** What makes webhooks, and who else needs which of it. */
    private record WebhookParts(Subscriptions subscriptions, Courier courier, Webhooks api) {}

    private WebhookParts webhooks(WebhookItems items, ServiceSecret secret, Reach reach) {
      ExecutorService couriers = closing(Executors.newVirtualThreadPerTaskExecutor());
      SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
      HttpSender sender = closing(new HttpSender(reach, tls, Courier.ATTEMPT_TIME_MAX));
      Courier courier = closing(new Courier(items, sender, clock, new SecureRandom(), couriers));
      Subscriptions subscriptions = new Subscriptions(items, clock, courier);
      Webhooks api =
          new Webhooks(
              items, clock, reach, subscriptions, courier, secret.derive("webhook-endpoint-id"));
      return new WebhookParts(subscriptions, courier, api);
    }

    private TokenIssuers issuers(
        TokenIssuerItems items, ServiceSecret secret, Reach reach, Executor background) {
      SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
      HttpSender source = closing(new HttpSender(reach, tls, KEY_SET_TIME_MAX));
      KeySets keySets = new KeySets(source, clock, background);
      metrics.counter(
          "parley.token.keys.fetches", "Fetches of token issuers' keys", keySets::fetchCount);
      metrics.counter(
          "parley.token.keys.failures",
          "Fetches of token issuers' keys that brought none",
          keySets::failureCount);
      return new TokenIssuers(items, keySets, secret, clock);
    }

    private static ConferenceNames names(Conferences conferences) {
      return (tenant, alias) -> {
        Conference holder = conferences.findByAlias(tenant, alias);
        return holder == null ? null : holder.id();
      };
    }

    private AdminServer admin(AccessItems accessItems, AdminApi api) throws IOException {
      InetSocketAddress address =
          new InetSocketAddress(
              settings.value(SessionSettings.ADMIN_ADDRESS),
              settings.value(SessionSettings.ADMIN_PORT));
      List<ReadinessCheck> checks =
          List.of(
              new ReadinessCheck("store", new StoreReadiness(accessItems)),
              new ReadinessCheck(
                  "node", () -> draining.get() ? "draining" : directory.reasonNotReady()));
      AdminServer admin = new AdminServer(address, metrics, checks, this::drain);
      admin.mount(AdminApi.PATH, api);
      AdminPage page = new AdminPage();
      admin.mount(AdminPage.PATH, page);
      admin.mount(AdminPage.FILES_PATH, page);
      return admin;
    }

    private void drain() {
      if (draining.compareAndSet(false, true)) {
        LOG.info("draining: not ready any more; requests are still answered");
      }
    }

    private InetSocketAddress httpAddress() {
      return new InetSocketAddress(
          settings.value(SessionSettings.HTTP_ADDRESS), settings.value(SessionSettings.HTTP_PORT));
    }

    private boolean isLoopback() {
      return settings.value(SessionSettings.HTTP_ADDRESS).isLoopbackAddress();
    }

    private boolean hasOpenRooms() {
      boolean isWanted = settings.value(SessionSettings.OPEN_ROOMS);
      if (isWanted && !isLoopback() && !settings.value(SessionSettings.OPEN_ROOMS_ANYWHERE)) {
        throw new SettingsException(
            List.of(
                "open-rooms: http-address is not loopback, so anyone could enter; if that is meant,"
                    + " set open-rooms-anywhere=true too"));
      }
      return isWanted;
    }

    private RestApi.OpenRooms openRooms(ApiKeys keys) {
      return new RestApi.OpenRooms(() -> keys.anyOf(FirstKey.TENANT), isLoopback());
    }

    /** Begins to take links, and to tell other nodes where. */
    private ControlLinkServer links(
        ControlServerSettings linkSettings,
        LinkedServers servers,
        MediaFacts facts,
        NodeItems nodeItems)
        throws IOException {
      closing(directory);
      ControlLinkServer links = closing(new ControlLinkServer(linkSettings, servers, facts));
      links.start();
      directory.start(nodeItems, links.port(), servers, System::nanoTime, metrics);
      return links;
    }

    private DueLoop started(String name, IntSupplier work) {
      DueLoop loop = closing(new DueLoop(name, DueLoop.INTERVAL, work));
      loop.start();
      return loop;
    }

    private <T extends AutoCloseable> T closing(T part) {
      parts.push(part);
      return part;
    }
  }
}
