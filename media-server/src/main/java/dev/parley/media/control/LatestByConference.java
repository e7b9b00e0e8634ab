package dev.parley.media.control;

import dev.parley.common.id.ConferenceId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be told of each conference where only the newest counts: it replaces what still
 * waits for the same one, and goes to the end. Whoever finds no place is dropped; both are counted.
 * One thread.
 *
 * @param <T> what is told
 */
final class LatestByConference<T> {
  private final int conferencesMax;
  private final LinkCounters counters;
  private final LinkCounter dropped;
  private final LinkedHashMap<ConferenceId, T> waiting = new LinkedHashMap<>();

  LatestByConference(int conferencesMax, LinkCounters counters, LinkCounter dropped) {
    this.conferencesMax = conferencesMax;
    this.counters = counters;
    this.dropped = dropped;
  }

  void offer(ConferenceId conference, T newest) {
    boolean isNew = waiting.remove(conference) == null;
    if (!isNew) {
      counters.increment(dropped);
    }
    if (isNew && waiting.size() >= conferencesMax) {
      counters.increment(dropped);
    } else {
      waiting.put(conference, newest);
    }
  }

  /** Takes what has waited longest; null if nothing waits. */
  @Nullable T poll() {
    Map.Entry<ConferenceId, T> eldest = waiting.pollFirstEntry();
    return eldest == null ? null : eldest.getValue();
  }

  /** Drops what waits. */
  void clear() {
    counters.add(dropped, waiting.size());
    waiting.clear();
  }
}
