package dev.parley.session.store.dynamo;

import dev.parley.session.capacity.Priority;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much all operations together may repeat: when most fail, repeating them would only multiply
 * the load on a store that has too much already. The last half, and cheaper, is for what cannot
 * wait. Thread-safe.
 */
final class RetryBudget {
  private static final int TOKENS_MAX = 500;
  private static final int RETRY_COST = 5;
  private static final int URGENT_RETRY_COST = 2;
  private static final int URGENT_TOKENS = TOKENS_MAX / 2;

  private final AtomicInteger tokens = new AtomicInteger(TOKENS_MAX);

  /** Takes what a retry costs; false if there is not enough left. */
  boolean mayRetry(Priority priority) {
    boolean isUrgent = priority == Priority.P0;
    int cost = isUrgent ? URGENT_RETRY_COST : RETRY_COST;
    int needed = isUrgent ? URGENT_RETRY_COST : URGENT_TOKENS + RETRY_COST;
    return tokens.getAndUpdate(left -> left < needed ? left : left - cost) >= needed;
  }

  /** An attempt succeeded: in the long run, one retry in five of those, or one in two. */
  void succeeded() {
    if (tokens.get() < TOKENS_MAX) {
      tokens.updateAndGet(left -> Math.min(TOKENS_MAX, left + 1));
    }
  }
}
