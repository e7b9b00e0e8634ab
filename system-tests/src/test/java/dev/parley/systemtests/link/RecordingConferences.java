package dev.parley.systemtests.link;

import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.Quality;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
import dev.parley.session.conference.MediaEvents;
import dev.parley.session.conference.MediaServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * The conferences' side, with a store that fails now and then. What the link hands over is
 * recorded; what several nodes hand over twice is applied once, as the store does it.
 */
final class RecordingConferences implements MediaEvents {
  final List<StateEvent> applied = Collections.synchronizedList(new ArrayList<>());
  final List<Long> sequences = Collections.synchronizedList(new ArrayList<>());
  final AtomicInteger repeated = new AtomicInteger();
  final AtomicInteger hellos = new AtomicInteger();
  final AtomicInteger lost = new AtomicInteger();
  final AtomicInteger speakers = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> seen = new HashSet<>();
  private final RandomGenerator random;
  private final double failureRate;

  RecordingConferences(RandomGenerator random, double failureRate) {
    this.random = random;
    this.failureRate = failureRate;
  }

  @Override
  public void onServerUp(MediaServer server, List<ConferenceSnapshot> conferences) {
    hellos.incrementAndGet();
  }

  @Override
  public void onServerLost(MediaServer server) {
    lost.incrementAndGet();
  }

  @Override
  public void onState(MediaServer server, long sequence, StateEvent event) {
    lock.lock();
    try {
      if (random.nextDouble() < failureRate) {
        throw new IllegalStateException("the store is throttled");
      }
      if (!seen.add(server.incarnation() + " " + sequence)) {
        repeated.incrementAndGet();
        return;
      }
      sequences.add(sequence);
      applied.add(event);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onSpeakers(MediaServer server, Speakers newest) {
    speakers.incrementAndGet();
  }

  @Override
  public void onQuality(MediaServer server, Quality quality) {}
}
