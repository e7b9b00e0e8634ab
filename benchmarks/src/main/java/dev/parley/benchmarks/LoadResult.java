package dev.parley.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.benchmarks.client.ClientFigures;
import dev.parley.benchmarks.client.InjectedFigures;
import dev.parley.benchmarks.client.RepairFigures;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What came of a {@link LoadRun}.
 *
 * @param participants that were to join
 * @param length after all had joined
 * @param figures the sum over all clients
 * @param late forwarded packets of over 60 ms from their intended sending to the receiving socket
 * @param joinMs from when a join was due to connected; one value for each that did
 * @param generatorLateUs how late our own loops were: the error of everything else here
 * @param receivedPerSecond packets that reached all clients in a second, without joins and warm-up
 * @param replaced participants who left, and for whom others joined
 * @param gcPauses of the servers during the same time, by their names
 * @param memory of the servers, by what it is
 * @param processor what the servers used, by their names
 * @param faults what should not have been; empty if the run passed
 */
public record LoadResult(
    int participants,
    Duration length,
    ClientFigures figures,
    long late,
    Histogram joinMs,
    Histogram generatorLateUs,
    double receivedPerSecond,
    int replaced,
    Map<String, GcPauses> gcPauses,
    Map<String, Memory> memory,
    Map<String, Processor> processor,
    List<String> faults) {
  private static final long MEBI = 1L << 20;

  /**
   * A memory figure over time.
   *
   * @param beforeBytes median after warm-up
   * @param afterBytes median at the end
   * @param isJudged false if there were too few samples
   */
  public record Memory(long beforeBytes, long afterBytes, boolean isJudged) {}

  /**
   * Processor time of a server, as the operating system accounts it, without joins and warm-up: the
   * median of the run's intervals.
   *
   * @param msPerParticipantSecond milliseconds for each participant and second
   * @param usPerPacket microseconds for each packet that reached a client
   */
  public record Processor(double msPerParticipantSecond, double usPerPacket) {}

  /** True if there are no faults. */
  public boolean passed() {
    return faults.isEmpty();
  }

  /** Prints figures and, last, the verdict. Returns the exit status. */
  int print(String name, boolean asJson, PrintStream out) {
    ObjectNode json = json();
    if (asJson) {
      out.println(json);
    } else {
      out.println();
      json.properties()
          .forEach(entry -> out.printf("  %-20s %s%n", entry.getKey(), entry.getValue()));
      faults.forEach(fault -> out.println("  fault: " + fault));
      out.println(name + (passed() ? ": passed" : ": FAILED"));
    }
    return passed() ? 0 : 1;
  }

  /** All figures, and the verdict. */
  ObjectNode json() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("participants", participants)
        .put("joined", joinMs.getTotalCount())
        .put("seconds", length.toSeconds());
    json.put("sent", figures.sent())
        .put("received", figures.received())
        .put("lost", figures.lost());
    json.put("reportedLost", figures.reportedLost())
        .put("late", late)
        .put("duplicates", figures.duplicates());
    json.put("reordered", figures.reordered())
        .put("refused", figures.refused())
        .put("pauses", figures.gaps());
    addNetwork(json);
    json.put("longestPauseMs", TimeUnit.NANOSECONDS.toMillis(figures.longestGapNs()));
    json.put("joinMedianMs", joinMs.getValueAtPercentile(50))
        .put("joinMaxMs", joinMs.getMaxValue());
    json.put("joinedLater", replaced);
    addPercentiles(json, "delay", figures.latencyUs());
    addPercentiles(json, "gap", figures.gapUs());
    json.put("receivedPerSecond", rounded(receivedPerSecond));
    json.put("generatorLate99Us", generatorLateUs.getValueAtPercentile(99));
    json.put("generatorLateMaxUs", generatorLateUs.getMaxValue());
    ObjectNode collectors = json.putObject("gcPauses");
    gcPauses.forEach((name, pauses) ->
        collectors
            .putObject(name)
            .put("count", pauses.count())
            .put("ms", rounded(pauses.seconds() * 1_000)));
    ObjectNode servers = json.putObject("memoryMiB");
    memory.forEach((name, bytes) ->
        servers
            .putObject(name)
            .put("before", bytes.beforeBytes() / MEBI)
            .put("after", bytes.afterBytes() / MEBI));
    ObjectNode processors = json.putObject("processor");
    processor.forEach((name, used) ->
        processors
            .putObject(name)
            .put("msPerParticipantSecond", rounded(used.msPerParticipantSecond()))
            .put("usPerPacket", rounded(used.usPerPacket())));
    faults.forEach(json.putArray("faults")::add);
    json.put("passed", passed());
    return json;
  }

  private void addNetwork(ObjectNode json) {
    InjectedFigures injected = figures.injected();
    json.putObject("injected")
        .put("lostOut", injected.lostOut())
        .put("lostIn", injected.lostIn())
        .put("neverSent", injected.neverSent())
        .put("lostControl", injected.lostControl())
        .put("delayed", injected.delayed());
    RepairFigures repair = figures.repair();
    json.putObject("nack")
        .put("missed", repair.missed())
        .put("asked", repair.asked())
        .put("cameAgain", repair.cameAgain())
        .put("neverCame", repair.neverCame());
  }

  private static void addPercentiles(ObjectNode json, String name, Histogram us) {
    json.put(name + "50Us", us.getValueAtPercentile(50))
        .put(name + "90Us", us.getValueAtPercentile(90))
        .put(name + "99Us", us.getValueAtPercentile(99))
        .put(name + "999Us", us.getValueAtPercentile(99.9))
        .put(name + "MaxUs", us.getMaxValue());
  }

  private static double rounded(double figure) {
    return Math.round(figure * 1_000) / 1_000.0;
  }
}
