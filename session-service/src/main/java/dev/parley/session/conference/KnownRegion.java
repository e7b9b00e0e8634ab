package dev.parley.session.conference;

import dev.parley.common.id.Region;
import java.time.Instant;

/**
 * What an operator has decided about a region. A region nobody has decided about is open.
 * Immutable.
 *
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record KnownRegion(Region region, RegionState state, Instant since, long version) {
  static KnownRegion of(Region region, Instant now) {
    return new KnownRegion(region, RegionState.OPEN, now, 0);
  }

  /** Returns it with another version. */
  public KnownRegion withVersion(long stored) {
    return new KnownRegion(region, state, since, stored);
  }

  KnownRegion in(RegionState next, Instant now) {
    return new KnownRegion(region, next, now, version);
  }
}
