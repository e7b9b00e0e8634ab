package dev.parley.session.store;

import dev.parley.session.usage.Figures;
import dev.parley.session.usage.Presence;
import dev.parley.session.usage.UsageRow;
import dev.parley.session.usage.UsageStore;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Roll-ups of usage as items of the table {@code ops}.
 *
 * <pre>
 * partition  sort              what
 * U#tenant   day#region#shard  what was used, as far as one shard has counted it
 * </pre>
 */
public final class UsageItems implements UsageStore {
  private static final int PAGE_SIZE = 500;

  private final ItemStore items;

  public UsageItems(ItemStore items) {
    this.items = items;
  }

  /** The body of a row, whose key says the rest. */
  record Body(Figures figures, SortedMap<Integer, Integer> presence, Set<String> unsettled) {}

  @Override
  public @Nullable UsageRow row(UsageRow.Key key) {
    Item item = items.get(key(key));
    return item == null ? null : row(key, item);
  }

  @Override
  public @Nullable UsageRow write(UsageRow row) {
    UsageRow next = row.withVersion(row.version() + 1);
    Body body = new Body(next.figures(), next.presence().changes(), next.unsettled());
    Item item = new Item(key(next.key()), next.version(), Map.of(), ItemJson.write(body));
    WriteResult result = item.version() == 1 ? items.create(item) : items.replace(item);
    return result instanceof WriteResult.Written ? next : null;
  }

  @Override
  public Page rows(String tenant, LocalDate from, LocalDate to, @Nullable String after) {
    String partition = partition(tenant);
    ItemKey last = after == null ? null : new ItemKey(partition, after);
    ItemRange range =
        new ItemRange(partition, from.toString(), to.toString(), false, PAGE_SIZE, last);
    ItemPage page = items.query(range);
    List<UsageRow> rows = new ArrayList<>();
    for (Item item : page.items()) {
      String[] parts = item.key().sort().split("#", 3);
      int shard = Integer.parseInt(parts[2]);
      rows.add(row(new UsageRow.Key(tenant, LocalDate.parse(parts[0]), parts[1], shard), item));
    }
    return new Page(rows, page.next() == null ? null : page.next().sort());
  }

  private static UsageRow row(UsageRow.Key key, Item item) {
    Body body = ItemJson.read(item, Body.class);
    return new UsageRow(
        key, body.figures(), new Presence(body.presence()), body.unsettled(), item.version());
  }

  private static ItemKey key(UsageRow.Key key) {
    return new ItemKey(partition(key.tenant()), key.day() + "#" + key.region() + "#" + key.shard());
  }

  private static String partition(String tenant) {
    return "U#" + tenant;
  }
}
