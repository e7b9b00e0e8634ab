package dev.parley.session.store;

import dev.parley.session.conversation.CategoryStore;
import dev.parley.session.conversation.CategoryTree;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trees of categories as items of the table {@code library}, each tree one item.
 *
 * <pre>
 * partition  sort  what
 * G#owner    META  the tree of a tenant, or of a channel (the owner hashed)
 * </pre>
 */
public final class CategoryItems implements CategoryStore {
  private final ItemStore items;

  public CategoryItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public CategoryTree tree(String tenant, @Nullable String channel) {
    Item item = items.get(key(tenant, channel));
    return item == null
        ? CategoryTree.empty(tenant, channel)
        : ItemJson.read(item, CategoryTree.class).withVersion(item.version());
  }

  @Override
  public @Nullable CategoryTree write(CategoryTree tree) {
    CategoryTree next = tree.withVersion(tree.version() + 1);
    Item item =
        new Item(
            key(next.tenant(), next.channel()), next.version(), Map.of(), ItemJson.write(next));
    WriteResult result = item.version() == 1 ? items.create(item) : items.replace(item);
    return result instanceof WriteResult.Written ? next : null;
  }

  private static ItemKey key(String tenant, @Nullable String channel) {
    String owner = channel == null ? tenant : tenant + '\0' + channel;
    return new ItemKey("G#" + KeyText.hash(owner), "META");
  }
}
