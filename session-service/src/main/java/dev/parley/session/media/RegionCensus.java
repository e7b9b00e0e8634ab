package dev.parley.session.media;

import dev.parley.common.id.Region;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the media servers of each region are together, as this node sees them. Thread-safe. */
public final class RegionCensus {
  /** Two servers of two address families each are enough to measure by. */
  private static final int PROBES_MAX = 4;

  private final LinkedServers servers;

  public RegionCensus(LinkedServers servers) {
    this.servers = servers;
  }

  /** Whether a region takes new conferences. */
  public enum Standing {
    /** It does. */
    OK,
    /** An operator keeps new ones out. */
    ISOLATED,
    /** All of its servers are to be empty. */
    DRAINING,
    /** None of its servers has room. */
    FULL
  }

  /**
   * A region.
   *
   * @param servers that beat
   * @param usableServers of these, that take conferences, with room or without
   * @param participantsMax on the usable servers
   * @param headroom how many participants more those of them admit that have room
   * @param hasRoom true if one of them might take a conference more
   * @param load how busy those are on average, 0.0 to about 1.0; 1.0 if there are none
   * @param probes where some of them answer STUN Binding requests
   */
  public record Entry(
      Region region,
      Standing standing,
      int servers,
      int usableServers,
      int participants,
      int participantsMax,
      int headroom,
      boolean hasRoom,
      double load,
      List<String> probes) {
    /** True if it takes new conferences. */
    public boolean isOpen() {
      return standing == Standing.OK;
    }
  }

  /** Returns the regions with a server that beats, and those isolated, in the order of names. */
  public List<Entry> regions() {
    Map<Region, List<LinkedServers.Status>> live =
        new TreeMap<>(Comparator.comparing(Region::value));
    servers.isolated().forEach(region -> live.put(region, new ArrayList<>()));
    for (LinkedServers.Status status : servers.statuses()) {
      if (status.isLive()) {
        live.computeIfAbsent(status.server().region(), _ -> new ArrayList<>()).add(status);
      }
    }
    List<Entry> entries = new ArrayList<>();
    live.forEach((region, there) -> entries.add(entry(region, there)));
    return entries;
  }

  /** Returns a region, or null if it has no server that beats and is not isolated. */
  public @Nullable Entry region(Region wanted) {
    return regions().stream()
        .filter(entry -> entry.region().equals(wanted))
        .findFirst()
        .orElse(null);
  }

  private Entry entry(Region region, List<LinkedServers.Status> there) {
    List<LinkedServers.Status> usable =
        there.stream().filter(status -> !status.isLeftOut() && !status.load().draining()).toList();
    Standing standing = Standing.OK;
    if (servers.isolated().contains(region)) {
      standing = Standing.ISOLATED;
    } else if (usable.isEmpty()) {
      standing = Standing.DRAINING;
    } else if (usable.stream().noneMatch(LinkedServers.Status::hasRoom)) {
      standing = Standing.FULL;
    }
    List<String> probes =
        usable.stream()
            .sorted(Comparator.comparingDouble(LinkedServers.Status::busy))
            .flatMap(status -> status.probes().stream())
            .limit(PROBES_MAX)
            .toList();
    return new Entry(
        region,
        standing,
        there.size(),
        usable.size(),
        there.stream().mapToInt(status -> status.load().participants()).sum(),
        usable.stream().mapToInt(LinkedServers.Status::participantsMax).sum(),
        headroom(usable),
        usable.stream().anyMatch(LinkedServers.Status::hasRoom),
        usable.stream().mapToDouble(LinkedServers.Status::busy).average().orElse(1),
        probes);
  }

  private static int headroom(List<LinkedServers.Status> usable) {
    return usable.stream()
        .filter(LinkedServers.Status::hasRoom)
        .mapToInt(status -> Math.max(0, status.participantsMax() - status.load().participants()))
        .sum();
  }
}
