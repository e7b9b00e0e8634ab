package dev.parley.session.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some items in order.
 *
 * @param next for {@link ItemRange#after}: the key of the last item, or null if nothing follows
 */
public record ItemPage(List<Item> items, @Nullable ItemKey next) {
  public ItemPage {
    items = List.copyOf(items);
  }
}
