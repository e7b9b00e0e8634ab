package dev.parley.session.conference;

import dev.parley.common.id.MetadataRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/** In which regions' libraries the names and texts of tenants are. Thread-safe; blocks. */
public interface MetadataRegions {
  /** All in the primary region's. */
  MetadataRegions NONE = _ -> new TreeSet<>();

  /** Returns every region besides the primary that a policy of the tenant ever named. */
  SortedSet<String> of(String tenant);

  /**
   * Returns what an identifier of the tenant's would be if it belonged to the library of another of
   * its regions: under it may be what an earlier request made when policies said something else.
   */
  default List<String> elsewhere(String tenant, String identifier) {
    String region = MetadataRegion.of(identifier);
    String bare = MetadataRegion.unmarked(identifier);
    List<String> others = new ArrayList<>();
    SortedSet<String> all = of(tenant);
    if (region != null) {
      others.add(bare);
    }
    for (String other : all) {
      if (!Objects.equals(other, region)) {
        others.add(MetadataRegion.mark(bare, other));
      }
    }
    return others;
  }
}
