package dev.parley.media.transport;

/**
 * The mix agent that shares an event loop's thread: what the loop read is handled in the same
 * cycle, and what it made of it sent, without either waking the other. All methods on that thread.
 */
public interface LoopAgent {
  /** Has nothing to do: for a loop whose peers are all in conferences of other threads. */
  LoopAgent NONE =
      new LoopAgent() {
        @Override
        public void doWork() {}

        @Override
        public long restNs() {
          return Long.MAX_VALUE;
        }

        @Override
        public void onRest(long startNs, long endNs) {}

        @Override
        public void onClose() {}
      };

  /** One duty cycle: takes what the rings hold, and runs what is due. Must not throw. */
  void doWork();

  /**
   * How long there is nothing to do, in nanoseconds, unless something comes; 0 or less if there is
   * something.
   */
  long restNs();

  /**
   * Hears once a cycle of the time the thread waited, which is the time it had to spare.
   *
   * @param startNs when it began to wait
   * @param endNs when it went on; the same if it had no time to wait
   */
  void onRest(long startNs, long endNs);

  /** Ends what it runs. No other method is called from then on. */
  void onClose();
}
