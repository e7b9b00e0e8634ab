package dev.parley.systemtests.show.faults;

import dev.parley.systemtests.show.Report;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * What is told of one fault, which may have been measured several times: the worst of everything,
 * and of silences a percentile over all who had them.
 */
record Rows(Fault fault, List<Measurement> all) {
  private static final double SHARE = 0.95;

  /** Adds them. */
  void tell(Report report) {
    String name = fault.words();
    Fault.Limits limits = fault.limits();
    if (fault.movesMedia()) {
      tellMoves(report, name, limits);
    } else {
      long moved = all.stream().filter(one -> one.moves().count() > 0).count();
      report.check(name + ": no conference is moved", moved == 0, moved == 0 ? "none" : "some");
      report.atMost(name + ": longest silence, 95 %", silenceMs(), limits.silenceMs(), "ms");
    }
    if (limits.resumedMs() > 0) {
      double resumedMs = worst(Measurement::resumedMs);
      report.atMost(name + ": all events go on after", resumedMs, limits.resumedMs(), "ms");
    }
    for (Measurement one : all) {
      Essentials asked = one.essentials();
      if (asked != null) {
        tellEssentials(report, name, asked);
      }
    }
    String tried =
        sum(one -> one.service().failures()) + " of " + sum(one -> one.service().attempts());
    if (limits.hasNoErrors()) {
      String longest =
          String.format(Locale.ROOT, ", longest %.0f ms", worst(one -> one.service().longestMs()));
      report.check(
          name + ": no join or leave fails",
          sum(one -> one.service().errors()) == 0,
          tried + longest);
    } else {
      report.tell(name + ": joins and leaves that failed", tried);
    }
    double healedMs = worst(one -> one.service().healedMs());
    report.atMost(name + ": steady again, once mended", healedMs, limits.healedMs(), "ms");
    boolean isWell = all.stream().allMatch(Measurement::isWell);
    report.check(name + ": all is as it was", isWell, isWell ? "yes" : "no");
    report.atMost(name + ": conferences lost or split", worst(one -> (double) one.lost()), 0, "");
  }

  private void tellMoves(Report report, String name, Fault.Limits limits) {
    double detectedMs = worst(Measurement::detectedMs);
    report.atMost(name + ": given up after", detectedMs, limits.detectedMs(), "ms");
    double toldMs = worst(one -> one.moves().toldMs());
    report.tell(name + ": last client told after", String.format(Locale.ROOT, "%.0f ms", toldMs));
    report.check(
        name + ": each moves once, to epoch + 1",
        all.stream().allMatch(one -> one.moves().count() > 0 && one.moves().areNext()),
        sum(one -> one.moves().count()) + " clients");
    report.atMost(name + ": sound is back after, 95 %", silenceMs(), limits.silenceMs(), "ms");
    if (fault.comesBack()) {
      report.check(
          name + ": it is fenced when it comes back",
          all.stream().allMatch(one -> one.moves().fenced() == 1),
          sum(one -> (int) one.moves().fenced()) + " of " + all.size() + " times");
    }
  }

  /**
   * Without a store media servers do it, and owe the record; with one that refuses some, that is
   * tried on.
   */
  private void tellEssentials(Report report, String name, Essentials asked) {
    report.check(
        name + ": what is not done answers 503 with Retry-After",
        asked.areClear(),
        asked.refusedCreates() + " creates, within " + asked.longestMs() + " ms");
    String refused = asked.refusedModerations() + " and " + asked.refusedLeaves() + " put off";
    report.check(name + ": moderation and leaving go on", asked.haveGoneOn(), refused);
  }

  private double silenceMs() {
    List<Double> sorted = all.stream().flatMap(one -> one.silencesMs().stream()).sorted().toList();
    return sorted.isEmpty()
        ? Double.NaN
        : sorted.get((int) Math.min(sorted.size() - 1L, Math.round(SHARE * sorted.size())));
  }

  /** Not a number if one of them is not. */
  private double worst(ToDoubleFunction<Measurement> figure) {
    return all.stream().mapToDouble(figure).reduce(Math::max).orElse(Double.NaN);
  }

  private int sum(ToIntFunction<Measurement> count) {
    return all.stream().mapToInt(count).sum();
  }
}
