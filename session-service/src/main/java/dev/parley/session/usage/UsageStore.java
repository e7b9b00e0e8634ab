package dev.parley.session.usage;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where roll-ups are kept. Thread-safe; blocks. */
public interface UsageStore {
  @Nullable UsageRow row(UsageRow.Key key);

  /** Stores a row if it has the stored version; returns it with the next, or null if not. */
  @Nullable UsageRow write(UsageRow row);

  /**
   * Returns a page of a tenant's rows in the order of days, regions, shards.
   *
   * @param from the first day
   * @param to the day after the last
   * @param after what the page before answered, or null for the first
   */
  Page rows(String tenant, LocalDate from, LocalDate to, @Nullable String after);

  /**
   * Some rows.
   *
   * @param next where the next page begins, or null if there is none
   */
  record Page(List<UsageRow> rows, @Nullable String next) {
    public Page {
      rows = List.copyOf(rows);
    }
  }
}
