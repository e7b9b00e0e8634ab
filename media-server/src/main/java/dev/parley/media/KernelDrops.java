package dev.parley.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Datagrams that Linux threw away because a socket's receive buffer was full: the event loop was
 * too slow, or the buffer too small. Read from /proc/net/udp when asked; 0 where there is no such
 * file. Stateless.
 */
final class KernelDrops {
  private static final Path NET = Path.of("/proc/self/net");

  /** Columns of a line: number, local address and port, and last of all the drops. */
  private static final int LOCAL = 1;

  private static final int HEX = 16;

  private KernelDrops() {}

  /** All drops so far at the sockets bound to a UDP port. */
  static long atPort(int port) {
    return atPort(NET, port);
  }

  static long atPort(Path net, int port) {
    long drops = 0;
    for (String file : List.of("udp", "udp6")) {
      try {
        for (String line : Files.readAllLines(net.resolve(file), StandardCharsets.US_ASCII)) {
          drops += drops(line.strip().split("\\s+", -1), port);
        }
      } catch (IOException | NumberFormatException e) {
        // No Linux, no IPv6, or a kernel with other columns: then nothing is known.
      }
    }
    return drops;
  }

  private static long drops(String[] columns, int port) {
    if (columns.length <= LOCAL || !columns[0].endsWith(":")) {
      return 0;
    }
    String local = columns[LOCAL];
    int localPort = Integer.parseInt(local.substring(local.lastIndexOf(':') + 1), HEX);
    return localPort == port ? Long.parseLong(columns[columns.length - 1]) : 0;
  }
}
