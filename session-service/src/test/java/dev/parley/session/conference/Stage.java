package dev.parley.session.conference;

import dev.parley.common.control.Order;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.common.token.Grants;
import dev.parley.common.token.Role;
import dev.parley.session.coordination.local.LocalCoordination;
import dev.parley.session.harness.MovableClock;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.UsageItems;
import dev.parley.session.store.embedded.EmbeddedStore;
import dev.parley.session.usage.UsageRollups;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The whole domain over a real store in memory, with scripted media servers and a still clock. */
class Stage implements AutoCloseable {
  static final MediaServer FIRST =
      new MediaServer(new ServerId("ms-1"), "one", new Region("local"));
  static final MediaServer SECOND =
      new MediaServer(new ServerId("ms-2"), "two", new Region("local"));

  /** Most who wait in a region. */
  static final int QUEUE_MAX = 20;

  /** An order as a media server got it. */
  record Given(MediaServer server, ConferenceId conference, long epoch, Order order) {}

  final MovableClock clock = new MovableClock(Instant.parse("2026-11-21T04:00:00Z"));
  final EmbeddedStore file = open();
  final CountedItems items = new CountedItems(core());
  final ConferenceStore store = new ConferenceItems(items);
  final List<Given> orders = Collections.synchronizedList(new ArrayList<>());
  final List<ConferenceEvent> events = Collections.synchronizedList(new ArrayList<>());
  final List<String> testimony = Collections.synchronizedList(new ArrayList<>());
  final Set<MediaServer> up = new LinkedHashSet<>(List.of(FIRST));
  Function<Given, MediaAnswer> script = Stage::accept;
  final Map<MediaServer, URI> doors = new ConcurrentHashMap<>();
  Set<MediaServer> leftOut = Set.of();
  Set<Region> isolated = Set.of();

  /** How many more people the only region takes, or null if nothing is known of it. */
  volatile @Nullable Integer seats;

  final MediaServers servers = new Scripted();
  final ConferenceIds ids = new ConferenceIds(new byte[32], clock);
  final Told told = new Told();
  final Notices notices = new Notices(store, clock, told, Runnable::run);
  final List<Double> scores = Collections.synchronizedList(new ArrayList<>());
  final CallQuality quality =
      new CallQuality(
          new LocalCoordination(clock, clock::nanoTime, new Random(1)).qualityBoard(),
          clock,
          (_, event) -> events.add(event),
          (_, mos, _) -> scores.add(mos));
  final Participants participants =
      new Participants(
          store, clock, servers, (_, event) -> events.add(event), notices, quality, Runnable::run);
  final Moderation moderation =
      new Moderation(
          store, clock, servers, participants, (_, event) -> events.add(event), Runnable::run);
  final Unrecorded unrecorded =
      new Unrecorded(
          store, servers, participants, moderation, new Bans(store, clock, participants));
  final Waits waits = new Waits(clock);
  final JoinQueues queues = linesUp();
  final RegionLine line = new RegionLine(queues, servers, clock, QUEUE_MAX);
  final WaitingRoom waitingRoom =
      new WaitingRoom(
          store,
          clock,
          participants,
          (_, event) -> events.add(event),
          notices,
          waits,
          line,
          Runnable::run);
  final Conferences conferences =
      new Conferences(
          store,
          clock,
          ids,
          participants,
          servers,
          (_, event) -> events.add(event),
          notices,
          waitingRoom);
  final Admission admission = new Admission(store, clock, ids, participants, waitingRoom);
  final Signalling signalling = new Signalling(store, clock, ids, servers, participants);
  final Set<MediaServer> fenced = new LinkedHashSet<>();
  final Moves moves =
      new Moves(store, clock, servers, (_, event) -> events.add(event), notices, Runnable::run);
  final Fleet fleet = new Fleet(store, clock, servers);
  final MediaFacts facts = newFacts();
  final UsageItems usageItems = new UsageItems(file.table("ops", Set.of()));
  private final UsageRollups rollups = new UsageRollups(usageItems, store, _ -> 0);
  final List<String> used = Collections.synchronizedList(new ArrayList<>());
  final DueWork dueWork =
      new DueWork(
          store,
          clock,
          conferences,
          participants,
          waitingRoom,
          facts,
          notices,
          moves,
          (shard, stays, over) -> {
            rollups.add(shard, stays, over);
            stays.forEach(stay -> used.add(stay.id().value()));
            over.forEach(conference -> used.add(conference.id().value()));
          });

  /** Opens what everything is stored in. */
  EmbeddedStore open() {
    return EmbeddedStore.inMemory();
  }

  /** Returns the table of conferences. */
  ItemStore core() {
    return file.table("core", ConferenceItems.INDEXES);
  }

  /** Returns where people line up. */
  JoinQueues linesUp() {
    return new LocalCoordination(clock, clock::nanoTime, new Random(1)).joinQueues();
  }

  MediaFacts newFacts() {
    return new MediaFacts(
        store,
        clock,
        participants,
        servers,
        (_, event) -> events.add(event),
        notices,
        moves,
        fleet,
        unrecorded,
        Runnable::run);
  }

  static ConferenceOptions options(int maxParticipants, Lifespan lifespan) {
    ConferenceOptions usual = ConferenceOptions.DEFAULT;
    return new ConferenceOptions(
        false,
        false,
        maxParticipants,
        lifespan,
        usual.settings(),
        usual.tags(),
        null,
        Placement.ANYWHERE);
  }

  ConferenceId conference(ConferenceOptions options) {
    Answer<Conferences.Made> answer =
        conferences.create(new Conferences.Wish("t", null, options, null, "h"));
    return done(answer).conference().id();
  }

  Answer<Participant> tryJoin(ConferenceId conference, String identity, boolean replace) {
    return tryJoin(conference, identity, Role.SPEAKER, replace);
  }

  Answer<Participant> tryJoin(
      ConferenceId conference, String identity, Role role, boolean replace) {
    return admission.join(
        new Admission.Wish(
            conference,
            new Participant.Person(identity, null, role, Grants.of(role)),
            false,
            replace));
  }

  Participant join(ConferenceId conference, String identity) {
    return done(tryJoin(conference, identity, false));
  }

  Answer<Signalling.Answered> tryOffer(Participant participant) {
    return signalling.offer(
        participant.conference(),
        participant.id(),
        new Signalling.Offer("v=0", Order.Listening.AUTO, Order.SignallingProfile.RTC));
  }

  Participant offer(Participant participant) {
    return done(tryOffer(participant)).participant();
  }

  Conference read(ConferenceId id) {
    Conference conference = store.conference(id);
    if (conference == null) {
      throw new AssertionError("no conference " + id);
    }
    return conference;
  }

  Participant read(Participant participant) {
    return read(participant.conference(), participant.id());
  }

  Participant read(ConferenceId conference, ParticipantId id) {
    Participant participant = store.participant(conference, id);
    if (participant == null) {
      throw new AssertionError("no participant " + id);
    }
    return participant;
  }

  static <T> T done(Answer<T> answer) {
    return switch (answer) {
      case Answer.Done<T> done -> done.value();
      case Answer.Refused<T> refused -> throw new AssertionError("refused: " + refused.refusal());
    };
  }

  static Refusal refusal(Answer<?> answer) {
    if (answer instanceof Answer.Refused<?> refused) {
      return refused.refusal();
    }
    throw new AssertionError("not refused: " + answer);
  }

  static MediaAnswer accept(Given given) {
    return given.order() instanceof Order.AdmitParticipant
        ? new MediaAnswer.Accepted("v=0 answer", Order.Listening.FORWARD, "EsAw")
        : new MediaAnswer.Accepted(null, null, null);
  }

  List<Order> ordersOf(MediaServer server) {
    return orders.stream().filter(o -> o.server().equals(server)).map(Given::order).toList();
  }

  @Override
  public void close() {
    file.close();
  }

  /** What has been handed on, if anyone wants it, in a map that a repetition does not change. */
  static final class Told implements NoticeSink {
    final Map<ConferenceId, SortedMap<Long, Notice>> byConference = new ConcurrentHashMap<>();
    boolean isWanted;
    Runnable onAccept = () -> {};

    @Override
    public boolean wants(String tenant, NoticeType type) {
      return isWanted;
    }

    @Override
    public void accept(String tenant, ConferenceId conference, List<Notice> notices) {
      onAccept.run();
      SortedMap<Long, Notice> told =
          byConference.computeIfAbsent(conference, _ -> new ConcurrentSkipListMap<>());
      notices.forEach(notice -> told.put(notice.sequence(), notice));
    }

    Set<Long> sequences(ConferenceId conference) {
      return byConference.getOrDefault(conference, new TreeMap<>()).keySet();
    }

    List<NoticeType> types(ConferenceId conference) {
      return byConference.getOrDefault(conference, new TreeMap<>()).values().stream()
          .map(Notice::type)
          .toList();
    }
  }

  private final class Scripted implements MediaServers {
    @Override
    public @Nullable MediaServer choose(Wish wish) {
      return up.stream()
          .filter(server -> !wish.excluded().contains(server))
          .filter(server -> wish.regions().permits(server.region()))
          .filter(server -> !leftOut.contains(server) && !isolated.contains(server.region()))
          .findFirst()
          .orElse(null);
    }

    @Override
    public boolean isServed(RegionWish regions) {
      return up.stream().anyMatch(server -> regions.permits(server.region()));
    }

    @Override
    public Vacancy vacancy(@Nullable MediaServer server, RegionWish regions) {
      return new Vacancy(seats == null || seats > 0, FIRST.region());
    }

    @Override
    public Map<Region, Integer> seats() {
      return seats == null ? Map.of() : Map.of(FIRST.region(), seats);
    }

    @Override
    public @Nullable URI door(MediaServer server) {
      return doors.get(server);
    }

    @Override
    public void fence(MediaServer server) {
      fenced.add(server);
    }

    @Override
    public void leaveOut(Set<MediaServer> servers, Set<Region> regions) {
      leftOut = Set.copyOf(servers);
      isolated = Set.copyOf(regions);
    }

    @Override
    public boolean wantsTestimony() {
      return true;
    }

    @Override
    public void testify(MediaServer server, MediaWord word) {
      testimony.add(server.server() + (word.flows() ? " flows" : " stopped"));
    }

    @Override
    public MediaAnswer order(MediaServer server, ConferenceId conference, long epoch, Order order) {
      Given given = new Given(server, conference, epoch, order);
      orders.add(given);
      return script.apply(given);
    }
  }
}
