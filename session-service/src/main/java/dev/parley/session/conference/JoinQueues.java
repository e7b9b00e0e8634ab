package dev.parley.session.conference;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import java.time.Duration;
import java.util.List;

/**
 * Who waits for a place in a region: the most urgent first, of these who came first. An entry
 * expires unless its client enters again in time, which keeps its place. Thread-safe; blocks for a
 * moment. What is held can be lost: clients that enter again then line up anew.
 */
public interface JoinQueues {
  /** Urgencies are 0, served first, to this. */
  int URGENCY_MAX = 3;

  /** More than this in a region are turned away. */
  int LENGTH_MAX = 100_000;

  /**
   * Someone who waits.
   *
   * @param urgency 0, served first, to {@link #URGENCY_MAX}
   */
  record Waiting(ParticipantId participant, ConferenceId conference, int urgency) {
    public Waiting {
      if (urgency < 0 || urgency > URGENCY_MAX) {
        throw new IllegalArgumentException("urgency " + urgency);
      }
    }
  }

  /**
   * Someone who was taken out of a queue.
   *
   * @param place by which {@link #giveBack} finds the old place again; opaque
   */
  record Taken(Waiting waiting, long place) {}

  /**
   * Lines up, or says that one still waits.
   *
   * @param keep how long the entry stays without being renewed
   * @return how many are before it, or -1 if the queue is full
   */
  int enter(Region region, Waiting waiting, Duration keep);

  /** Leaves the queue; leaving twice is done too. */
  void leave(Region region, ParticipantId participant);

  /** Takes out those whose turn it is, at most so many as there is room for. */
  List<Taken> take(Region region, int countMax);

  /** Puts back, at its old place, one that could not be placed after all. */
  void giveBack(Region region, Taken taken, Duration keep);

  /** How many wait. */
  int length(Region region);
}
