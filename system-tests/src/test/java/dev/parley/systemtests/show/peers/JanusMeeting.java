package dev.parley.systemtests.show.peers;

import dev.parley.benchmarks.LoadOptions;
import dev.parley.benchmarks.LoadResult;
import dev.parley.benchmarks.LoadRun;
import dev.parley.systemtests.show.PrivateNetwork;
import dev.parley.systemtests.show.ServerNamespace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The program that {@link JanusIT} runs: goes into a private network, starts Janus there, puts
 * three clients into its room and three before its mountpoint, and says what became of them.
 */
final class JanusMeeting {
  private static final Duration LENGTH = Duration.ofSeconds(3);
  private static final int PARTICIPANTS = 3;

  private JanusMeeting() {}

  public static void main(String[] arguments) throws Exception {
    System.exit(
        PrivateNetwork.isInside()
            ? meet(Path.of(arguments[0]))
            : PrivateNetwork.runInside(JanusMeeting.class, List.of(arguments)));
  }

  private static int meet(Path root) throws Exception {
    boolean allPassed = true;
    try (ServerNamespace servers = ServerNamespace.open();
        JanusUp janus = JanusUp.start(root, servers)) {
      for (PeerWork.Kind kind : PeerWork.Kind.values()) {
        LoadOptions load = new PeerWork(kind, PARTICIPANTS, 1).ofJanus();
        load.url = janus.api();
        load.pids.put("janus", janus.pid());
        LoadResult result = new LoadRun(load, LENGTH, false, System.out).run();
        System.out.println(
            kind
                + ": received "
                + Math.round(result.receivedPerSecond())
                + " a second, used "
                + result.processor().get("janus")
                + ", faults "
                + result.faults());
        allPassed &= result.passed();
      }
    }
    return allPassed ? 0 : 1;
  }
}
