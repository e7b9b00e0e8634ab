package dev.parley.session.placement;

import dev.parley.common.id.Region;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the media server of a new conference: in the region that suits best, of two taken at
 * random, the less busy one. The best of all would get every conference of the second in which its
 * load was reported; two choices spread them nearly as well as knowing everything (Mitzenmacher
 * 2001). A server that is new is drawn less often, for its code is cold yet. A conference stays
 * where it is put. Not thread-safe.
 */
public final class ServerSelector {
  private final RandomGenerator random;

  public ServerSelector(RandomGenerator random) {
    this.random = random;
  }

  /** Returns the server to use, or null if none that may be used has room. */
  public @Nullable Candidate choose(List<Candidate> live, Preference preference) {
    List<Candidate> fit = new ArrayList<>(live.size());
    for (Candidate candidate : live) {
      if (candidate.hasRoom() && preference.permits(candidate.region())) {
        fit.add(candidate);
      }
    }
    if (fit.isEmpty()) {
      return null;
    }
    return ofTwo(preference.isIndifferent() ? fit : inBestRegion(fit, preference));
  }

  /**
   * Returns the regions in which servers may be used, whether they have room or not, best first.
   */
  public List<Region> inOrder(List<Candidate> live, Preference preference) {
    return live.stream()
        .map(Candidate::region)
        .filter(preference::permits)
        .distinct()
        .sorted(
            Comparator.comparingDouble((Region region) -> preference.costMs(region, 1))
                .thenComparing(Region::value))
        .toList();
  }

  private static List<Candidate> inBestRegion(List<Candidate> fit, Preference preference) {
    Map<Region, List<Candidate>> byRegion = new HashMap<>();
    for (Candidate candidate : fit) {
      byRegion.computeIfAbsent(candidate.region(), _ -> new ArrayList<>()).add(candidate);
    }
    Comparator<Map.Entry<Region, List<Candidate>>> byCost =
        Comparator.comparingDouble(
            region -> preference.costMs(region.getKey(), load(region.getValue())));
    return byRegion.entrySet().stream()
        .min(byCost.thenComparing(region -> region.getKey().value()))
        .orElseThrow()
        .getValue();
  }

  private static double load(List<Candidate> servers) {
    return servers.stream().mapToDouble(Candidate::score).average().orElse(1);
  }

  private Candidate ofTwo(List<Candidate> fit) {
    Candidate one = draw(fit);
    if (fit.size() == 1) {
      return one;
    }
    List<Candidate> others = new ArrayList<>(fit);
    others.remove(one);
    Candidate other = draw(others);
    return other.score() < one.score() ? other : one;
  }

  /** By weight. */
  private Candidate draw(List<Candidate> fit) {
    double sum = 0;
    for (Candidate candidate : fit) {
      sum += candidate.weight();
    }
    double left = random.nextDouble() * sum;
    for (Candidate candidate : fit) {
      left -= candidate.weight();
      if (left < 0) {
        return candidate;
      }
    }
    return fit.getLast();
  }
}
