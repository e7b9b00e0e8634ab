package dev.parley.benchmarks.client;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * When the datagrams of one socket arrived, by the kernel: the stamp that SO_TIMESTAMPNS hands out
 * beside a message, asked for afterwards by SIOCGSTAMPNS (socket(7)), since Java's channels read no
 * control messages. So how late we read does not matter. Linux only. Owner: the client loop.
 */
final class ArrivalStamps {
  private static final long SIOCGSTAMPNS = 0x8907;
  private static final int IOCTL_FIXED_PARAMETERS = 2;
  private static final int TIMESPEC_LENGTH = 16;
  private static final int NANOS_OFFSET = 8;
  private static final int LOCAL_ADDRESS_FIELD = 1;
  private static final int INODE_FIELD = 9;
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/self/net/udp"), Path.of("/proc/self/net/udp6"));
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final MethodHandle IOCTL = bind();

  private final int descriptor;
  private final MemorySegment timespec = Arena.ofAuto().allocate(TIMESPEC_LENGTH, Long.BYTES);

  /** Turns stamping on. */
  ArrivalStamps(DatagramChannel channel) throws IOException {
    descriptor = descriptorOf(((InetSocketAddress) channel.getLocalAddress()).getPort());
    lastNs();
  }

  @SuppressWarnings("restricted")
  private static MethodHandle bind() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("ioctl"),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
        Linker.Option.firstVariadicArg(IOCTL_FIXED_PARAMETERS));
  }

  /**
   * When the datagram that was read last arrived, nanoseconds of CLOCK_REALTIME; 0 if none was
   * stamped yet.
   */
  long lastNs() {
    try {
      int answer = (int) IOCTL.invokeExact(descriptor, SIOCGSTAMPNS, timespec);
      if (answer != 0) {
        return 0;
      }
    } catch (Throwable e) {
      throw new IllegalStateException("ioctl cannot throw", e);
    }
    return TimeUnit.SECONDS.toNanos(timespec.get(JAVA_LONG, 0))
        + timespec.get(JAVA_LONG, NANOS_OFFSET);
  }

  /** A channel does not tell its file descriptor; the kernel's tables do (proc_pid_net(5)). */
  private static int descriptorOf(int port) throws IOException {
    Set<String> links = new HashSet<>();
    String ending = String.format(Locale.ROOT, ":%04X", port);
    for (Path table : TABLES) {
      if (Files.exists(table)) {
        for (String line : Files.readAllLines(table)) {
          String[] fields = line.strip().split("\\s+", -1);
          if (fields.length > INODE_FIELD && fields[LOCAL_ADDRESS_FIELD].endsWith(ending)) {
            links.add("socket:[" + fields[INODE_FIELD] + ']');
          }
        }
      }
    }
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path one : descriptors) {
        // One that was open while we listed may be closed by now.
        if (Files.isSymbolicLink(one) && links.contains(Files.readSymbolicLink(one).toString())) {
          return Integer.parseInt(one.getFileName().toString());
        }
      }
    }
    throw new IOException("no socket of ours has UDP port " + port);
  }
}
