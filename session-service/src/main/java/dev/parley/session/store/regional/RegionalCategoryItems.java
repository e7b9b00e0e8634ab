package dev.parley.session.store.regional;

import dev.parley.session.conversation.CategoryStore;
import dev.parley.session.conversation.CategoryTree;
import dev.parley.session.store.CategoryItems;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Trees of categories: a channel's in the library that the channel's id names, a tenant's own in
 * the one that the tenant's policies named when it got its first category. Thread-safe.
 */
public final class RegionalCategoryItems implements CategoryStore {
  private final Libraries<CategoryItems> libraries;
  private final Function<String, @Nullable String> regions;

  /**
   * Takes what it needs.
   *
   * @param regions in whose library a tenant's own tree is to be; null for the primary's
   */
  public RegionalCategoryItems(
      Libraries<CategoryItems> libraries, Function<String, @Nullable String> regions) {
    this.libraries = libraries;
    this.regions = regions;
  }

  @Override
  public CategoryTree tree(String tenant, @Nullable String channel) {
    return holder(tenant, channel).tree(tenant, channel);
  }

  @Override
  public @Nullable CategoryTree write(CategoryTree tree) {
    return holder(tree.tenant(), tree.channel()).write(tree);
  }

  private CategoryItems holder(String tenant, @Nullable String channel) {
    if (channel != null) {
      return libraries.of(channel);
    }
    for (CategoryItems items : libraries.ofTenant(tenant)) {
      if (items.tree(tenant, null).version() > 0) {
        return items;
      }
    }
    return libraries.in(regions.apply(tenant));
  }
}
