package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Changes records that others may be changing: reads, makes the next one, writes it if nobody was
 * faster, else begins again. Thread-safe; blocks.
 */
final class Changes {
  private static final int ATTEMPTS_MAX = 200;
  private static final long BACKOFF_NS_MAX = 5_000_000;

  private final ConferenceStore store;
  private final Clock clock;

  Changes(ConferenceStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Now, in whole milliseconds, as the store keeps it. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * A change and what it made of the record.
   *
   * @param before null if there is no such record
   * @param after null if nothing was changed
   */
  record Changed<T>(@Nullable T before, @Nullable T after) {}

  /** Makes a change; the function returns null if there is nothing to change. */
  Changed<Conference> conference(
      ConferenceId id, Function<Conference, @Nullable Conference> change) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Conference before = store.conference(id);
      Conference next = before == null ? null : change.apply(before);
      if (next == null) {
        return new Changed<>(before, null);
      }
      Conference after = store.write(next);
      if (after != null) {
        return new Changed<>(before, after);
      }
      backOff(attempt);
    }
    throw new ContendedException("conference " + id);
  }

  /** Makes a change; the function returns null if there is nothing to change. */
  Changed<Participant> participant(
      ConferenceId conference,
      ParticipantId id,
      Function<Participant, @Nullable Participant> change) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Participant before = store.participant(conference, id);
      Participant next = before == null ? null : change.apply(before);
      if (next == null) {
        return new Changed<>(before, null);
      }
      Participant after = store.write(next);
      if (after != null) {
        return new Changed<>(before, after);
      }
      backOff(attempt);
    }
    throw new ContendedException("participant " + id);
  }

  private static void backOff(int attempt) {
    if (attempt > 2) {
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(BACKOFF_NS_MAX));
    }
  }
}
