package dev.parley.session.store;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Some items in order: as many as were asked for, or all that remain.
 *
 * @param next for {@link ItemRange#after}: the key of the last item, or null if nothing follows
 */
public record ItemPage(List<Item> items, @Nullable ItemKey next) {
  public ItemPage {
    items = List.copyOf(items);
  }

  /**
   * Makes a page of what was found.
   *
   * @param found up to one item more than the limit, which shows that something follows
   * @param key what a page that begins after an item is told of it
   */
  public static ItemPage of(List<Item> found, int limit, Function<Item, ItemKey> key) {
    if (found.size() <= limit) {
      return new ItemPage(found, null);
    }
    List<Item> page = found.subList(0, limit);
    return new ItemPage(page, key.apply(page.getLast()));
  }
}
