package dev.parley.session.library;

import dev.parley.session.conference.ContendedException;
import dev.parley.session.conference.RetentionRule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The rules of tenants for how long things are kept. Thread-safe; blocks on the store. */
public final class TenantRetentions {
  /**
   * A request that began before a rule changed may still judge by the one before: what it stores is
   * looked at after this.
   */
  static final Duration SETTLE_TIME = Duration.ofSeconds(10);

  private static final int ATTEMPTS_MAX = 20;

  private final TenantRetentionStore store;
  private final Clock clock;

  public TenantRetentions(TenantRetentionStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** What came of a change. */
  public sealed interface Change {
    /** It is so now. */
    record Done(TenantRetention retention, boolean isNew) implements Change {}

    /** There is a rule, and the sender did not say that it knows it. */
    record VersionMissing(long current) implements Change {}

    /** It is not the revision that the sender saw; 0 if there is none. */
    record VersionMismatch(long current) implements Change {}
  }

  /** Returns what a tenant has said; null if it says nothing. */
  public @Nullable TenantRetention find(String tenant) {
    TenantRetention there = store.retention(tenant);
    return there == null || there.isRemoved() ? null : there;
  }

  /** Returns a tenant's rule as it is now. */
  public RetentionRule ruleOf(String tenant) {
    TenantRetention there = find(tenant);
    return there == null ? RetentionRule.NONE : there.rule();
  }

  /**
   * Says for how long; what is there already is looked at soon. Saying again what is said is done,
   * whatever the revision.
   *
   * @param expected the revision that the sender saw, or null
   */
  public Change put(String tenant, RetentionRule rule, @Nullable Long expected) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      TenantRetention before = current(tenant);
      if (!before.isRemoved() && before.rule().equals(rule)) {
        return new Change.Done(before, false);
      }
      long seen = before.isRemoved() ? 0 : before.revision();
      if (expected != null && expected != seen) {
        return new Change.VersionMismatch(seen);
      }
      if (expected == null && !before.isRemoved()) {
        return new Change.VersionMissing(seen);
      }
      TenantRetention written =
          store.write(before.saying(rule, false, now()).walking(walkFromNow()));
      if (written != null) {
        return new Change.Done(written, before.isRemoved());
      }
    }
    throw new ContendedException("retention of a tenant");
  }

  /** Says nothing any more; returns false if nothing was said. */
  public boolean remove(String tenant) {
    if (find(tenant) == null) {
      return false;
    }
    change(
        tenant,
        before ->
            before.isRemoved()
                ? before
                : before.saying(RetentionRule.NONE, true, now()).walking(walkFromNow()));
    return true;
  }

  /** Has everything that a tenant has looked at again soon: another rule of it is to change. */
  public void rejudge(String tenant) {
    change(tenant, before -> before.walking(walkFromNow()));
  }

  /**
   * Takes walks that are due.
   *
   * @param takenFor for so long nobody else goes on with them
   */
  List<TenantRetention> take(int limit, Duration takenFor) {
    Instant now = now();
    List<TenantRetention> mine = new ArrayList<>();
    for (TenantRetention due : store.due(now, limit)) {
      TenantRetention.Walk walk = due.walk();
      TenantRetention taken =
          walk == null
              ? null
              : store.write(
                  due.walking(new TenantRetention.Walk(walk.cursor(), now.plus(takenFor))));
      if (taken != null) {
        mine.add(taken);
      }
    }
    return mine;
  }

  /**
   * Remembers how far a walk has come.
   *
   * @param mine as it was taken; if it began anew meanwhile, that stays so
   * @param cursor where it goes on, or null if it is through
   * @return what to go on with now, or null
   */
  @Nullable TenantRetention reached(
      TenantRetention mine, @Nullable String cursor, Duration takenFor) {
    TenantRetention.Walk next =
        cursor == null ? null : new TenantRetention.Walk(cursor, now().plus(takenFor));
    TenantRetention written = store.write(mine.walking(next));
    return cursor == null ? null : written;
  }

  private void change(String tenant, UnaryOperator<TenantRetention> change) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      TenantRetention before = current(tenant);
      TenantRetention next = change.apply(before);
      if (next.equals(before) || store.write(next) != null) {
        return;
      }
    }
    throw new ContendedException("retention of a tenant");
  }

  private TenantRetention current(String tenant) {
    TenantRetention there = store.retention(tenant);
    return there == null ? TenantRetention.none(tenant, now()) : there;
  }

  private TenantRetention.Walk walkFromNow() {
    return new TenantRetention.Walk(null, now().plus(SETTLE_TIME));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
