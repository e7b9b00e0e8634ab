package dev.parley.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/**
 * One run of a group that is kept under {@code benchmarks/results}: JMH's results as JMH writes
 * them (but for paths), and what one must know to believe them: machine, load, commit. Used by one
 * thread.
 */
final class AcceptedRun {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final String group;
  private final Instant startedAt;
  private final ObjectNode about = JSON.createObjectNode();
  private final MachineLoad load;

  private AcceptedRun(Path root, String group, Instant startedAt, MachineLoad load) {
    this.root = root;
    this.group = group;
    this.startedAt = startedAt;
    this.load = load;
  }

  /** Looks at the machine before the benchmarks load it, which takes a second. */
  static AcceptedRun begin(Path root, String group, List<String> jmhArguments) throws IOException {
    Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
    MachineLoad load = new MachineLoad();
    double busyBefore = load.busyShareOfSecond();
    AcceptedRun run = new AcceptedRun(root, group, now, load);
    run.about.put("group", group).put("startedAt", now.toString());
    run.about.put("commit", Commit.describe(root));
    run.about.put("jmhArguments", String.join(" ", jmhArguments));
    ObjectNode machine = run.about.putObject("machine");
    machine.put("processor", Machine.processor());
    machine.put("processors", Runtime.getRuntime().availableProcessors());
    machine.put("memoryMiB", Machine.memoryMebibytes());
    machine.put("system", System.getProperty("os.name") + ' ' + System.getProperty("os.version"));
    run.about.putObject("load").put("processorsBusyBefore", rounded(busyBefore));
    load.mark();
    return run;
  }

  /** Writes {@code DATE-GROUP.json}, in place of an earlier run of that day; returns where. */
  Path write(Collection<RunResult> results) throws IOException {
    about
        .withObject("/load")
        .put("processorsBusyDuring", rounded(load.busyShareSinceMark()))
        .put("processorsStolenDuring", rounded(load.stolenShareSinceMark()));
    ByteArrayOutputStream jmh = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(jmh, false, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    }
    ArrayNode benchmarks = about.putArray("results");
    for (JsonNode result : JSON.readTree(jmh.toByteArray())) {
      benchmarks.add(withoutPaths((ObjectNode) result));
    }
    Path directory = Files.createDirectories(root.resolve("benchmarks/results"));
    Path file =
        directory.resolve(startedAt.atZone(ZoneOffset.UTC).toLocalDate() + "-" + group + ".json");
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(about);
    Files.writeString(file, text + '\n');
    return file;
  }

  /** Takes out where things lie on this machine, which is nobody's business. */
  private static ObjectNode withoutPaths(ObjectNode result) {
    result.remove("jvm");
    ArrayNode flags = JSON.createArrayNode();
    for (JsonNode flag : result.path("jvmArgs")) {
      if (!flag.asText().startsWith("-Dparley.root=")) {
        flags.add(flag);
      }
    }
    result.set("jvmArgs", flags);
    return result;
  }

  private static double rounded(double share) {
    return Math.round(share * 100) / 100.0;
  }
}
