package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntPredicate;

/**
 * Forgets conferences that ended long enough ago, with all that was in them. What broke off is gone
 * on with, by whichever node looks next. {@link #run} is called by one thread; questions are
 * answered to any.
 */
public final class Retention {
  /** What is on hold is looked at again then; whoever ends the hold need not know of this. */
  private static final Duration HELD_LOOK_AFTER = Duration.ofDays(1);

  /** Of one shard in a round. */
  private static final int BATCH_MAX = 50;

  private final ConferenceStore store;
  private final Clock clock;
  private final ConferenceTraces elsewhere;
  private final LongAdder forgotten = new LongAdder();
  private volatile IntPredicate isOurs = _ -> true;

  /**
   * Takes what it needs.
   *
   * @param store knows how long conferences are kept
   * @param elsewhere removes what is kept of them in another place
   */
  public Retention(ConferenceStore store, Clock clock, ConferenceTraces elsewhere) {
    this.store = store;
    this.clock = clock;
    this.elsewhere = elsewhere;
  }

  /** Says which shards this node looks at; without it, all. */
  public void share(IntPredicate ours) {
    isOurs = ours;
  }

  /** Forgets some of what is due to be; returns how many that were. */
  public int run() {
    int before = forgotten.intValue();
    if (isOurs.test(0)) {
      boolean _ = store.scheduleForgetting();
    }
    Instant now = clock.instant();
    for (ConferenceId id : store.forgettable(now, BATCH_MAX, isOurs)) {
      forget(id, now);
    }
    return forgotten.intValue() - before;
  }

  /** How many this node has forgotten. */
  public long forgottenCount() {
    return forgotten.sum();
  }

  private void forget(ConferenceId id, Instant now) {
    Conference conference = store.conference(id);
    if (conference == null) {
      return;
    }
    if (!store.isForgettable(conference, now)) {
      // They are kept for longer than when it was written; written again, it is listed later. If
      // somebody is faster, it is, too.
      store.write(conference.asLookedAt());
      return;
    }
    if (elsewhere.isHeld(id)) {
      // If somebody is faster, it is due still.
      store.write(conference.kept(now.plus(HELD_LOOK_AFTER)));
      return;
    }
    // Its record last: while that is there, the rest is still to be done.
    if (elsewhere.forget(id) && store.forget(conference)) {
      forgotten.increment();
    }
  }
}
