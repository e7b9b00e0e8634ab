package dev.parley.media.control;

/**
 * The control link's one thread, its clock and its timers. All state of the link is touched on it
 * only. A test moves it by hand.
 */
public interface LinkLoop {
  /** Runs the task on the loop's thread, after those given before. Any thread. */
  void execute(Runnable task);

  /** Runs the task on the loop's thread after the delay. */
  Timer schedule(long delayNs, Runnable task);

  /** Monotonic time in nanoseconds. */
  long nowNs();

  /** Something that will happen unless it is cancelled. */
  interface Timer {
    void cancel();
  }
}
