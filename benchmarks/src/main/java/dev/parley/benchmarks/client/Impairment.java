package dev.parley.benchmarks.client;

import java.util.concurrent.TimeUnit;

/** What a bad network does to one client's packets in one direction. Owner: the client loop. */
interface Impairment {
  /** A network that is not bad. */
  Impairment NONE =
      new Impairment() {
        @Override
        public void onTime(long nowNs) {
          // Nothing is held up.
        }

        @Override
        public long dueNs(long nowNs) {
          return nowNs + TimeUnit.DAYS.toNanos(1);
        }

        @Override
        public long lostMedia() {
          return 0;
        }

        @Override
        public long lostControl() {
          return 0;
        }

        @Override
        public long delayed() {
          return 0;
        }
      };

  /** Lets go of what was held up and is due. */
  void onTime(long nowNs);

  /** When something held up is due; in a day if nothing is. */
  long dueNs(long nowNs);

  /** RTP packets lost. */
  long lostMedia();

  /** RTCP packets lost. */
  long lostControl();

  /** RTP packets held up. */
  long delayed();
}
