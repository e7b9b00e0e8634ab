package dev.parley.media.dtls;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A session whose transport is closed while its thread waits for the peer, or is about to, learns
 * it at once, and as the peer's end, not as ours.
 *
 * <p>8 for the peer's end, 7 for ours, 0 for a wait that ended in vain.
 */
@JCStressTest
@Outcome(id = "8", expect = Expect.ACCEPTABLE, desc = "The thread learnt it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The thread waited on, or mistook the reason.")
@State
public class DatagramCloseStress {
  private final WaitingSession session = new WaitingSession();

  /** The handshake's thread. */
  @Actor
  public void handshake(I_Result result) {
    session.begin();
    result.r1 = session.receive();
  }

  @Actor
  public void closer() {
    session.awaitBegin();
    session.queue.close();
  }
}
