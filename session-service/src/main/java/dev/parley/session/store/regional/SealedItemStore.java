package dev.parley.session.store.regional;

import dev.parley.common.id.MetadataRegion;
import dev.parley.session.access.TextSeal;
import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemRange;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.SealedBody;
import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.WriteResult;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Any item store, in which the bodies of what belongs to a call are encrypted (AES-GCM) if the
 * names of the call belong to another region's library: the key is there. What tells where a call
 * runs and what is due is not, so that the service goes on with both while that library is away.
 * Thread-safe.
 */
public final class SealedItemStore implements ItemStore {
  /** Where a call runs, and how far its webhooks have come: nobody is named there. */
  private static final Set<String> OPEN = Set.of("ALLOC", "LANE");

  private final ItemStore store;
  private final LibraryKeys keys;

  public SealedItemStore(ItemStore store, LibraryKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  @Override
  public @Nullable Item get(ItemKey key) {
    Item item = store.get(key);
    return item == null ? null : opened(item);
  }

  @Override
  public WriteResult create(Item item) {
    return opened(store.create(sealed(item)));
  }

  @Override
  public WriteResult replace(Item item) {
    return opened(store.replace(sealed(item)));
  }

  @Override
  public WriteResult delete(ItemKey key, long version) {
    return opened(store.delete(key, version));
  }

  @Override
  public ItemPage query(ItemRange range) {
    return opened(store.query(range));
  }

  @Override
  public ItemPage queryIndex(String index, ItemRange range) {
    return opened(store.queryIndex(index, range));
  }

  @Override
  public ItemPage scan(int limit, @Nullable ItemKey after) {
    return opened(store.scan(limit, after));
  }

  private ItemPage opened(ItemPage page) {
    return new ItemPage(page.items().stream().map(this::opened).toList(), page.next());
  }

  private WriteResult opened(WriteResult result) {
    return result instanceof WriteResult.Conflict(Item current) && current != null
        ? new WriteResult.Conflict(opened(current))
        : result;
  }

  /**
   * Returns an item as it was before it was sealed; as it is, if its key is away: whoever needs its
   * body is told so then, and others go on.
   */
  private Item opened(Item item) {
    String sealed = SealedBody.sealed(item.body());
    String region = sealed == null ? null : regionOf(item.key());
    if (sealed == null || region == null) {
      return item;
    }
    TextSeal seal;
    try {
      seal = keys.seal(region);
    } catch (StoreUnavailableException _) {
      return item;
    }
    String body = seal.open(place(item.key()), sealed);
    if (body == null) {
      throw new IllegalStateException("the item " + item.key() + " was not sealed by us");
    }
    return with(item, body);
  }

  private Item sealed(Item item) {
    String region = regionOf(item.key());
    return region == null
        ? item
        : with(item, SealedBody.of(keys.seal(region).seal(place(item.key()), item.body())));
  }

  private static String place(ItemKey key) {
    return key.partition() + '\0' + key.sort();
  }

  private static Item with(Item item, String body) {
    return new Item(item.key(), item.version(), item.indexes(), body);
  }

  private @Nullable String regionOf(ItemKey key) {
    if (OPEN.contains(key.sort())) {
      return null;
    }
    // The partitions of calls, in both tables, end with the conference's id.
    String partition = key.partition();
    boolean isOfCall = partition.startsWith("C#") || partition.startsWith("W#");
    String last = partition.substring(partition.lastIndexOf('#') + 1);
    String region = isOfCall && last.startsWith("cf_") ? MetadataRegion.of(last) : null;
    return region != null && keys.isElsewhere(region) ? region : null;
  }
}
