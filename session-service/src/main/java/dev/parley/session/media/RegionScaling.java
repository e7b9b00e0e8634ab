package dev.parley.session.media;

import dev.parley.common.id.Region;
import dev.parley.session.placement.ScalingAdvice;
import dev.parley.session.placement.ScalingPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many media servers each region should have, as this node sees it. {@link #look} on one
 * thread, the rest on any.
 */
public final class RegionScaling {
  private static final ScalingPolicy.Sample NOBODY = new ScalingPolicy.Sample(0, 0, false, false);

  private final RegionCensus census;
  private final LongSupplier nanoClock;
  private final BiConsumer<RegionScaling, Region> onFound;
  private final Map<Region, ScalingPolicy> policies = new HashMap<>();
  private final Map<Region, State> states = new ConcurrentHashMap<>();

  /**
   * Takes what it needs.
   *
   * @param nanoClock monotonic time in nanoseconds
   * @param onFound is told of each region once
   */
  public RegionScaling(
      RegionCensus census, LongSupplier nanoClock, BiConsumer<RegionScaling, Region> onFound) {
    this.census = census;
    this.nanoClock = nanoClock;
    this.onFound = onFound;
  }

  /** What a region was like when it was last looked at; {@code entry} is null if it is gone. */
  public record State(RegionCensus.@Nullable Entry entry, ScalingAdvice advice) {
    /** How many participants are there. */
    public int demand() {
      return entry == null ? 0 : entry.participants();
    }

    /** How many participants more the servers that take some admit. */
    public int headroom() {
      return entry == null ? 0 : entry.headroom();
    }
  }

  /** Looks at all regions; returns how many there are. */
  public int look() {
    long nowNs = nanoClock.getAsLong();
    Map<Region, RegionCensus.Entry> now = new HashMap<>();
    census.regions().forEach(entry -> now.put(entry.region(), entry));
    for (Region region : now.keySet()) {
      if (policies.putIfAbsent(region, new ScalingPolicy()) == null) {
        states.put(region, new State(null, new ScalingPolicy().advise(NOBODY, nowNs)));
        onFound.accept(this, region);
      }
    }
    policies.forEach((region, policy) -> {
      RegionCensus.Entry entry = now.get(region);
      states.put(region, new State(entry, policy.advise(sample(entry), nowNs)));
    });
    return policies.size();
  }

  /** Returns a region as it was last looked at, or null if there never was a server in it. */
  public @Nullable State of(Region region) {
    return states.get(region);
  }

  private static ScalingPolicy.Sample sample(RegionCensus.@Nullable Entry entry) {
    // Where there were servers there are people who want one; an operator who isolates wants none.
    return entry == null
        ? new ScalingPolicy.Sample(0, 0, false, true)
        : new ScalingPolicy.Sample(
            entry.usableServers(),
            entry.usableServers() == 0 ? 0 : entry.load(),
            entry.hasRoom(),
            entry.standing() != RegionCensus.Standing.ISOLATED);
  }
}
