package dev.parley.session.store;

import dev.parley.session.erasure.Erasure;
import dev.parley.session.erasure.ErasureStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Erasures as items of the table {@code ops}: partition {@code ER#tenant}, sort key a hash of the
 * id; in the index {@code due} all of them, in the partition {@code ERDUE}.
 */
public final class ErasureItems implements ErasureStore {
  private static final String DUE = "due";
  private static final String DUE_PARTITION = "ERDUE";

  private final ItemStore items;

  public ErasureItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public @Nullable Erasure erasure(String tenant, String id) {
    Item item = items.get(key(tenant, id));
    return item == null ? null : erasure(item);
  }

  @Override
  public @Nullable Erasure write(Erasure erasure) {
    Erasure next = erasure.withVersion(erasure.version() + 1);
    ItemKey key = key(next.tenant(), next.id());
    String due = KeyText.number(next.dueAt().toEpochMilli()) + "#" + next.id();
    Map<String, ItemKey> indexes = Map.of(DUE, new ItemKey(DUE_PARTITION, due));
    Item item = new Item(key, next.version(), indexes, ItemJson.write(next));
    WriteResult result = item.version() == 1 ? items.create(item) : items.replace(item);
    return result instanceof WriteResult.Written ? next : null;
  }

  @Override
  public void remove(Erasure erasure) {
    items.delete(key(erasure.tenant(), erasure.id()), erasure.version());
  }

  @Override
  public List<Erasure> due(Instant now, int limit) {
    String to = KeyText.number(now.toEpochMilli() + 1);
    ItemRange range = new ItemRange(DUE_PARTITION, null, to, false, limit, null);
    return items.queryIndex(DUE, range).items().stream().map(ErasureItems::erasure).toList();
  }

  private static Erasure erasure(Item item) {
    return ItemJson.read(item, Erasure.class).withVersion(item.version());
  }

  /** The id comes from outside, and not all text fits a key. */
  private static ItemKey key(String tenant, String id) {
    return new ItemKey("ER#" + tenant, KeyText.hash(id));
  }
}
