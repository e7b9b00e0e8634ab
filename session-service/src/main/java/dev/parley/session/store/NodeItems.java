package dev.parley.session.store;

import dev.parley.session.node.NodeRecord;
import dev.parley.session.node.NodeStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The directory of session nodes as items of the table {@code ops}: NODES, sorted by name. */
public final class NodeItems implements NodeStore {
  private static final String NODES = "NODES";
  private static final int PAGE_SIZE = 100;

  private final ItemStore items;

  public NodeItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public List<NodeRecord> nodes() {
    List<NodeRecord> nodes = new ArrayList<>();
    ItemRange range = ItemRange.all(NODES, PAGE_SIZE);
    for (ItemPage page = items.query(range); ; ) {
      page.items().forEach(item -> nodes.add(node(item)));
      if (page.next() == null) {
        return nodes;
      }
      page = items.query(range.after(page.next()));
    }
  }

  @Override
  public @Nullable NodeRecord node(String name) {
    Item item = items.get(new ItemKey(NODES, name));
    return item == null ? null : node(item);
  }

  @Override
  public @Nullable NodeRecord write(NodeRecord node) {
    NodeRecord next = node.withVersion(node.version() + 1);
    Item item =
        new Item(new ItemKey(NODES, next.name()), next.version(), Map.of(), ItemJson.write(next));
    WriteResult result = next.version() == 1 ? items.create(item) : items.replace(item);
    return result instanceof WriteResult.Written ? next : null;
  }

  @Override
  public void remove(NodeRecord node) {
    // If it has changed meanwhile, it beats.
    items.delete(new ItemKey(NODES, node.name()), node.version());
  }

  private static NodeRecord node(Item item) {
    return ItemJson.read(item, NodeRecord.class).withVersion(item.version());
  }
}
