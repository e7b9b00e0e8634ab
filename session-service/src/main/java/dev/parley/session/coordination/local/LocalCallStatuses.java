package dev.parley.session.coordination.local;

import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.session.conference.CallStatus;
import dev.parley.session.conference.CallStatuses;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** Call statuses in memory. Thread-safe; each region's stream has a lock. */
final class LocalCallStatuses implements CallStatuses {
  private static final int LENGTH_MAX = 100_000;
  private static final long CLAIM_NS = TimeUnit.SECONDS.toNanos(30);

  private final LongSupplier nanoTime;
  private final Map<Region, Stream> streams = new ConcurrentHashMap<>();

  LocalCallStatuses(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public boolean send(Region region, CallStatus status) {
    return stream(region).send(status);
  }

  @Override
  public List<Delivery> take(Region region, String node, int countMax, Duration wait) {
    return stream(region).take(countMax, wait);
  }

  @Override
  public void done(Region region, List<Delivery> deliveries) {
    stream(region).done(deliveries);
  }

  private Stream stream(Region region) {
    return streams.computeIfAbsent(region, _ -> new Stream(nanoTime));
  }

  /** One region's statuses: those that wait, and those that were taken. */
  private static final class Stream {
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition hasMore = lock.newCondition();
    private final ArrayDeque<Delivery> waiting = new ArrayDeque<>();
    private final Map<String, Pending> pending = new LinkedHashMap<>();
    private final Map<ParticipantId, Long> sent = new LinkedHashMap<>();
    private long count;

    private record Pending(Delivery delivery, long sinceNs) {}

    Stream(LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
    }

    boolean send(CallStatus status) {
      lock.lock();
      try {
        Long before = sent.remove(status.participant());
        if (before != null && before >= status.number()) {
          sent.put(status.participant(), before);
          return false;
        }
        sent.put(status.participant(), status.number());
        if (sent.size() > LENGTH_MAX) {
          sent.remove(sent.keySet().iterator().next());
        }
        if (waiting.size() >= LENGTH_MAX) {
          waiting.removeFirst();
        }
        waiting.addLast(new Delivery(Long.toString(++count), status));
        hasMore.signal();
        return true;
      } finally {
        lock.unlock();
      }
    }

    List<Delivery> take(int countMax, Duration wait) {
      lock.lock();
      try {
        List<Delivery> taken = new ArrayList<>();
        overdue(countMax, taken);
        long leftNs = wait.toNanos();
        while (taken.isEmpty() && waiting.isEmpty() && leftNs > 0) {
          leftNs = hasMore.awaitNanos(leftNs);
        }
        while (taken.size() < countMax && !waiting.isEmpty()) {
          taken.add(waiting.removeFirst());
        }
        long nowNs = nanoTime.getAsLong();
        taken.forEach(delivery -> pending.put(delivery.id(), new Pending(delivery, nowNs)));
        return taken;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return List.of();
      } finally {
        lock.unlock();
      }
    }

    void done(List<Delivery> deliveries) {
      lock.lock();
      try {
        deliveries.forEach(delivery -> pending.remove(delivery.id()));
      } finally {
        lock.unlock();
      }
    }

    /** Takes again what was taken long ago. */
    private void overdue(int countMax, List<Delivery> taken) {
      long nowNs = nanoTime.getAsLong();
      for (Iterator<Pending> i = pending.values().iterator(); i.hasNext(); ) {
        Pending oldest = i.next();
        if (nowNs - oldest.sinceNs() < CLAIM_NS || taken.size() >= countMax) {
          return;
        }
        taken.add(oldest.delivery());
        i.remove();
      }
    }
  }
}
