package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * When there is room for one command more and two threads come with a peer each, one is accepted
 * and one hears "busy"; the loop gets exactly what was accepted, and counts no peer for the other.
 *
 * <p>Whether each was accepted, commands drained beyond those that filled the queue, and peers
 * counted.
 */
@JCStressTest
@Outcome(id = "1, 0, 1, 1", expect = Expect.ACCEPTABLE, desc = "The first was there first.")
@Outcome(id = "0, 1, 1, 1", expect = Expect.ACCEPTABLE, desc = "The second was there first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Too many, lost, or counted in vain.")
@State
public class EventLoopProxyStress {
  private static final int FILLED = Limits.COMMANDS_MAX - 1;

  private final EventLoopProxy proxy = new EventLoopProxy(() -> {});
  private final PeerDescription peer = StressPeer.DESCRIPTION;

  /** A loop far behind. */
  public EventLoopProxyStress() {
    for (int i = 0; i < FILLED; i++) {
      proxy.removePeer(i);
    }
  }

  @Actor
  public void first(IIII_Result result) {
    result.r1 = proxy.addPeer(peer) ? 1 : 0;
  }

  @Actor
  public void second(IIII_Result result) {
    result.r2 = proxy.addPeer(peer) ? 1 : 0;
  }

  /** The loop catches up. */
  @Arbiter
  public void loop(IIII_Result result) {
    result.r3 = proxy.drain(command -> {}, Limits.COMMANDS_MAX) - FILLED;
    result.r4 = proxy.peerCount();
  }
}
