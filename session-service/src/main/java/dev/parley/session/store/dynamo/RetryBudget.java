package dev.parley.session.store.dynamo;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much all operations together may repeat: when most fail, repeating them would only multiply
 * the load on a store that has too much already. Thread-safe.
 */
final class RetryBudget {
  private static final int TOKENS_MAX = 500;
  private static final int RETRY_COST = 5;

  private final AtomicInteger tokens = new AtomicInteger(TOKENS_MAX);

  /** Takes what a retry costs; false if there is not enough left. */
  boolean mayRetry() {
    return tokens.getAndUpdate(left -> left < RETRY_COST ? left : left - RETRY_COST) >= RETRY_COST;
  }

  /** An attempt succeeded: in the long run, one retry in five of those. */
  void succeeded() {
    if (tokens.get() < TOKENS_MAX) {
      tokens.updateAndGet(left -> Math.min(TOKENS_MAX, left + 1));
    }
  }
}
