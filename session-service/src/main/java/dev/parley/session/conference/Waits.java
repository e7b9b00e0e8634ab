package dev.parley.session.conference;

import dev.parley.common.id.ParticipantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Counts those who wait, and what comes of their waits. Those who wait now are the ones whose
 * clients showed themselves to this node of late: over all nodes that is everyone. Thread-safe.
 */
public final class Waits {
  /** More are not told apart: the figures then say that there are many. */
  private static final int SEEN_MAX = 200_000;

  private final Clock clock;
  private final Map<ParticipantId, Seen> seen = new ConcurrentHashMap<>();
  private final LongAdder admitted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private volatile Consumer<Duration> times = _ -> {};

  /** Who was there when. */
  private record Seen(WaitReason reason, Instant until) {}

  public Waits(Clock clock) {
    this.clock = clock;
  }

  /** Names who takes in how long those waited who were let in. */
  public void measure(Consumer<Duration> waitTimes) {
    times = waitTimes;
  }

  /** How many wait for this now, as far as this node knows. */
  public int waitingCount(WaitReason reason) {
    Instant now = clock.instant();
    seen.values().removeIf(one -> !now.isBefore(one.until()));
    return (int) seen.values().stream().filter(one -> one.reason() == reason).count();
  }

  /** How many were let in. */
  public long admittedCount() {
    return admitted.sum();
  }

  /** How many waited in vain: moderators, or the end of the conference, sent them away. */
  public long refusedCount() {
    return refused.sum();
  }

  /** How many clients were not heard of any more. */
  public long expiredCount() {
    return expired.sum();
  }

  void begun(Participant stay) {
    seen(stay);
  }

  void seen(Participant stay) {
    Wait wait = stay.waiting();
    if (wait != null && (seen.size() < SEEN_MAX || seen.containsKey(stay.id()))) {
      seen.put(stay.id(), new Seen(wait.reason(), wait.until()));
    }
  }

  void admitted(Participant stay, Duration waited) {
    seen.remove(stay.id());
    admitted.increment();
    times.accept(waited);
  }

  void over(Participant stay, LeaveReason reason) {
    seen.remove(stay.id());
    switch (reason) {
      case KICKED, BANNED, ENDED, NO_PLACE -> refused.increment();
      case WAIT_EXPIRED -> expired.increment();
      case CLIENT, ICE_TIMEOUT, DTLS_FAILED, SERVER_LOST, REPLACED -> {}
    }
  }
}
