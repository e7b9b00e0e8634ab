package dev.parley.systemtests.show.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A recording of when another virtual machine stood still, switched on in it by {@code jcmd}. One
 * thread.
 */
final class FlightRecording {
  private static final String NAME = "parley-pauses";
  private static final int TIMEOUT_SECONDS = 30;

  private final String pid;
  private final Path file;

  private FlightRecording(String pid, Path file) {
    this.pid = pid;
    this.file = file;
  }

  /** Records from now on. */
  static FlightRecording start(long pid, Path file) throws IOException, InterruptedException {
    FlightRecording recording = new FlightRecording(Long.toString(pid), file);
    recording.jcmd(
        "JFR.start",
        "name=" + NAME,
        "settings=none",
        event(Pauses.COLLECTION, "enabled=true"),
        event(Pauses.COLLECTOR_PAUSE, "enabled=true"),
        event(Pauses.COLLECTOR_PAUSE, "threshold=0ms"),
        event(Pauses.BEGIN, "enabled=true"),
        event(Pauses.BEGIN, "threshold=0ms"),
        event(Pauses.END, "enabled=true"),
        event(Pauses.END, "threshold=0ms"));
    return recording;
  }

  /** With a plus, for an event that the settings do not have. */
  private static String event(String name, String setting) {
    return '+' + name + '#' + setting;
  }

  /** Has the machine collect its garbage now. */
  void collect() throws IOException, InterruptedException {
    jcmd("GC.run");
  }

  /** Ends it and reads it. */
  Pauses stop() throws IOException, InterruptedException {
    jcmd("JFR.stop", "name=" + NAME, "filename=" + file);
    return Pauses.of(file);
  }

  private void jcmd(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(pid);
    command.addAll(List.of(words));
    Command.run(TIMEOUT_SECONDS, command);
  }
}
