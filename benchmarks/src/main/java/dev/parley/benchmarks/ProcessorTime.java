package dev.parley.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * What one server used of the processors, interval by interval. The median is its figure: a
 * collection or a neighbour of the machine then spoils one interval, not the run. One thread.
 */
final class ProcessorTime {
  private final List<Double> msPerParticipantSecond = new ArrayList<>();
  private final List<Double> usPerPacket = new ArrayList<>();

  /**
   * Adds an interval.
   *
   * @param usedNs processor time
   * @param packets that reached a client
   */
  void add(long usedNs, long packets, double participantSeconds) {
    msPerParticipantSecond.add(usedNs / 1e6 / participantSeconds);
    usPerPacket.add(usedNs / 1e3 / Math.max(1, packets));
  }

  LoadResult.Processor median() {
    return new LoadResult.Processor(median(msPerParticipantSecond), median(usPerPacket));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
