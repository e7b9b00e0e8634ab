package dev.parley.session.coordination.local;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.conference.RosterVersions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The newest versions of the conferences that changed last, in memory. Thread-safe. */
final class LocalRosterVersions implements RosterVersions {
  private static final int CONFERENCES_MAX = 1024;
  private static final int STAYS_MAX = 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<ConferenceId, Map<ParticipantId, Newest>> conferences =
      new Recent<>(CONFERENCES_MAX);

  @Override
  public void note(ConferenceId conference, ParticipantId participant, Newest newest) {
    lock.lock();
    try {
      conferences
          .computeIfAbsent(conference, _ -> new Recent<>(STAYS_MAX))
          .merge(participant, newest, (a, b) -> b.version() > a.version() ? b : a);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Map<ParticipantId, Newest> newest(ConferenceId conference) {
    lock.lock();
    try {
      Map<ParticipantId, Newest> known = conferences.get(conference);
      return known == null ? Map.of() : new HashMap<>(known);
    } finally {
      lock.unlock();
    }
  }

  /** A map of the entries that were touched last. */
  private static final class Recent<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;

    private final int sizeMax;

    Recent(int sizeMax) {
      super(16, 0.75f, true);
      this.sizeMax = sizeMax;
    }

    @Override
    protected boolean removeEldestEntry(Map.@Nullable Entry<K, V> eldest) {
      return size() > sizeMax;
    }
  }
}
