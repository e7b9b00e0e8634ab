package dev.parley.systemtests.show.load;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Has another virtual machine sample its own stacks, down into native code and the kernel, by
 * async-profiler. One thread.
 */
final class StackSampler {
  private static final int TIMEOUT_SECONDS = 60;
  private static final String SAMPLING = "event=cpu,interval=500us,threads,cstack=vm";

  private final String pid;
  private final Path library;
  private final Path file;

  private StackSampler(long pid, Path library, Path file) {
    this.pid = Long.toString(pid);
    this.library = library;
    this.file = file;
  }

  /** Samples for so long from now on; what it needs and writes is kept in a folder. */
  static StackSampler start(long pid, Path folder, int seconds)
      throws IOException, InterruptedException {
    Path library = folder.resolve("libasyncProfiler.so");
    if (!Files.exists(library)) {
      String platform = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
      String name = "/linux-" + platform + "/libasyncProfiler.so";
      try (InputStream packed = StackSampler.class.getResourceAsStream(name)) {
        if (packed == null) {
          throw new FileNotFoundException(name + " is not in async-profiler's jar");
        }
        Files.copy(packed, library);
      }
    }
    StackSampler sampler = new StackSampler(pid, library, folder.resolve("stacks-" + pid));
    sampler.tell(
        "start," + SAMPLING + ",timeout=" + seconds + ",file=" + sampler.file + ",collapsed");
    return sampler;
  }

  /** A line for each stack that was seen, with how often; once the time is over. */
  List<String> stacks() throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.toList();
    }
  }

  private void tell(String words) throws IOException, InterruptedException {
    String said =
        Command.run(
            TIMEOUT_SECONDS,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                pid,
                "JVMTI.agent_load",
                library.toString(),
                '"' + words + '"'));
    if (!said.contains("return code: 0")) {
      throw new IOException("async-profiler: " + said.strip());
    }
  }
}
