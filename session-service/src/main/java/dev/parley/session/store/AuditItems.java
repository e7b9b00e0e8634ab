package dev.parley.session.store;

import dev.parley.session.audit.AuditChain;
import dev.parley.session.audit.AuditEntry;
import dev.parley.session.audit.AuditLink;
import dev.parley.session.audit.AuditStore;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The audit log as items of the table {@code ops}: a chain is a partition {@code AUD#day#shard}, a
 * link's number its sort key, so that each place is taken once.
 */
public final class AuditItems implements AuditStore {
  private final ItemStore items;

  public AuditItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public Appended append(AuditLink link) {
    ItemKey key = new ItemKey(partition(link.chain()), KeyText.number(link.number()));
    Stored stored = new Stored(link.previous(), link.entries(), link.hash());
    return switch (items.create(new Item(key, 1, Map.of(), ItemJson.write(stored)))) {
      case WriteResult.Written() -> new Appended(true, null);
      case WriteResult.Conflict(var current) ->
          new Appended(false, current == null ? null : link(link.chain(), current));
    };
  }

  @Override
  public @Nullable AuditLink last(AuditChain chain) {
    ItemRange range = new ItemRange(partition(chain), null, null, true, 1, null);
    List<Item> found = items.query(range).items();
    return found.isEmpty() ? null : link(chain, found.getFirst());
  }

  @Override
  public List<AuditLink> links(AuditChain chain, long after, int limit) {
    ItemRange range =
        new ItemRange(partition(chain), KeyText.number(after + 1), null, false, limit, null);
    return items.query(range).items().stream().map(item -> link(chain, item)).toList();
  }

  @Override
  public int remove(AuditChain chain, int limit) {
    int removed = 0;
    for (Item item : items.query(ItemRange.all(partition(chain), limit)).items()) {
      removed += items.delete(item.key(), item.version()) instanceof WriteResult.Written ? 1 : 0;
    }
    return removed;
  }

  /** What the key does not say. */
  record Stored(String previous, List<AuditEntry> entries, String hash) {}

  private static AuditLink link(AuditChain chain, Item item) {
    Stored stored = ItemJson.read(item, Stored.class);
    return new AuditLink(
        chain,
        Long.parseLong(item.key().sort()),
        stored.previous(),
        stored.entries(),
        stored.hash());
  }

  private static String partition(AuditChain chain) {
    return "AUD#" + chain.day() + "#" + chain.shard();
  }
}
