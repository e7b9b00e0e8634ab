package dev.parley.systemtests.show.talk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The delay from one person's microphone to the other's ear, from the times at which the same
 * bursts of sound began at both ends. Both browsers run on one machine and so on one clock.
 *
 * @param delaysMs one for each burst that was heard, in order of size
 */
record MouthToEar(List<Double> delaysMs) {
  /** Less than the shortest interval between two bursts. */
  private static final double LONGEST_MS = 850;

  /**
   * Pairs each heard burst with the newest spoken one before it. The intervals between bursts are
   * uneven, so pairs that do not belong together show as delays that scatter by hundreds of
   * milliseconds.
   */
  static MouthToEar of(List<Double> spokenMs, List<Double> heardMs) {
    List<Double> delays = new ArrayList<>();
    for (double heard : heardMs) {
      double newest = Double.NaN;
      for (double spoken : spokenMs) {
        if (spoken <= heard) {
          newest = spoken;
        }
      }
      if (heard - newest <= LONGEST_MS) {
        delays.add(heard - newest);
      }
    }
    Collections.sort(delays);
    return new MouthToEar(List.copyOf(delays));
  }

  int count() {
    return delaysMs.size();
  }

  /** The delay that half of the bursts kept, or not-a-number without any. */
  double medianMs() {
    return delaysMs.isEmpty() ? Double.NaN : delaysMs.get(delaysMs.size() / 2);
  }

  double worstMs() {
    return delaysMs.isEmpty() ? Double.NaN : delaysMs.getLast();
  }
}
