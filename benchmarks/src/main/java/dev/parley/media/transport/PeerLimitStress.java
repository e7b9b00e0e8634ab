package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * When an event loop has room for one peer more and two threads come with one each, one is let in
 * and one is not, and the count is exact afterwards.
 */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "The first was there first.")
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "The second was there first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Over the limit, under it, or miscounted.")
@State
public class PeerLimitStress {
  private final EventLoopProxy proxy = new EventLoopProxy(() -> {});
  private final PeerDescription peer = StressPeer.DESCRIPTION;

  /** A loop with one place left, and no command waiting. */
  public PeerLimitStress() {
    for (int peers = 0; peers < Limits.PEERS_PER_LOOP_MAX - 1; peers++) {
      if (!proxy.addPeer(peer)) {
        throw new IllegalStateException("peer " + peers);
      }
      proxy.drain(command -> {}, 1);
    }
  }

  @Actor
  public void first(III_Result result) {
    result.r1 = proxy.addPeer(peer) ? 1 : 0;
  }

  @Actor
  public void second(III_Result result) {
    result.r2 = proxy.addPeer(peer) ? 1 : 0;
  }

  @Arbiter
  public void count(III_Result result) {
    result.r3 = proxy.peerCount() - Limits.PEERS_PER_LOOP_MAX;
  }
}
