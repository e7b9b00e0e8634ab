package dev.parley.media;

import dev.parley.media.packet.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What Linux grants a socket, compared with what the event loops ask for. Stateless. */
final class KernelLimits {
  private static final Path SYSCTL = Path.of("/proc/sys/net/core");

  private KernelLimits() {}

  /** One sentence for each limit that is too low, with the command that raises it. */
  static List<String> tooLow() {
    return tooLow(SYSCTL);
  }

  static List<String> tooLow(Path directory) {
    List<String> sentences = new ArrayList<>();
    for (String name : List.of("rmem_max", "wmem_max")) {
      try {
        long granted = read(directory.resolve(name));
        if (granted < Limits.SOCKET_BUFFER_LENGTH) {
          sentences.add(
              "the kernel grants UDP sockets "
                  + granted
                  + " bytes of buffer instead of "
                  + Limits.SOCKET_BUFFER_LENGTH
                  + ", so bursts may be lost; raise it: sysctl -w net.core."
                  + name
                  + "="
                  + Limits.SOCKET_BUFFER_LENGTH);
        }
      } catch (IOException | NumberFormatException e) {
        // No Linux, or a /proc that tells nothing: then there is nothing to advise either.
      }
    }
    return sentences;
  }

  /** With one read: these files give nothing to a second one, which readString would need. */
  private static long read(Path file) throws IOException {
    byte[] bytes = new byte[64];
    try (InputStream stream = Files.newInputStream(file)) {
      int length = stream.read(bytes, 0, bytes.length);
      return Long.parseLong(
          new String(bytes, 0, Math.max(length, 0), StandardCharsets.US_ASCII).strip());
    }
  }
}
