package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Since when nobody talks in conferences, as far as this node hears of it; what it does not hear of
 * is not quiet. Bounded: those heard of longest ago are forgotten. Thread-safe.
 */
final class QuietMoments {
  /** A pause between two sentences, and not one between two words. */
  private static final Duration PAUSE = Duration.ofMillis(500);

  private static final int CONFERENCES_MAX = 16_384;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<ConferenceId, Instant> silentSince = new LinkedHashMap<>(64, 0.75f, true);

  /** Takes in who talks now. */
  void onSpeakers(ConferenceId conference, boolean isAnyone, Instant now) {
    lock.lock();
    try {
      if (isAnyone) {
        silentSince.remove(conference);
      } else {
        silentSince.putIfAbsent(conference, now);
        if (silentSince.size() > CONFERENCES_MAX) {
          silentSince.remove(silentSince.keySet().iterator().next());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isQuiet(ConferenceId conference, Instant now) {
    lock.lock();
    try {
      Instant since = silentSince.get(conference);
      return since != null && !now.isBefore(since.plus(PAUSE));
    } finally {
      lock.unlock();
    }
  }
}
