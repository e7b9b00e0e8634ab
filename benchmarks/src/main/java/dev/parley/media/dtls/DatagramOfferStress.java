package dev.parley.media.dtls;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two datagrams that the event loop offers reach the handshake's thread at once, in order and
 * whole, however its waiting and the offers overlap; and it has its processor back.
 *
 * <p>What was received, each datagram a digit, 0 for a wait that ended in vain; then processors
 * free.
 */
@JCStressTest
@Outcome(id = "12, 0", expect = Expect.ACCEPTABLE, desc = "Both datagrams, in order.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A wake-up or a datagram was lost.")
@State
public class DatagramOfferStress {
  private final WaitingSession session = new WaitingSession();

  /** The handshake's thread. */
  @Actor
  public void handshake(II_Result result) {
    session.begin();
    result.r1 = 10 * session.receive() + session.receive();
    result.r2 = session.freeProcessors();
  }

  /** The event loop. */
  @Actor
  public void loop() {
    session.awaitBegin();
    session.queue.offer(new byte[] {1, 1, 1, 1});
    session.queue.offer(new byte[] {2, 2, 2, 2});
  }
}
