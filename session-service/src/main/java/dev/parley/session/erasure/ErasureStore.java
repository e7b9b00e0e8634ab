package dev.parley.session.erasure;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where erasures are kept, those that are under way and the receipts. Thread-safe; blocks. */
public interface ErasureStore {

  @Nullable Erasure erasure(String tenant, String id);

  /**
   * Stores an erasure if the stored one still has the version that was read (0: if there is none).
   *
   * @return it with its new version, or null if somebody was faster
   */
  @Nullable Erasure write(Erasure erasure);

  /** Forgets it, if it has not changed. */
  void remove(Erasure erasure);

  /** Returns some that were due at that time or before, most overdue first. */
  List<Erasure> due(Instant now, int limit);
}
