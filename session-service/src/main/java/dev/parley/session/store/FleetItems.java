package dev.parley.session.store;

import dev.parley.common.id.Region;
import dev.parley.session.conference.KnownFleet;
import dev.parley.session.conference.KnownRegion;
import dev.parley.session.conference.KnownServer;
import dev.parley.session.conference.MediaServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Media servers and regions as items of the table {@code core}.
 *
 * <pre>
 * partition          sort         what
 * MEDIA              server#inc.  a media server that is up, or was given up just now
 * MEDIA              ~region      what an operator has decided about a region
 * FENCE#server#inc.  FENCE        a media server that was given up; for ever
 * </pre>
 */
final class FleetItems {
  private static final String FLEET = "MEDIA";

  /** No server's key begins so: a region's name is of letters, digits and a few marks. */
  private static final String REGION = "~";

  private static final int PAGE_SIZE = 500;

  private final ItemStore items;

  FleetItems(ItemStore items) {
    this.items = items;
  }

  @Nullable KnownServer server(MediaServer server) {
    Item item = items.get(serverKey(server));
    return item == null ? null : server(item);
  }

  @Nullable KnownServer write(KnownServer server) {
    KnownServer next = server.withVersion(server.version() + 1);
    ItemKey key = serverKey(next.server());
    return put(new Item(key, next.version(), Map.of(), ItemJson.write(next))) ? next : null;
  }

  void forget(KnownServer server) {
    items.delete(serverKey(server.server()), server.version());
  }

  @Nullable KnownRegion region(Region region) {
    Item item = items.get(regionKey(region));
    return item == null ? null : region(item);
  }

  @Nullable KnownRegion write(KnownRegion region) {
    KnownRegion next = region.withVersion(region.version() + 1);
    ItemKey key = regionKey(next.region());
    return put(new Item(key, next.version(), Map.of(), ItemJson.write(next))) ? next : null;
  }

  /** Reads both at once: each node does so each few seconds. */
  KnownFleet all() {
    List<KnownServer> servers = new ArrayList<>();
    List<KnownRegion> regions = new ArrayList<>();
    ItemRange range = ItemRange.all(FLEET, PAGE_SIZE);
    for (ItemPage page = items.query(range); ; ) {
      for (Item item : page.items()) {
        if (item.key().sort().startsWith(REGION)) {
          regions.add(region(item));
        } else {
          servers.add(server(item));
        }
      }
      if (page.next() == null) {
        return new KnownFleet(servers, regions);
      }
      page = items.query(range.after(page.next()));
    }
  }

  void fence(MediaServer server) {
    // If it is there already, that is what is wanted.
    items.create(new Item(fenceKey(server), 1, Map.of(), ItemJson.write(server)));
  }

  boolean isFenced(MediaServer server) {
    return items.get(fenceKey(server)) != null;
  }

  /** Returns a part of a key that is a server's own. */
  static String text(MediaServer server) {
    // The incarnation is the server's own word; only its hash is sure to fit a key.
    return server.region() + "#" + server.server() + "#" + KeyText.hash(server.incarnation());
  }

  private boolean put(Item item) {
    WriteResult result = item.version() == 1 ? items.create(item) : items.replace(item);
    return result instanceof WriteResult.Written;
  }

  private static KnownServer server(Item item) {
    return ItemJson.read(item, KnownServer.class).withVersion(item.version());
  }

  private static KnownRegion region(Item item) {
    return ItemJson.read(item, KnownRegion.class).withVersion(item.version());
  }

  private static ItemKey fenceKey(MediaServer server) {
    return new ItemKey("FENCE#" + text(server), "FENCE");
  }

  private static ItemKey serverKey(MediaServer server) {
    return new ItemKey(FLEET, text(server));
  }

  private static ItemKey regionKey(Region region) {
    return new ItemKey(FLEET, REGION + region.value());
  }
}
