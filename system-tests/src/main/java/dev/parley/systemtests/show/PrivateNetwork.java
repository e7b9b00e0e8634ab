package dev.parley.systemtests.show;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace of our own, made by starting this program again inside it. It has loopback,
 * one address on a veth pair whose other end leads nowhere, unless {@link ServerNamespace} takes
 * it, and a default route over it, for Firefox takes no interface without one. It lives in a
 * process namespace too: when the program ends, however it ends, nothing is left of either.
 */
public final class PrivateNetwork {
  /** Of the block reserved for benchmarks (RFC 2544), which is no host's own. */
  private static final String ADDRESS = "198.18.7.1";

  private static final String MARK = "PARLEY_PRIVATE_NETWORK";
  private static final String SET_UP =
      """
      set -e
      ip link set lo up
      ip link add parley0 type veth peer name parley1
      ip address add %1$s/24 dev parley0
      ip link set parley0 up
      ip link set parley1 up
      ip route add default via 198.18.7.254
      exec "$@"
      """
          .formatted(ADDRESS);

  private PrivateNetwork() {}

  /** Whether this program runs inside. */
  public static boolean isInside() {
    return System.getenv(MARK) != null;
  }

  /** Runs a main class inside, with this JVM's flags and class path; returns its exit status. */
  public static int runInside(Class<?> mainClass, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"));
    if (!"root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("--user", "--map-root-user"));
    }
    command.addAll(List.of("sh", "-c", SET_UP, "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put(MARK, ADDRESS);
    Process inside = builder.start();
    Thread stop = new Thread(inside::destroy, "stop-private-network");
    Runtime.getRuntime().addShutdownHook(stop);
    return inside.waitFor();
  }
}
