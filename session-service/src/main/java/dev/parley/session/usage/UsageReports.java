package dev.parley.session.usage;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Answers what a tenant used, from the roll-ups. Thread-safe; blocks. */
public final class UsageReports {
  private final UsageStore store;
  private final Clock clock;

  public UsageReports(UsageStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Returns which day it is (UTC). */
  public LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** How long a period is. */
  public enum Granularity {
    DAY,
    MONTH
  }

  /**
   * What is wanted.
   *
   * @param from the first day (UTC)
   * @param to the day after the last
   * @param region only this one's, or null for all
   */
  public record Wish(
      String tenant,
      LocalDate from,
      LocalDate to,
      @Nullable String region,
      Granularity granularity) {}

  /**
   * What was used in one period in one region.
   *
   * @param period its first day
   * @param peak most participants within five minutes
   */
  public record Line(LocalDate period, String region, Figures figures, int peak) {}

  /**
   * Some lines, by period and region.
   *
   * @param next the first day of the next page, or null if there is none
   */
  public record Page(List<Line> lines, @Nullable LocalDate next) {
    public Page {
      lines = List.copyOf(lines);
    }
  }

  /** One day of one region: what all shards have counted. */
  private static final class Day {
    private Figures figures = Figures.NONE;
    private Presence presence = Presence.NONE;
  }

  /**
   * Returns whole periods, as many as make so many lines, or a few more.
   *
   * @param limit lines after which no other period begins
   */
  public Page page(Wish wish, int limit) {
    Periods periods = new Periods(wish.granularity());
    String after = null;
    do {
      UsageStore.Page page = store.rows(wish.tenant(), wish.from(), wish.to(), after);
      for (UsageRow row : page.rows()) {
        if (periods.isFull(row.key().day(), limit)) {
          return new Page(periods.lines(), row.key().day());
        }
        if (wish.region() == null || wish.region().equals(row.key().region())) {
          periods.add(row);
        }
      }
      after = page.next();
    } while (after != null);
    return new Page(periods.lines(), null);
  }

  /** The periods of a page while it is read: rows come in the order of days. */
  private static final class Periods {
    private final Granularity granularity;
    private final List<Line> done = new ArrayList<>();
    private final TreeMap<String, TreeMap<LocalDate, Day>> regions = new TreeMap<>();
    private @Nullable LocalDate period;

    Periods(Granularity granularity) {
      this.granularity = granularity;
    }

    /** True if the day begins another period, and there are enough lines without it. */
    boolean isFull(LocalDate day, int limit) {
      LocalDate next = periodOf(day);
      if (!next.equals(period)) {
        close();
        period = next;
      }
      return done.size() >= limit;
    }

    void add(UsageRow row) {
      Day day =
          regions
              .computeIfAbsent(row.key().region(), _ -> new TreeMap<>())
              .computeIfAbsent(row.key().day(), _ -> new Day());
      day.figures = day.figures.plus(row.figures());
      day.presence = day.presence.plus(row.presence());
    }

    List<Line> lines() {
      close();
      return done;
    }

    private void close() {
      LocalDate closed = period;
      if (closed == null) {
        return;
      }
      for (Map.Entry<String, TreeMap<LocalDate, Day>> region : regions.entrySet()) {
        Figures figures = Figures.NONE;
        int peak = 0;
        for (Day day : region.getValue().values()) {
          figures = figures.plus(day.figures);
          peak = Math.max(peak, day.presence.peak());
        }
        done.add(new Line(closed, region.getKey(), figures, peak));
      }
      regions.clear();
    }

    private LocalDate periodOf(LocalDate day) {
      return granularity == Granularity.MONTH ? day.withDayOfMonth(1) : day;
    }
  }
}
