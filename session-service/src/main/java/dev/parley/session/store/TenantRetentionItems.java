package dev.parley.session.store;

import dev.parley.session.library.TenantRetention;
import dev.parley.session.library.TenantRetentionStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long tenants keep things, as items of the table {@code library}: partition {@code
 * KEEP#tenant}, the tenant hashed; in the index {@code due} those with a walk, in the partition
 * {@code KEEPDUE}.
 */
public final class TenantRetentionItems implements TenantRetentionStore {
  private static final String SORT = "RULE";
  private static final String DUE = "due";
  private static final String DUE_PARTITION = "KEEPDUE";

  private final ItemStore items;

  public TenantRetentionItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public @Nullable TenantRetention retention(String tenant) {
    Item item = items.get(key(tenant));
    return item == null ? null : read(item);
  }

  @Override
  public @Nullable TenantRetention write(TenantRetention retention) {
    TenantRetention next = retention.withVersion(retention.version() + 1);
    ItemKey key = key(next.tenant());
    TenantRetention.Walk walk = next.walk();
    Map<String, ItemKey> indexes =
        walk == null
            ? Map.of()
            : Map.of(
                DUE,
                new ItemKey(
                    DUE_PARTITION,
                    KeyText.number(walk.dueAt().toEpochMilli()) + "#" + key.partition()));
    Item item = new Item(key, next.version(), indexes, ItemJson.write(next));
    WriteResult result = item.version() == 1 ? items.create(item) : items.replace(item);
    return result instanceof WriteResult.Written ? next : null;
  }

  @Override
  public List<TenantRetention> due(Instant now, int limit) {
    String to = KeyText.number(now.toEpochMilli() + 1);
    ItemRange range = new ItemRange(DUE_PARTITION, null, to, false, limit, null);
    return items.queryIndex(DUE, range).items().stream().map(TenantRetentionItems::read).toList();
  }

  private static TenantRetention read(Item item) {
    return ItemJson.read(item, TenantRetention.class).withVersion(item.version());
  }

  /** The tenant's name may come from outside, and not all text fits a key. */
  private static ItemKey key(String tenant) {
    return new ItemKey("KEEP#" + KeyText.hash(tenant), SORT);
  }
}
