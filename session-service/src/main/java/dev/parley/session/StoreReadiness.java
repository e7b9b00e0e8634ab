package dev.parley.session;

import dev.parley.session.access.ApiKeyStore;
import dev.parley.session.store.StoreUnavailableException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the store was there when the node began. A store that is away later is away for all
 * nodes: if they all said that they are not ready, a load balancer would send nobody to any, nor
 * what goes on without a store. Thread-safe.
 */
final class StoreReadiness implements Supplier<@Nullable String> {
  private final ApiKeyStore keys;
  private final AtomicBoolean hasSeenKey = new AtomicBoolean();

  StoreReadiness(ApiKeyStore keys) {
    this.keys = keys;
  }

  /** Returns what is missing, or null. */
  @Override
  public @Nullable String get() {
    if (hasSeenKey.get()) {
      return null;
    }
    try {
      hasSeenKey.set(keys.anyApiKey(null) != null);
      return hasSeenKey.get() ? null : "holds no server key";
    } catch (StoreUnavailableException e) {
      return "does not answer: " + e.getMessage();
    }
  }
}
