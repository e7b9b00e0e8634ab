package dev.parley.systemtests.show.session;

import dev.parley.systemtests.show.Demonstration;
import dev.parley.systemtests.show.Report;
import dev.parley.systemtests.show.ShowOptions;
import dev.parley.systemtests.show.load.ServerPlaces;
import java.nio.file.Files;
import java.nio.file.Path;

/** The session tier's target table, on one node. */
public final class SessionDemonstration implements Demonstration {
  @Override
  public String name() {
    return "session";
  }

  @Override
  public String proves() {
    return "one session node meets its targets: times under load, sockets, memory";
  }

  @Override
  public String help() {
    return """
    Measured on one node with the embedded store and a real Redis, each figure the median of three runs
    (--quick: one), by load generators in processes of their own that time each request from the moment
    it was due. The generators share this machine's processors with the servers.\
    """;
  }

  @Override
  public void run(ShowOptions options, Report report) throws Exception {
    Path folder = Files.createTempDirectory("parley-session");
    try {
      new TargetRows(report, options.quick()).run(folder);
    } finally {
      ServerPlaces.delete(folder);
    }
  }
}
