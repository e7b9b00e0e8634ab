package dev.parley.session.store;

import dev.parley.session.conference.DueShards;
import dev.parley.session.webhook.Delivery;
import dev.parley.session.webhook.Endpoint;
import dev.parley.session.webhook.Lane;
import dev.parley.session.webhook.LaneKey;
import dev.parley.session.webhook.WebhookStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks as items of the table {@code ops}.
 *
 * <pre>
 * partition               sort        what
 * WE#tenant               E#endpoint  an endpoint
 * W#endpoint#conference   LANE        how far its deliveries have come
 * W#endpoint#conference   D#sequence  one delivery
 *
 * index     partition     sort                          of
 * due       WDUE#shard    due#partition                 lanes with something to send
 * log       WLOG#endpoint happened#conference#sequence  deliveries
 * expiry    WEXP#shard    expires#partition#sort        finished deliveries, idle lanes
 * </pre>
 */
public final class WebhookItems implements WebhookStore {
  private static final String DUE = "due";
  private static final String LOG = "log";
  private static final String EXPIRY = "expiry";

  /** The indexes that the table must declare. */
  public static final Set<String> INDEXES = Set.of(DUE, LOG, EXPIRY);

  private static final String LANE = "LANE";
  private static final String DELIVERY = "D#";
  private static final int PAGE_SIZE = 100;

  private final ItemStore items;
  private final DueShards dueShards = new DueShards();

  public WebhookItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public @Nullable Endpoint endpoint(String tenant, String id) {
    Item item = items.get(endpointKey(tenant, id));
    return item == null ? null : endpoint(item);
  }

  @Override
  public List<Endpoint> endpoints(String tenant) {
    List<Endpoint> endpoints = new ArrayList<>();
    ItemRange range = ItemRange.all("WE#" + tenant, PAGE_SIZE);
    for (ItemPage page = items.query(range); ; ) {
      page.items().forEach(item -> endpoints.add(endpoint(item)));
      if (page.next() == null) {
        return endpoints;
      }
      page = items.query(range.after(page.next()));
    }
  }

  @Override
  public @Nullable Endpoint write(Endpoint endpoint) {
    Endpoint next = endpoint.withVersion(endpoint.version() + 1);
    ItemKey key = endpointKey(next.tenant(), next.id());
    return put(new Item(key, next.version(), Map.of(), ItemJson.write(next))) ? next : null;
  }

  @Override
  public boolean remove(Endpoint endpoint) {
    ItemKey key = endpointKey(endpoint.tenant(), endpoint.id());
    return items.delete(key, endpoint.version()) instanceof WriteResult.Written;
  }

  @Override
  public @Nullable Delivery delivery(LaneKey lane, long sequence) {
    Item item = items.get(new ItemKey(partition(lane), deliverySort(sequence)));
    return item == null ? null : delivery(item);
  }

  @Override
  public @Nullable Delivery write(Delivery delivery) {
    Delivery next = delivery.withVersion(delivery.version() + 1);
    ItemKey key = new ItemKey(partition(next.lane()), deliverySort(next.sequence()));
    Map<String, ItemKey> indexes = new HashMap<>();
    String happened =
        KeyText.number(next.happenedAt().toEpochMilli())
            + "#"
            + next.lane().conference()
            + "#"
            + KeyText.number(next.sequence());
    indexes.put(LOG, new ItemKey("WLOG#" + next.lane().endpoint(), happened));
    addExpiry(indexes, next.expiresAt(), key);
    return put(new Item(key, next.version(), indexes, ItemJson.write(next))) ? next : null;
  }

  @Override
  public boolean remove(Delivery delivery) {
    ItemKey key = new ItemKey(partition(delivery.lane()), deliverySort(delivery.sequence()));
    return items.delete(key, delivery.version()) instanceof WriteResult.Written;
  }

  @Override
  public @Nullable Delivery next(LaneKey lane, long after) {
    ItemRange range =
        new ItemRange(partition(lane), deliverySort(after + 1), DELIVERY + '~', false, 1, null);
    List<Item> found = items.query(range).items();
    return found.isEmpty() ? null : delivery(found.getFirst());
  }

  @Override
  public Page deliveries(String endpoint, int limit, @Nullable String cursor) {
    String partition = "WLOG#" + endpoint;
    ItemKey after = cursor == null ? null : new ItemKey(partition, cursor);
    ItemPage page = items.queryIndex(LOG, new ItemRange(partition, null, null, true, limit, after));
    return new Page(page.items().stream().map(WebhookItems::delivery).toList(), sort(page.next()));
  }

  @Override
  public @Nullable Lane lane(LaneKey key) {
    Item item = items.get(new ItemKey(partition(key), LANE));
    return item == null ? null : lane(item);
  }

  @Override
  public @Nullable Lane write(Lane lane) {
    Lane next = lane.withVersion(lane.version() + 1);
    ItemKey key = new ItemKey(partition(next.key()), LANE);
    Map<String, ItemKey> indexes = new HashMap<>();
    if (next.dueAt() != null) {
      String due = KeyText.number(next.dueAt().toEpochMilli()) + "#" + key.partition();
      indexes.put(DUE, new ItemKey("WDUE#" + shard(key), due));
    }
    addExpiry(indexes, next.expiresAt(), key);
    if (!put(new Item(key, next.version(), indexes, ItemJson.write(next)))) {
      return null;
    }
    if (next.dueAt() != null) {
      dueShards.wake(shard(key), next.dueAt());
    }
    return next;
  }

  @Override
  public DueShards dueShards() {
    return dueShards;
  }

  @Override
  public DueLanes due(int shard, Instant now, int limit, @Nullable String after) {
    String partition = "WDUE#" + shard;
    ItemKey from = after == null ? null : new ItemKey(partition, after);
    ItemPage page =
        items.queryIndex(DUE, new ItemRange(partition, null, until(now), false, limit, from));
    return new DueLanes(
        page.items().stream().map(item -> lane(item).key()).toList(), sort(page.next()));
  }

  @Override
  public List<Lane> waiting(int shard, int limit) {
    return items.queryIndex(DUE, ItemRange.all("WDUE#" + shard, limit)).items().stream()
        .map(WebhookItems::lane)
        .toList();
  }

  @Override
  public int removeExpired(int shard, Instant now, int limit) {
    int removed = 0;
    ItemRange range = new ItemRange("WEXP#" + shard, null, until(now), false, limit, null);
    for (Item item : items.queryIndex(EXPIRY, range).items()) {
      // One that has changed meanwhile stays.
      removed += items.delete(item.key(), item.version()) instanceof WriteResult.Written ? 1 : 0;
    }
    return removed;
  }

  private boolean put(Item item) {
    WriteResult result = item.version() == 1 ? items.create(item) : items.replace(item);
    return result instanceof WriteResult.Written;
  }

  private static Endpoint endpoint(Item item) {
    return ItemJson.read(item, Endpoint.class).withVersion(item.version());
  }

  private static Delivery delivery(Item item) {
    return ItemJson.read(item, Delivery.class).withVersion(item.version());
  }

  private static Lane lane(Item item) {
    return ItemJson.read(item, Lane.class).withVersion(item.version());
  }

  private static void addExpiry(
      Map<String, ItemKey> indexes, @Nullable Instant expiresAt, ItemKey key) {
    if (expiresAt != null) {
      String sort =
          KeyText.number(expiresAt.toEpochMilli()) + "#" + key.partition() + "#" + key.sort();
      indexes.put(EXPIRY, new ItemKey("WEXP#" + shard(key), sort));
    }
  }

  private static int shard(ItemKey key) {
    return Math.floorMod(key.partition().hashCode(), SHARD_COUNT);
  }

  /** The id comes from outside, and not all text fits a key. */
  private static ItemKey endpointKey(String tenant, String id) {
    return new ItemKey("WE#" + tenant, "E#" + KeyText.hash(id));
  }

  private static String partition(LaneKey lane) {
    return "W#" + lane.endpoint() + "#" + lane.conference();
  }

  private static String deliverySort(long sequence) {
    return DELIVERY + KeyText.number(sequence);
  }

  private static String until(Instant now) {
    return KeyText.number(now.toEpochMilli() + 1);
  }

  private static @Nullable String sort(@Nullable ItemKey key) {
    return key == null ? null : key.sort();
  }
}
