package dev.parley.media.dtls;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A session that is ended while its thread waits for the peer, or is about to, learns it at once.
 *
 * <p>7 for our end, 0 for a wait that ended in vain; then processors free.
 */
@JCStressTest
@Outcome(id = "7, 0", expect = Expect.ACCEPTABLE, desc = "The thread learnt it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The thread waited on.")
@State
public class DatagramInterruptStress {
  private final WaitingSession session = new WaitingSession();

  /** The handshake's thread. */
  @Actor
  public void handshake(II_Result result) {
    session.begin();
    result.r1 = session.receive();
    result.r2 = session.freeProcessors();
  }

  /** The event loop, whose peer has left. */
  @Actor
  public void loop() {
    session.awaitBegin();
    session.queue.interrupt();
  }
}
