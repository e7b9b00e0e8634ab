package dev.parley.session.store;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.session.conference.Allocation;
import dev.parley.session.conference.Ban;
import dev.parley.session.conference.Claim;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceStore;
import dev.parley.session.conference.ContendedException;
import dev.parley.session.conference.DueShards;
import dev.parley.session.conference.KnownFleet;
import dev.parley.session.conference.KnownRegion;
import dev.parley.session.conference.KnownServer;
import dev.parley.session.conference.MediaServer;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.RosterVersions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Conferences as items of the table {@code core}; those who hold them are {@link FleetItems}.
 *
 * <pre>
 * partition               sort          what
 * C#conference            META          the conference
 * C#conference            P#participant one stay
 * C#conference            I#identity    which stay holds an identity (hashed)
 * C#conference            BAN#ban       who may not join for some time
 * C#conference            RV#identity   up to when its tokens are refused (hashed)
 * C#conference            ALLOC         which media server holds the conference
 * A#tenant#alias          PTR           which conference holds an alias (hashed)
 *
 * index     partition         sort               of
 * tenant    T#tenant          created#conference META
 * present   C#conference      joined#participant stays that have not ended
 * server    MS#server#inc.    C#conference       ALLOC
 * due       DUE#shard         due#key            META, ALLOC and stays that need looking after
 * due       OLD#shard         due#conference     META that is to be forgotten then
 * </pre>
 */
public final class ConferenceItems implements ConferenceStore {
  static final String TENANT = "tenant";
  static final String PRESENT = "present";
  static final String SERVER = "server";
  static final String DUE = "due";

  /** The indexes that the table must declare. */
  public static final Set<String> INDEXES = Set.of(TENANT, PRESENT, SERVER, DUE);

  static final String META = "META";
  static final String STAY = "P#";
  private static final String BAN = "BAN#";

  private static final Comparator<Participant> IN_ORDER_OF_JOINING =
      Comparator.comparing(Participant::joinedAt).thenComparing(stay -> stay.id().value());
  private static final int PAGE_SIZE = 500;
  private static final int REVOKE_ATTEMPTS_MAX = 5;

  /** A filtered list looks at this many items a page at most. */
  private static final int LOOKED_AT_MAX = 1000;

  private final ItemStore items;
  private final RosterVersions versions;
  private final DueShards dueShards = new DueShards();
  private final FleetItems fleet;
  private final OldConferences old;

  /** Takes a table whose indexes are never behind. */
  public ConferenceItems(ItemStore items) {
    this(items, RosterVersions.NONE, null);
  }

  /**
   * Takes what it needs.
   *
   * @param versions tells where the index of who is present is behind
   * @param keep how long conferences are kept after their end, or null for ever
   */
  public ConferenceItems(ItemStore items, RosterVersions versions, @Nullable Duration keep) {
    this.items = items;
    this.versions = versions;
    this.old = new OldConferences(items, keep);
    this.fleet = new FleetItems(items);
  }

  @Override
  public @Nullable Conference conference(ConferenceId id) {
    Item item = items.get(meta(id));
    return item == null ? null : conference(item);
  }

  @Override
  public @Nullable Conference write(Conference conference) {
    Conference next = conference.withVersion(conference.version() + 1);
    ItemKey key = meta(next.id());
    Map<String, ItemKey> indexes = new HashMap<>();
    String created = millis(next.times().createdAt());
    indexes.put(TENANT, new ItemKey("T#" + next.tenant(), created + "#" + next.id()));
    addDue(indexes, next.dueAt(), key);
    Instant forgetAt = old.forgetAt(next);
    if (forgetAt != null) {
      // A partition of its own: what is only to be forgotten keeps nothing else waiting.
      indexes.put(DUE, OldConferences.dueKey(shard(key), forgetAt, next.id()));
    }
    if (!put(new Item(key, next.version(), indexes, ItemJson.write(next)))) {
      return null;
    }
    wake(next.dueAt(), key);
    old.wake(shard(key), forgetAt);
    return next;
  }

  @Override
  public List<ConferenceId> forgettable(Instant now, int limit, IntPredicate isOurs) {
    return old.due(now, limit, isOurs);
  }

  @Override
  public boolean isForgettable(Conference conference, Instant now) {
    Instant forgetAt = old.forgetAt(conference);
    return forgetAt != null && !now.isBefore(forgetAt);
  }

  @Override
  public boolean forget(Conference conference) {
    String alias = conference.alias();
    ItemKey meta = meta(conference.id());
    boolean isGone =
        old.forget(conference, meta, alias == null ? null : alias(conference.tenant(), alias));
    if (!isGone) {
      old.wake(shard(meta), Instant.EPOCH);
    }
    return isGone;
  }

  @Override
  public boolean scheduleForgetting() {
    return old.schedule(conference -> write(conference.asLookedAt()));
  }

  @Override
  public Page list(Selection selection, int limit, @Nullable String cursor) {
    String partition = "T#" + selection.tenant();
    ItemKey after = cursor == null ? null : new ItemKey(partition, cursor);
    Instant from = selection.from();
    Instant to = selection.to();
    ItemRange range =
        new ItemRange(
            partition,
            from == null ? null : millis(from),
            to == null ? null : millis(to),
            true,
            limit,
            after);
    List<Conference> found = new ArrayList<>();
    int lookedAt = 0;
    while (true) {
      ItemPage page = items.queryIndex(TENANT, range);
      ItemKey next = page.next();
      for (Item item : page.items()) {
        Conference conference = conference(item);
        lookedAt++;
        if (selection.includes(conference)) {
          found.add(conference);
        }
        if (found.size() == limit) {
          // Perhaps nothing follows; then the next page is empty, which is allowed.
          return new Page(found, sort(lookedAt % limit == 0 ? next : item.indexes().get(TENANT)));
        }
      }
      if (next == null || lookedAt >= LOOKED_AT_MAX) {
        return new Page(found, sort(next));
      }
      range = range.after(next);
    }
  }

  @Override
  public @Nullable Participant participant(ConferenceId conference, ParticipantId id) {
    Item item = items.get(stay(conference, id));
    return item == null ? null : participant(item);
  }

  @Override
  public @Nullable Participant write(Participant participant) {
    Participant next = participant.withVersion(participant.version() + 1);
    ItemKey key = stay(next.conference(), next.id());
    Map<String, ItemKey> indexes = new HashMap<>();
    if (!next.state().isOver()) {
      String joined = millis(next.joinedAt()) + "#" + next.id();
      indexes.put(PRESENT, new ItemKey("C#" + next.conference(), joined));
    }
    addDue(indexes, next.dueAt(), key);
    if (!put(new Item(key, next.version(), indexes, ItemJson.write(next)))) {
      return null;
    }
    wake(next.dueAt(), key);
    versions.note(
        next.conference(),
        next.id(),
        new RosterVersions.Newest(next.version(), !next.state().isOver()));
    return next;
  }

  @Override
  public List<Participant> stays(ConferenceId conference) {
    Map<ParticipantId, Participant> present = new LinkedHashMap<>();
    ItemRange range = ItemRange.all("C#" + conference, PAGE_SIZE);
    for (ItemPage page = items.queryIndex(PRESENT, range); ; ) {
      for (Item item : page.items()) {
        Participant listed = participant(item);
        present.put(listed.id(), listed);
      }
      if (page.next() == null) {
        break;
      }
      page = items.queryIndex(PRESENT, range.after(page.next()));
    }
    return isBroughtUpToDate(conference, present)
        ? present.values().stream().sorted(IN_ORDER_OF_JOINING).toList()
        : List.copyOf(present.values());
  }

  @Override
  public List<Participant> staysOf(ConferenceId conference, String identity) {
    List<Participant> stays = new ArrayList<>();
    ItemRange range = ItemRange.prefixed("C#" + conference, STAY, PAGE_SIZE);
    for (ItemPage page = items.query(range); ; page = items.query(range.after(page.next()))) {
      page.items().stream()
          .map(ConferenceItems::participant)
          .filter(stay -> stay.person().identity().equals(identity))
          .forEach(stays::add);
      if (page.next() == null) {
        return stays;
      }
    }
  }

  @Override
  public void forgetIdentity(ConferenceId conference, String identity) {
    remove(identity(conference, identity));
    remove(revocation(conference, identity));
  }

  private void remove(ItemKey key) {
    for (Item item = items.get(key); item != null; item = items.get(key)) {
      if (items.delete(key, item.version()) instanceof WriteResult.Written) {
        return;
      }
    }
  }

  /** Reads by key what the index does not show as it was written last; true if that was any. */
  private boolean isBroughtUpToDate(
      ConferenceId conference, Map<ParticipantId, Participant> present) {
    boolean[] isBehind = new boolean[1];
    versions
        .newest(conference)
        .forEach((id, newest) -> {
          Participant listed = present.get(id);
          if (listed == null ? newest.isPresent() : listed.version() < newest.version()) {
            isBehind[0] = true;
            Participant now = participant(conference, id);
            if (now != null && !now.state().isOver()) {
              present.put(id, now);
            } else {
              present.remove(id);
            }
          }
        });
    return isBehind[0];
  }

  @Override
  public @Nullable Allocation allocation(ConferenceId conference) {
    Item item = items.get(new ItemKey("C#" + conference, "ALLOC"));
    return item == null ? null : ItemJson.read(item, Allocation.class).withVersion(item.version());
  }

  @Override
  public @Nullable Allocation write(Allocation allocation) {
    Allocation next = allocation.withVersion(allocation.version() + 1);
    ItemKey key = new ItemKey("C#" + next.conference(), "ALLOC");
    MediaServer server = next.server();
    Map<String, ItemKey> indexes = new HashMap<>();
    if (server != null && !next.isClosed()) {
      indexes.put(SERVER, new ItemKey(partition(server), key.partition()));
    }
    addDue(indexes, next.dueAt(), key);
    if (!put(new Item(key, next.version(), indexes, ItemJson.write(next)))) {
      return null;
    }
    wake(next.dueAt(), key);
    return next;
  }

  @Override
  public List<ConferenceId> conferencesOn(MediaServer server) {
    List<ConferenceId> conferences = new ArrayList<>();
    ItemRange range = ItemRange.all(partition(server), PAGE_SIZE);
    for (ItemPage page = items.queryIndex(SERVER, range); ; ) {
      page.items()
          .forEach(item -> conferences.add(ItemJson.read(item, Allocation.class).conference()));
      if (page.next() == null) {
        return conferences;
      }
      page = items.queryIndex(SERVER, range.after(page.next()));
    }
  }

  @Override
  public @Nullable Claim aliasClaim(String tenant, String alias) {
    return claim(alias(tenant, alias));
  }

  @Override
  public @Nullable Claim writeAliasClaim(String tenant, String alias, Claim claim) {
    return write(alias(tenant, alias), claim);
  }

  @Override
  public @Nullable Claim identityClaim(ConferenceId conference, String identity) {
    return claim(identity(conference, identity));
  }

  @Override
  public @Nullable Claim writeIdentityClaim(ConferenceId conference, String identity, Claim claim) {
    return write(identity(conference, identity), claim);
  }

  @Override
  public @Nullable Ban ban(ConferenceId conference, String id) {
    Item item = items.get(banKey(conference, id));
    return item == null ? null : ban(item);
  }

  @Override
  public @Nullable Ban write(ConferenceId conference, Ban ban) {
    Ban next = ban.withVersion(ban.version() + 1);
    ItemKey key = banKey(conference, next.id());
    return put(new Item(key, next.version(), Map.of(), ItemJson.write(next))) ? next : null;
  }

  @Override
  public List<Ban> bans(ConferenceId conference) {
    List<Ban> bans = new ArrayList<>();
    ItemRange range = ItemRange.prefixed("C#" + conference, BAN, PAGE_SIZE);
    for (ItemPage page = items.query(range); ; page = items.query(range.after(page.next()))) {
      page.items().forEach(item -> bans.add(ban(item)));
      if (page.next() == null) {
        return bans;
      }
    }
  }

  @Override
  public boolean remove(ConferenceId conference, Ban ban) {
    return items.delete(banKey(conference, ban.id()), ban.version()) instanceof WriteResult.Written;
  }

  @Override
  public void revokeTokens(ConferenceId conference, String identity, Instant upTo) {
    ItemKey key = revocation(conference, identity);
    for (int attempt = 0; attempt < REVOKE_ATTEMPTS_MAX; attempt++) {
      Item before = items.get(key);
      if (before != null && !ItemJson.read(before, Revocation.class).upTo().isBefore(upTo)) {
        return;
      }
      long version = before == null ? 1 : before.version() + 1;
      if (put(new Item(key, version, Map.of(), ItemJson.write(new Revocation(upTo))))) {
        return;
      }
    }
    throw new ContendedException("revocation in " + conference);
  }

  @Override
  public @Nullable Instant tokensRevokedUpTo(ConferenceId conference, String identity) {
    Item item = items.get(revocation(conference, identity));
    return item == null ? null : ItemJson.read(item, Revocation.class).upTo();
  }

  /** Returns the conference whose item it is, whatever can be read of it. */
  static ConferenceId idOf(Item item) {
    return new ConferenceId(item.key().partition().substring("C#".length()));
  }

  /** Up to when an identity's tokens are refused. */
  record Revocation(Instant upTo) {}

  @Override
  public List<Due> due(int shard, Instant now, int limit) {
    List<Due> due = new ArrayList<>();
    String to = millis(now.plusMillis(1));
    ItemRange range = new ItemRange("DUE#" + shard, null, to, false, limit, null);
    for (Item item : items.queryIndex(DUE, range).items()) {
      ConferenceId conference = idOf(item);
      String sort = item.key().sort();
      due.add(
          new Due(
              conference,
              sort.startsWith(STAY) ? new ParticipantId(sort.substring(STAY.length())) : null));
    }
    return due;
  }

  @Override
  public DueShards dueShards() {
    return dueShards;
  }

  @Override
  public @Nullable KnownServer knownServer(MediaServer server) {
    return fleet.server(server);
  }

  @Override
  public @Nullable KnownServer write(KnownServer server) {
    return fleet.write(server);
  }

  @Override
  public void forget(KnownServer server) {
    fleet.forget(server);
  }

  @Override
  public @Nullable KnownRegion knownRegion(Region region) {
    return fleet.region(region);
  }

  @Override
  public @Nullable KnownRegion write(KnownRegion region) {
    return fleet.write(region);
  }

  @Override
  public KnownFleet knownFleet() {
    return fleet.all();
  }

  @Override
  public void fence(MediaServer server) {
    fleet.fence(server);
  }

  @Override
  public boolean isFenced(MediaServer server) {
    return fleet.isFenced(server);
  }

  private boolean put(Item item) {
    WriteResult result = item.version() == 1 ? items.create(item) : items.replace(item);
    return result instanceof WriteResult.Written;
  }

  private @Nullable Claim claim(ItemKey key) {
    Item item = items.get(key);
    if (item == null) {
      return null;
    }
    return ItemJson.read(item, Claim.class).withVersion(item.version());
  }

  private @Nullable Claim write(ItemKey key, Claim claim) {
    Claim next = claim.withVersion(claim.version() + 1);
    return put(new Item(key, next.version(), Map.of(), ItemJson.write(next))) ? next : null;
  }

  private static Ban ban(Item item) {
    return ItemJson.read(item, Ban.class).withVersion(item.version());
  }

  private static ItemKey banKey(ConferenceId conference, String id) {
    return new ItemKey("C#" + conference, BAN + id);
  }

  static Conference conference(Item item) {
    return ItemJson.read(item, Conference.class).withVersion(item.version());
  }

  static Participant participant(Item item) {
    return ItemJson.read(item, Participant.class).withVersion(item.version());
  }

  private static void addDue(Map<String, ItemKey> indexes, @Nullable Instant dueAt, ItemKey key) {
    if (dueAt != null) {
      String sort = millis(dueAt) + "#" + key.partition() + "#" + key.sort();
      indexes.put(DUE, new ItemKey("DUE#" + shard(key), sort));
    }
  }

  /** Only once it is stored, or it would be looked for in vain. */
  private void wake(@Nullable Instant dueAt, ItemKey key) {
    if (dueAt != null) {
      dueShards.wake(shard(key), dueAt);
    }
  }

  /** One conference's work stays on one shard, so one node does it. */
  static int shard(ItemKey key) {
    return Math.floorMod(key.partition().hashCode(), DueShards.COUNT);
  }

  private static ItemKey meta(ConferenceId id) {
    return new ItemKey("C#" + id, META);
  }

  private static ItemKey stay(ConferenceId conference, ParticipantId id) {
    return new ItemKey("C#" + conference, STAY + id);
  }

  private static ItemKey identity(ConferenceId conference, String identity) {
    return new ItemKey("C#" + conference, "I#" + KeyText.hash(identity));
  }

  private static ItemKey revocation(ConferenceId conference, String identity) {
    return new ItemKey("C#" + conference, "RV#" + KeyText.hash(identity));
  }

  private static ItemKey alias(String tenant, String alias) {
    return new ItemKey("A#" + tenant + "#" + KeyText.hash(KeyText.fold(alias)), "PTR");
  }

  private static String partition(MediaServer server) {
    return "MS#" + FleetItems.text(server);
  }

  private static @Nullable String sort(@Nullable ItemKey key) {
    return key == null ? null : key.sort();
  }

  private static String millis(Instant instant) {
    return KeyText.number(instant.toEpochMilli());
  }
}
