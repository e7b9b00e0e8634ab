package dev.parley.media;

/** Which media threads can take more. Any thread may ask. */
interface Headroom {
  /** There is always more. */
  Headroom UNLIMITED =
      new Headroom() {
        @Override
        public boolean isBusy(int thread) {
          return false;
        }

        @Override
        public boolean isCalm(int thread) {
          return true;
        }
      };

  /** True if a media thread has no time for more participants. */
  boolean isBusy(int thread);

  /** True if it has so much time that nobody need be sent to another. */
  boolean isCalm(int thread);
}
