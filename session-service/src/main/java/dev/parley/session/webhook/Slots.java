package dev.parley.session.webhook;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;

/**
 * Places for attempts on this node: so many in all, and so few of one endpoint that one that is
 * slow cannot take them from the others. Thread-safe; never waits.
 */
final class Slots {
  private final int perEndpoint;
  private final Semaphore total;
  private final ConcurrentMap<String, Integer> taken = new ConcurrentHashMap<>();

  Slots(int total, int perEndpoint) {
    this.total = new Semaphore(total);
    this.perEndpoint = perEndpoint;
  }

  boolean tryTake(String endpoint) {
    if (!total.tryAcquire()) {
      return false;
    }
    boolean[] isTaken = {false};
    taken.compute(
        endpoint,
        (_, count) -> {
          int before = count == null ? 0 : count;
          isTaken[0] = before < perEndpoint;
          return isTaken[0] ? before + 1 : before;
        });
    if (!isTaken[0]) {
      total.release();
    }
    return isTaken[0];
  }

  void giveBack(String endpoint) {
    taken.computeIfPresent(endpoint, (_, count) -> count == 1 ? null : count - 1);
    total.release();
  }
}
