package dev.parley.systemtests.show;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A second network namespace, at the other end of the {@link PrivateNetwork}'s veth pair: for
 * servers that take loopback for no network, and their clients on this side of it. One per program;
 * closing it ends it once nothing runs in it.
 */
public final class ServerNamespace implements AutoCloseable {
  /** Where the servers are reached from here. */
  public static final String ADDRESS = "198.18.7.2";

  private static final int TIMEOUT_SECONDS = 10;
  private static final String READY = "ready";

  /** Stays until its input ends, which it does at the latest with this program. */
  private static final String HOLD = "ip link set lo up && echo " + READY + " && exec cat";

  private final Process holder;

  private ServerNamespace(Process holder) {
    this.holder = holder;
  }

  /** Makes it; only inside a private network. */
  public static ServerNamespace open() throws IOException, InterruptedException {
    if (!PrivateNetwork.isInside()) {
      throw new IllegalStateException("there is no private network to join it to");
    }
    Process holder = new ProcessBuilder("unshare", "--net", "sh", "-c", HOLD).start();
    String said = holder.inputReader(StandardCharsets.UTF_8).readLine();
    if (!READY.equals(said)) {
      throw new IOException("no network namespace for the servers: " + errorsOf(holder));
    }
    Process setUp = new ProcessBuilder("sh", "-c", joining(holder.pid())).start();
    if (!setUp.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || setUp.exitValue() != 0) {
      holder.destroy();
      throw new IOException("the servers' network is not to be had: " + errorsOf(setUp));
    }
    return new ServerNamespace(holder);
  }

  /** The script that gives the namespace of a process the other end of the pair. */
  private static String joining(long pid) {
    return """
    set -e
    ip link set parley1 netns %1$d
    nsenter --net=/proc/%1$d/ns/net ip address add %2$s/24 dev parley1
    nsenter --net=/proc/%1$d/ns/net ip link set parley1 up
    """
        .formatted(pid, ADDRESS);
  }

  private static String errorsOf(Process process) throws IOException {
    return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  /** The command that runs another one in it, as the same process. */
  public List<String> entering() {
    return List.of("nsenter", "--net=/proc/" + holder.pid() + "/ns/net", "--");
  }

  /** A command, in it. */
  public List<String> entering(List<String> command) {
    List<String> inside = new ArrayList<>(entering());
    inside.addAll(command);
    return inside;
  }

  @Override
  public void close() {
    holder.destroy();
  }
}
