package dev.parley.media.transport;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * A counter that its event loop raises past 32 bits is read whole by any thread, never goes back,
 * and is exact in the end.
 *
 * <p>How many reads gave anything but what was there then, and by how much the counter was raised.
 */
@JCStressTest
@Outcome(id = "0, 50", expect = Expect.ACCEPTABLE, desc = "Values that were written, in order.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn, back in time, or lost.")
@State
public class TransportCountersStress {
  private static final TransportCounter COUNTER = TransportCounter.BYTES_RECEIVED;
  private static final long START = 0xFFFF_FFFFL - 25;
  private static final int RAISED = 50;

  private final TransportCounters counters = new TransportCounters();

  /** A counter just below 32 bits. */
  public TransportCountersStress() {
    counters.add(COUNTER, START);
  }

  /** The only writer. */
  @Actor
  public void loop() {
    for (int i = 0; i < RAISED; i++) {
      counters.increment(COUNTER);
    }
  }

  /** Any other thread. */
  @Actor
  public void reader(JJ_Result result) {
    long last = START;
    int wrong = 0;
    for (int i = 0; i < RAISED; i++) {
      long value = counters.get(COUNTER);
      wrong += value < last || value > START + RAISED ? 1 : 0;
      last = value;
    }
    result.r1 = wrong;
  }

  @Arbiter
  public void end(JJ_Result result) {
    result.r2 = counters.get(COUNTER) - START;
  }
}
