package dev.parley.media;

/** Which media threads can take more. Any thread may ask. */
interface Headroom {
  /** There is always more. */
  Headroom UNLIMITED =
      new Headroom() {
        @Override
        public boolean isLoopBusy(int index) {
          return false;
        }

        @Override
        public boolean isAgentBusy(int index) {
          return false;
        }
      };

  /** True if an event loop's thread has no time for more peers. */
  boolean isLoopBusy(int index);

  /** True if a mix agent's thread has no time for more participants. */
  boolean isAgentBusy(int index);
}
