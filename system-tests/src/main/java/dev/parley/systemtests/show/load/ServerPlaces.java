package dev.parley.systemtests.show.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where the two services of {@code ./parley up} are found from outside. */
public final class ServerPlaces {
  static final URI MEDIA_METRICS = URI.create("http://127.0.0.1:7891/metrics");
  static final URI SESSION_METRICS = URI.create("http://127.0.0.1:7890/metrics");

  private ServerPlaces() {}

  public static long mediaServerPid() {
    return pidOf("dev.parley.media.MediaServer");
  }

  public static long sessionServicePid() {
    return pidOf("dev.parley.session.SessionService");
  }

  /** A grandchild of this process: the launcher is between. */
  private static long pidOf(String mainClass) {
    try (Stream<ProcessHandle> processes = ProcessHandle.current().descendants()) {
      return processes
          .filter(process -> process.info().commandLine().orElse("").contains(mainClass))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(mainClass + " is not running"))
          .pid();
    }
  }

  /** What a process has used of the processors so far. */
  static Duration processorTime(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow(() -> new IllegalStateException("process " + pid + " is gone"));
  }

  /** Where {@code ./parley up} leaves the first server key. */
  public static Path serverKey(Path data) {
    return data.resolve("session").resolve("server-key");
  }

  public static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
