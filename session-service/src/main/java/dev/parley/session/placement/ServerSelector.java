package dev.parley.session.placement;

import dev.parley.common.id.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the media server of a new conference: of two taken at random, the less busy one. The best
 * of all would get every conference of the second in which its load was reported; two choices
 * spread them nearly as well as knowing everything (Mitzenmacher 2001). A conference stays where it
 * is put. Not thread-safe.
 */
public final class ServerSelector {
  private final RandomGenerator random;

  public ServerSelector(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Returns the server to use, or null if none has room.
   *
   * @param region where it must stand, or null if anywhere will do
   */
  public @Nullable Candidate choose(List<Candidate> live, @Nullable Region region) {
    List<Candidate> fit = new ArrayList<>(live.size());
    for (Candidate candidate : live) {
      if (candidate.hasRoom() && (region == null || region.equals(candidate.region()))) {
        fit.add(candidate);
      }
    }
    if (fit.isEmpty()) {
      return null;
    }
    int first = random.nextInt(fit.size());
    if (fit.size() == 1) {
      return fit.get(first);
    }
    int second = random.nextInt(fit.size() - 1);
    if (second >= first) {
      second++;
    }
    Candidate one = fit.get(first);
    Candidate other = fit.get(second);
    return other.score() < one.score() ? other : one;
  }
}
