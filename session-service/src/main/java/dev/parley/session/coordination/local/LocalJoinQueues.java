package dev.parley.session.coordination.local;

import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.session.conference.JoinQueues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Join queues in memory. Thread-safe; each region's queue has a lock. */
final class LocalJoinQueues implements JoinQueues {
  private static final int URGENCY_SHIFT = 51;

  private final LongSupplier nanoTime;
  private final Map<Region, Queue> queues = new ConcurrentHashMap<>();

  LocalJoinQueues(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public int enter(Region region, Waiting waiting, Duration keep) {
    return queue(region).enter(waiting, keep);
  }

  @Override
  public void leave(Region region, ParticipantId participant) {
    queue(region).leave(participant);
  }

  @Override
  public List<Taken> take(Region region, int countMax) {
    return queue(region).take(countMax);
  }

  @Override
  public void giveBack(Region region, Taken taken, Duration keep) {
    queue(region).giveBack(taken, keep);
  }

  @Override
  public int length(Region region) {
    return queue(region).length();
  }

  private Queue queue(Region region) {
    return queues.computeIfAbsent(region, _ -> new Queue(nanoTime));
  }

  /** One region's queue. */
  private static final class Queue {
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, Entry> order = new TreeMap<>();
    private final Map<ParticipantId, Long> places = new HashMap<>();
    private long arrivals;

    private record Entry(Waiting waiting, long expiresNs) {}

    Queue(LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
    }

    int enter(Waiting waiting, Duration keep) {
      lock.lock();
      try {
        expire();
        Long place = place(waiting.participant());
        if (place == null) {
          if (order.size() >= LENGTH_MAX) {
            return -1;
          }
          arrivals++;
          place = ((long) waiting.urgency() << URGENCY_SHIFT) + arrivals;
        }
        put(place, entry(waiting, keep));
        return order.headMap(place).size();
      } finally {
        lock.unlock();
      }
    }

    void leave(ParticipantId participant) {
      lock.lock();
      try {
        Long place = places.remove(participant);
        if (place != null) {
          order.remove(place);
        }
      } finally {
        lock.unlock();
      }
    }

    List<Taken> take(int countMax) {
      lock.lock();
      try {
        expire();
        List<Taken> taken = new ArrayList<>();
        Iterator<Map.Entry<Long, Entry>> first = order.entrySet().iterator();
        while (first.hasNext() && taken.size() < countMax) {
          Map.Entry<Long, Entry> next = first.next();
          taken.add(new Taken(next.getValue().waiting(), next.getKey()));
          first.remove();
          places.remove(next.getValue().waiting().participant());
        }
        return taken;
      } finally {
        lock.unlock();
      }
    }

    void giveBack(Taken taken, Duration keep) {
      lock.lock();
      try {
        if (place(taken.waiting().participant()) == null) {
          put(taken.place(), entry(taken.waiting(), keep));
        }
      } finally {
        lock.unlock();
      }
    }

    int length() {
      lock.lock();
      try {
        expire();
        return order.size();
      } finally {
        lock.unlock();
      }
    }

    private Entry entry(Waiting waiting, Duration keep) {
      return new Entry(waiting, nanoTime.getAsLong() + keep.toNanos());
    }

    private void put(long place, Entry entry) {
      order.put(place, entry);
      places.put(entry.waiting().participant(), place);
    }

    private void expire() {
      long nowNs = nanoTime.getAsLong();
      order
          .values()
          .removeIf(entry -> {
            boolean isOver = entry.expiresNs() - nowNs <= 0;
            if (isOver) {
              places.remove(entry.waiting().participant());
            }
            return isOver;
          });
    }

    private @Nullable Long place(ParticipantId participant) {
      return places.get(participant);
    }
  }
}
