package dev.parley.session.placement;

import dev.parley.common.id.Region;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client has measured of a region. Immutable.
 *
 * @param rttMs round trips of STUN Binding requests; none if no answer came
 * @param age how long ago
 */
public record RegionProbe(Region region, List<Double> rttMs, Duration age) {
  /** People move, and so do their networks. */
  public static final Duration AGE_MAX = Duration.ofMinutes(10);

  public RegionProbe {
    rttMs = List.copyOf(rttMs);
  }

  /** Returns the median round trip, or null if there is none that is good. */
  @Nullable Double medianMs() {
    if (rttMs.isEmpty() || age.compareTo(AGE_MAX) > 0) {
      return null;
    }
    List<Double> sorted = rttMs.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
