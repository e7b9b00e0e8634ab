package dev.parley.systemtests.chaos;

import dev.parley.systemtests.history.History;
import dev.parley.systemtests.history.HistoryChecker;
import dev.parley.systemtests.history.Violation;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A judge who finds nothing proves nothing. Here the check of the epoch is off: the store carries
 * out writes of allocations whatever was written in between, so that two nodes which give a
 * conference a media server at the same time both believe that theirs is the one.
 */
final class PlantedBug {
  private static final String ALLOCATION = "ALLOC";
  private static final int SEEDS_MAX = 5;

  private PlantedBug() {}

  /** Returns the first split that a seed shows, or null if none of some does. */
  static @Nullable Violation find(Cluster cluster, long firstSeed)
      throws InterruptedException, ExecutionException {
    cluster.deployment().storeDoor().ignoreConditions(ALLOCATION);
    try {
      for (long seed = firstSeed; seed < firstSeed + SEEDS_MAX; seed++) {
        History history = new SeededRun(cluster, seed, SeededRun.Conditions.CALM).run();
        List<Violation> found = HistoryChecker.judge(history);
        for (Violation violation : found) {
          if (violation.what().startsWith("two servers took people")) {
            return violation;
          }
        }
      }
      return null;
    } finally {
      cluster.deployment().storeDoor().ignoreConditions("");
    }
  }
}
