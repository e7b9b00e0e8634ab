package dev.parley.session.store;

import dev.parley.session.placement.ResidencyPolicy;
import dev.parley.session.placement.ResidencyPolicyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Residency policies as items of the table {@code ops}.
 *
 * <pre>
 * partition        sort  what
 * RP#tenant        name  a policy (the tenant hashed)
 * RP#tenant#names  META  the regions in whose libraries the tenant ever had anything
 * </pre>
 */
public final class ResidencyItems implements ResidencyPolicyStore {
  private static final int PAGE_SIZE = 100;

  private final ItemStore items;

  public ResidencyItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public @Nullable ResidencyPolicy residencyPolicy(String tenant, String name) {
    Item item = items.get(key(tenant, name));
    return item == null ? null : read(item);
  }

  @Override
  public List<ResidencyPolicy> residencyPolicies(String tenant) {
    List<ResidencyPolicy> policies = new ArrayList<>();
    ItemRange range = ItemRange.all(partition(tenant), PAGE_SIZE);
    for (ItemPage page = items.query(range); ; ) {
      page.items().forEach(item -> policies.add(read(item)));
      if (page.next() == null) {
        return policies;
      }
      page = items.query(range.after(page.next()));
    }
  }

  @Override
  public @Nullable ResidencyPolicy write(ResidencyPolicy policy) {
    ResidencyPolicy next = policy.withVersion(policy.version() + 1);
    Item item =
        new Item(key(next.tenant(), next.name()), next.version(), Map.of(), ItemJson.write(next));
    WriteResult result = policy.version() == 0 ? items.create(item) : items.replace(item);
    return result instanceof WriteResult.Written ? next : null;
  }

  @Override
  public SortedSet<String> metadataRegions(String tenant) {
    Item item = items.get(regionsKey(tenant));
    return item == null ? Collections.emptySortedSet() : ItemJson.read(item, Regions.class).names();
  }

  @Override
  public void addMetadataRegion(String tenant, String region) {
    while (true) {
      Item before = items.get(regionsKey(tenant));
      SortedSet<String> names = new TreeSet<>();
      if (before != null) {
        names.addAll(ItemJson.read(before, Regions.class).names());
      }
      if (!names.add(region)) {
        return;
      }
      String body = ItemJson.write(new Regions(names));
      WriteResult result =
          before == null
              ? items.create(new Item(regionsKey(tenant), 1, Map.of(), body))
              : items.replace(new Item(before.key(), before.version() + 1, Map.of(), body));
      if (result instanceof WriteResult.Written) {
        return;
      }
    }
  }

  /** In whose libraries a tenant has anything, or had. */
  record Regions(SortedSet<String> names) {}

  @Override
  public boolean remove(ResidencyPolicy policy) {
    return items.delete(key(policy.tenant(), policy.name()), policy.version())
        instanceof WriteResult.Written;
  }

  private static ResidencyPolicy read(Item item) {
    return ItemJson.read(item, ResidencyPolicy.class).withVersion(item.version());
  }

  private static ItemKey key(String tenant, String name) {
    return new ItemKey(partition(tenant), name);
  }

  private static ItemKey regionsKey(String tenant) {
    return new ItemKey(partition(tenant) + "#names", "META");
  }

  /** The tenant's name may come from outside, and not all text fits a key. */
  private static String partition(String tenant) {
    return "RP#" + KeyText.hash(tenant);
  }
}
