package dev.parley.session.usage;

import java.time.LocalDate;
import java.util.Set;

/**
 * What a tenant used on one day in one region, as far as one shard has counted it. Immutable.
 *
 * @param unsettled the sources that are counted here and perhaps not marked as counted; a source
 *     that is in here is not counted again
 * @param version counts the stored changes; 0 if it is not stored yet
 */
public record UsageRow(
    Key key, Figures figures, Presence presence, Set<String> unsettled, long version) {
  /** A region's name for what had none. */
  public static final String NO_REGION = "none";

  public UsageRow {
    unsettled = Set.copyOf(unsettled);
  }

  /**
   * Where it belongs.
   *
   * @param region the region's name, or {@link #NO_REGION}
   */
  public record Key(String tenant, LocalDate day, String region, int shard) {}

  static UsageRow empty(Key key) {
    return new UsageRow(key, Figures.NONE, Presence.NONE, Set.of(), 0);
  }

  /** Returns it with another version. */
  public UsageRow withVersion(long stored) {
    return new UsageRow(key, figures, presence, unsettled, stored);
  }
}
