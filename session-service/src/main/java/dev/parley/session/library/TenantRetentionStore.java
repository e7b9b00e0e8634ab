package dev.parley.session.library;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where it is kept how long tenants keep things. Thread-safe; blocks. */
public interface TenantRetentionStore {

  @Nullable TenantRetention retention(String tenant);

  /**
   * Stores it if the stored one still has the version that was read (0: if there is none).
   *
   * @return it with its new version, or null if somebody was faster
   */
  @Nullable TenantRetention write(TenantRetention retention);

  /** Returns some whose walk is due at that time or before, most overdue first. */
  List<TenantRetention> due(Instant now, int limit);
}
