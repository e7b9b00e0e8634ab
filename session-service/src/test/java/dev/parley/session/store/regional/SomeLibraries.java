package dev.parley.session.store.regional;

import dev.parley.common.id.MetadataRegion;
import dev.parley.session.conference.MetadataRegions;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.Table;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A library of its own for each of two regions besides the primary, in memory. */
final class SomeLibraries implements AutoCloseable {
  private static final List<String> OTHERS = List.of("asia", "eu");
  private static final MetadataRegions ALL = _ -> new TreeSet<>(List.of("asia", "eu", "us"));

  private final EmbeddedStore file = EmbeddedStore.inMemory();
  private final SortedMap<String, ItemStore> others = new TreeMap<>();

  SomeLibraries() {
    OTHERS.forEach(region -> others.put(region, table("library-" + region)));
  }

  /** The primary's table. */
  ItemStore table() {
    return table(Table.LIBRARY.name());
  }

  private ItemStore table(String name) {
    return file.table(name, Table.LIBRARY.indexes());
  }

  Libraries<ItemStore> with(ItemStore primary) {
    return new Libraries<>(primary, "us", others, ALL);
  }

  List<ItemStore> tables(ItemStore primary) {
    List<ItemStore> all = new ArrayList<>(others.values());
    all.add(primary);
    return all;
  }

  /** Spreads names over all libraries; one of four says that it belongs to the primary's. */
  static String id(String plain) {
    return switch (Math.floorMod(plain.hashCode(), 4)) {
      case 0 -> plain;
      case 1 -> MetadataRegion.mark(plain, "us");
      case 2 -> MetadataRegion.mark(plain, "asia");
      default -> MetadataRegion.mark(plain, "eu");
    };
  }

  @Override
  public void close() {
    file.close();
  }
}
