package dev.parley.session.usage;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many people were there in the course of a day, in steps of five minutes: by how many each
 * step has more than the one before. Immutable; those of different stays add up, so that the peak
 * of the sum is the peak of all.
 *
 * @param changes by step, 0 to {@link #STEPS}; none is 0
 */
public record Presence(SortedMap<Integer, Integer> changes) {
  /** Steps of a day. */
  public static final int STEPS = 288;

  private static final long STEP_MS = 86_400_000L / STEPS;

  /** Nobody. */
  public static final Presence NONE = new Presence(new TreeMap<>());

  public Presence {
    changes = Collections.unmodifiableSortedMap(new TreeMap<>(changes));
  }

  /** Returns one who was there from one time to another, of which this day may be a part. */
  static Presence of(LocalDate day, Instant from, Instant to) {
    long dayMs = day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    int first = Math.clamp((from.toEpochMilli() - dayMs) / STEP_MS, 0, STEPS - 1);
    int last = Math.clamp((to.toEpochMilli() - dayMs) / STEP_MS, first, STEPS - 1);
    TreeMap<Integer, Integer> changes = new TreeMap<>();
    changes.put(first, 1);
    changes.put(last + 1, -1);
    return new Presence(changes);
  }

  /** Returns both together. */
  public Presence plus(Presence other) {
    TreeMap<Integer, Integer> sum = new TreeMap<>(changes);
    other.changes.forEach((step, change) -> sum.merge(step, change, Integer::sum));
    sum.values().removeIf(change -> change == 0);
    return new Presence(sum);
  }

  /** Returns how many were there in the step in which most were. */
  public int peak() {
    int now = 0;
    int peak = 0;
    for (int change : changes.values()) {
      now += change;
      peak = Math.max(peak, now);
    }
    return peak;
  }
}
