package dev.parley.session.conference;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a conference next if nobody does anything. Immutable.
 *
 * @param at when it is due; sooner does no harm
 */
record Deadline(Instant at, Task task) {
  /** How long an ending may take before it is taken up again. */
  private static final Duration ENDING_RETRY = Duration.ofSeconds(5);

  /**
   * How often the count of a conference that is not empty is compared with the people in it, once
   * that was done after its last change.
   */
  private static final Duration RECOUNT_INTERVAL = Duration.ofMinutes(10);

  /** How long after a change it is: as soon as no join can be in progress that began before. */
  private static final Duration RECOUNT_AFTER = Seats.JOIN_TIME_MAX.plusSeconds(1);

  /** Of several at the same time, the first of these comes first. */
  enum Task {
    FINISH_ENDING,
    END_AT_MAX_DURATION,
    END_WITHOUT_HOST,
    END_AFTER_LAST_LEFT,
    END_EMPTY,
    RECOUNT
  }

  /** Returns the next of a conference, or null if nothing can happen to it any more. */
  static @Nullable Deadline of(Conference conference) {
    return switch (conference.state()) {
      case CREATED, LIVE ->
          Stream.of(atMaxDuration(conference), withoutHost(conference), byPresence(conference))
              .filter(deadline -> deadline != null)
              .min(Comparator.comparing(Deadline::at).thenComparing(Deadline::task))
              .orElse(null);
      case ENDING ->
          new Deadline(conference.times().changedAt().plus(ENDING_RETRY), Task.FINISH_ENDING);
      case ENDED -> null;
    };
  }

  private static @Nullable Deadline atMaxDuration(Conference conference) {
    Instant liveAt = conference.times().liveAt();
    Duration max = conference.options().lifespan().maxDuration();
    return liveAt == null || max == null
        ? null
        : new Deadline(liveAt.plus(max), Task.END_AT_MAX_DURATION);
  }

  private static @Nullable Deadline withoutHost(Conference conference) {
    Instant hostLeftAt = conference.times().hostLeftAt();
    Lifespan lifespan = conference.options().lifespan();
    return hostLeftAt == null || lifespan.endWhen() != Lifespan.EndWhen.HOST_LEFT
        ? null
        : new Deadline(hostLeftAt.plus(lifespan.departureTimeout()), Task.END_WITHOUT_HOST);
  }

  private static Deadline byPresence(Conference conference) {
    Instant emptySince = conference.times().emptySince();
    Lifespan lifespan = conference.options().lifespan();
    if (emptySince == null) {
      return new Deadline(recountAt(conference.times()), Task.RECOUNT);
    }
    return conference.hasBeenEntered() && lifespan.endWhen() == Lifespan.EndWhen.LAST_LEFT
        ? new Deadline(emptySince.plus(lifespan.departureTimeout()), Task.END_AFTER_LAST_LEFT)
        : new Deadline(emptySince.plus(lifespan.emptyTimeout()), Task.END_EMPTY);
  }

  /** A node that dies can leave a count wrong: it is put right a minute after the last change. */
  private static Instant recountAt(Conference.Times times) {
    Instant first = times.changedAt().plus(RECOUNT_AFTER);
    Instant last = times.recountedAt();
    return last == null || last.isBefore(first) ? first : last.plus(RECOUNT_INTERVAL);
  }
}
