package dev.parley.systemtests.show.peers;

import dev.parley.benchmarks.LoadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What one server made of one {@link PeerWork}, a sample a round. One thread. */
final class PeerSamples {
  private final PeerWork work;
  private final List<Sample> samples = new ArrayList<>();

  /**
   * One run.
   *
   * @param cost processor time, in the unit of the work
   * @param perPersonPerSecond packets that each received in a second
   */
  private record Sample(double cost, double perPersonPerSecond) {}

  PeerSamples(PeerWork work) {
    this.work = work;
  }

  void add(LoadResult result) {
    double cost =
        result.processor().values().stream()
            .mapToDouble(
                work.kind() == PeerWork.Kind.MIX
                    ? LoadResult.Processor::msPerParticipantSecond
                    : LoadResult.Processor::usPerPacket)
            .sum();
    samples.add(new Sample(cost, result.receivedPerSecond() / work.people()));
  }

  /** Median over the rounds, in the unit of the work; not-a-number without any. */
  double cost() {
    return median(Sample::cost);
  }

  /** Median over the rounds: 50 is on time. */
  double perPersonPerSecond() {
    return median(Sample::perPersonPerSecond);
  }

  private double median(ToDoubleFunction<Sample> figure) {
    double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    if (sorted.length % 2 == 1) {
      return sorted[middle];
    }
    return sorted.length == 0 ? Double.NaN : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The median with what it is the median of. */
  String words() {
    StringBuilder text = new StringBuilder();
    text.append(number(cost())).append(' ').append(work.kind().unit());
    if (samples.size() > 1) {
      List<String> each = samples.stream().map(sample -> number(sample.cost())).toList();
      text.append(" (").append(String.join(", ", each)).append(')');
    }
    return text.append("; ")
        .append(number(perPersonPerSecond()))
        .append(" packets/s each")
        .toString();
  }

  private static String number(double figure) {
    return String.format(Locale.ROOT, "%.1f", figure);
  }
}
