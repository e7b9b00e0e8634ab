package dev.parley.session.coordination.local;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.conference.QualityBoard;
import dev.parley.session.conference.StayQuality;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The quality of the calls that were heard of last, in memory. Thread-safe. */
final class LocalQualityBoard implements QualityBoard {
  private static final int CONFERENCES_MAX = 8192;
  private static final long KEEP_NS = 120_000_000_000L;

  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<ConferenceId, Sheet> sheets = new LinkedHashMap<>();

  /** One conference's stays. */
  private static final class Sheet {
    private final Map<ParticipantId, StayQuality> stays = new HashMap<>();
    private long writtenNs;
  }

  LocalQualityBoard(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public void put(ConferenceId conference, Map<ParticipantId, StayQuality> stays) {
    lock.lock();
    try {
      forgetOld();
      Sheet known = sheets.remove(conference);
      Sheet sheet = known == null ? new Sheet() : known;
      sheet.stays.putAll(stays);
      sheet.writtenNs = nanoTime.getAsLong();
      // The one written last comes last.
      sheets.put(conference, sheet);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Map<ParticipantId, StayQuality> all(ConferenceId conference) {
    lock.lock();
    try {
      forgetOld();
      Sheet sheet = sheets.get(conference);
      return sheet == null ? Map.of() : Map.copyOf(sheet.stays);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable StayQuality take(ConferenceId conference, ParticipantId stay) {
    lock.lock();
    try {
      forgetOld();
      Sheet sheet = sheets.get(conference);
      return sheet == null ? null : sheet.stays.remove(stay);
    } finally {
      lock.unlock();
    }
  }

  private void forgetOld() {
    long nowNs = nanoTime.getAsLong();
    for (var eldest = sheets.firstEntry(); eldest != null; eldest = sheets.firstEntry()) {
      boolean isOld = nowNs - eldest.getValue().writtenNs > KEEP_NS;
      if (!isOld && sheets.size() <= CONFERENCES_MAX) {
        return;
      }
      sheets.pollFirstEntry();
    }
  }
}
