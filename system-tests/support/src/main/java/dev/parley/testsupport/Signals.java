package dev.parley.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to processes that Java cannot send. Stateless. */
final class Signals {
  private Signals() {}

  /** Sends a signal, such as STOP; to a process that has ended, nothing. */
  static void send(long pid, String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
