package dev.parley.systemtests.show.session;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the processors from sleeping, by work that gives way to any other (SCHED_IDLE). One that
 * has slept runs slower for a while, so the same work takes the more time the less there is of it.
 * Ends with whoever made it, at the latest after a while.
 */
final class AwakeProcessors implements AutoCloseable {
  private final List<Process> spinning = new ArrayList<>();

  /**
   * Begins.
   *
   * @param most how long it may go on if nobody ends it
   */
  AwakeProcessors(Duration most) throws IOException {
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      String seconds = Long.toString(most.toSeconds());
      spinning.add(
          new ProcessBuilder(
                  "timeout", seconds, "chrt", "--idle", "0", "sh", "-c", "while :; do :; done")
              .inheritIO()
              .start());
    }
  }

  @Override
  public void close() {
    // It tells those it started.
    spinning.forEach(Process::destroy);
  }
}
