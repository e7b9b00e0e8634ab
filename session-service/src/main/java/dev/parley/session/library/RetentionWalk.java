package dev.parley.session.library;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * Looks again at all that a tenant has, some at a time, when a rule for how long it is kept has
 * changed, so that each object is due when it should be. Any node goes on where another died.
 * {@link #run} is called by one thread; questions are answered to any.
 */
public final class RetentionWalk {
  /** Whoever goes on with one says so at each page. */
  private static final Duration TAKEN_FOR = Duration.ofSeconds(60);

  private static final int PAGE_SIZE = 200;
  private static final int PAGES_AT_ONCE = 20;
  private static final int AT_ONCE_MAX = 20;

  private final TenantRetentions retentions;
  private final LibraryStore store;
  private final ObjectRecords records;
  private final ObjectRules rules;
  private final LongAdder dated = new LongAdder();

  RetentionWalk(
      TenantRetentions retentions, LibraryStore store, ObjectRecords records, ObjectRules rules) {
    this.retentions = retentions;
    this.store = store;
    this.records = records;
    this.rules = rules;
  }

  /** Goes on with what is due and returns how many objects got another date. */
  public int run() {
    int before = dated.intValue();
    for (TenantRetention taken : retentions.take(AT_ONCE_MAX, TAKEN_FOR)) {
      goOn(taken);
    }
    return dated.intValue() - before;
  }

  /** How many objects got another date on this node. */
  public long datedCount() {
    return dated.sum();
  }

  private void goOn(TenantRetention taken) {
    TenantRetention mine = taken;
    for (int pages = 1; mine != null; pages++) {
      TenantRetention.Walk walk = mine.walk();
      if (walk == null) {
        return;
      }
      LibraryStore.Selection all =
          new LibraryStore.Selection(mine.tenant(), null, Set.of(), Map.of(), false);
      LibraryStore.Page page = store.list(all, PAGE_SIZE, walk.cursor());
      ObjectRules.Judge judge = rules.judgeOfDays(mine.tenant());
      page.objects().forEach(object -> date(object, judge));
      boolean isEnough = pages == PAGES_AT_ONCE;
      mine = retentions.reached(mine, page.next(), isEnough ? Duration.ZERO : TAKEN_FOR);
      if (isEnough) {
        // Others have their turn.
        return;
      }
    }
  }

  private void date(LibraryObject object, ObjectRules.Judge judge) {
    LibraryObject next = judge.dated(object);
    if (!Objects.equals(next.progress().lookAt(), object.progress().lookAt())
        && records.write(next) != null) {
      dated.increment();
    }
    // If somebody was faster, they judged it by the rules of now.
  }
}
