package dev.parley.systemtests.show.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * What a flight recording tells of the times at which a virtual machine stood still.
 *
 * @param collections of garbage
 * @param collectorPauses the collector's own work at a standstill, without the way there
 * @param standstills whole ones, for whatever reason: from the order to stop to the last thread's
 *     going on
 */
record Pauses(int collections, List<Duration> collectorPauses, List<Standstill> standstills) {
  static final String COLLECTION = "jdk.GarbageCollection";
  static final String COLLECTOR_PAUSE = "jdk.GCPhasePause";
  static final String BEGIN = "jdk.SafepointBegin";
  static final String END = "jdk.SafepointEnd";

  private static final String SAFEPOINT_ID = "safepointId";

  /**
   * One standstill.
   *
   * @param begin the order to stop
   * @param reached how long it took until all threads stood
   * @param end when they went on
   * @param isCollectors whether the collector paused in it
   */
  record Standstill(Instant begin, Duration reached, Instant end, boolean isCollectors) {
    Duration length() {
      return Duration.between(begin, end);
    }
  }

  /** Reads a file; standstills of which it holds no end are left out. */
  static Pauses of(Path recording) throws IOException {
    int collections = 0;
    List<RecordedEvent> pauses = new ArrayList<>();
    TreeMap<Long, RecordedEvent> begins = new TreeMap<>();
    TreeMap<Long, RecordedEvent> ends = new TreeMap<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(recording)) {
      switch (event.getEventType().getName()) {
        case COLLECTION -> collections++;
        case COLLECTOR_PAUSE -> pauses.add(event);
        case BEGIN -> begins.put(event.getLong(SAFEPOINT_ID), event);
        case END -> ends.put(event.getLong(SAFEPOINT_ID), event);
        default -> {
          // Others are not asked for, but every recording holds a few.
        }
      }
    }
    List<Standstill> standstills = new ArrayList<>();
    begins.forEach((id, begin) -> {
      RecordedEvent end = ends.get(id);
      if (end != null) {
        standstills.add(standstill(begin, end, pauses));
      }
    });
    return new Pauses(
        collections,
        pauses.stream().map(RecordedEvent::getDuration).sorted().toList(),
        List.copyOf(standstills));
  }

  private static Standstill standstill(
      RecordedEvent begin, RecordedEvent end, List<RecordedEvent> pauses) {
    boolean isCollectors =
        pauses.stream()
            .anyMatch(pause ->
                !pause.getStartTime().isBefore(begin.getStartTime())
                    && !pause.getEndTime().isAfter(end.getEndTime()));
    return new Standstill(
        begin.getStartTime(), begin.getDuration(), end.getEndTime(), isCollectors);
  }

  /** Milliseconds; not-a-number without any. */
  double longestCollectorPauseMs() {
    return collectorPauses.isEmpty() ? Double.NaN : ms(collectorPauses.getLast());
  }

  /** Milliseconds until all threads stood, the most for the collector; not-a-number without any. */
  double longestToStandstillMs() {
    return standstills.stream()
        .filter(Standstill::isCollectors)
        .mapToDouble(one -> ms(one.reached()))
        .max()
        .orElse(Double.NaN);
  }

  /** Milliseconds of the longest standstill that the collector did not ask for; 0 without any. */
  double longestOtherMs() {
    return standstills.stream()
        .filter(one -> !one.isCollectors())
        .mapToDouble(one -> ms(one.length()))
        .max()
        .orElse(0);
  }

  /** Whether the machine stood still for the collector, for longer than that, in this time. */
  boolean collectorStopped(Instant from, Instant to, Duration longerThan) {
    return standstills.stream()
        .anyMatch(one ->
            one.isCollectors()
                && one.length().compareTo(longerThan) > 0
                && one.begin().isBefore(to)
                && one.end().isAfter(from));
  }

  private static double ms(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
