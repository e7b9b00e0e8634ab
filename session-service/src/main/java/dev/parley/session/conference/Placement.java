package dev.parley.session.conference;

import dev.parley.common.id.Region;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a conference's media may be, decided when the conference is made and kept however often it
 * moves. Immutable.
 *
 * @param regions what its maker named; empty for any
 * @param residency the residency policy that its maker named, or null
 * @param allowed the regions that both permit, in the order of {@code regions} if those are named;
 *     empty for any
 * @param madeUnder the names of all residency policies that held when it was made, for people; null
 *     for the one that was named
 * @param metadataRegion in whose library the names and texts are of what becomes of it, as those
 *     policies said; null for the primary region's
 */
public record Placement(
    Mode mode,
    List<Region> regions,
    @Nullable String residency,
    List<Region> allowed,
    @Nullable String madeUnder,
    @Nullable String metadataRegion) {
  /** Most regions that one may name. */
  public static final int REGIONS_MAX = 32;

  /** Anywhere, near those who come. */
  public static final Placement ANYWHERE =
      new Placement(Mode.AUTO, List.of(), null, List.of(), null, null);

  public Placement {
    regions = List.copyOf(Objects.requireNonNullElse(regions, List.of()));
    allowed = List.copyOf(Objects.requireNonNullElse(allowed, List.of()));
  }

  /** Which of the allowed regions. */
  public enum Mode {
    /** The one that suits the first who comes. */
    AUTO,
    /** The first that has room, whoever comes from where. */
    PINNED
  }

  /**
   * Returns the placement, or null if no region is permitted by both.
   *
   * @param permitted what the residency policy permits, or null if there is none
   */
  public static @Nullable Placement of(
      Mode mode,
      List<Region> regions,
      @Nullable String residency,
      @Nullable List<Region> permitted) {
    List<Region> allowed = regions;
    if (permitted != null) {
      allowed =
          regions.isEmpty() ? permitted : regions.stream().filter(permitted::contains).toList();
      if (allowed.isEmpty()) {
        return null;
      }
    }
    return new Placement(mode, regions, residency, allowed, null, null);
  }

  /** The same, made under these residency policies; null for the one that was named. */
  public Placement under(@Nullable String policies) {
    return new Placement(mode, regions, residency, allowed, policies, metadataRegion);
  }

  /** The same, with its names in that region's library; null for the primary's. */
  public Placement named(@Nullable String region) {
    return new Placement(mode, regions, residency, allowed, madeUnder, region);
  }

  /** Returns the residency policies that it was made under, for people; null if there were none. */
  @Nullable String policies() {
    return madeUnder == null ? residency : madeUnder;
  }
}
