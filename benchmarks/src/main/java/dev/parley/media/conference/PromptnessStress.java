package dev.parley.media.conference;

import dev.parley.media.packet.MediaRing;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * When an agent becomes prompt, a packet that another thread's loop writes meanwhile does not wait:
 * either the agent sees it, or the loop sees that the agent is prompt and wakes it.
 */
@JCStressTest
@Outcome(
    id = "false, false",
    expect = Expect.FORBIDDEN,
    desc = "The packet waits, and nobody will wake the agent for it.")
@Outcome(expect = Expect.ACCEPTABLE, desc = "One of them, or both, saw the other's step.")
@State
public class PromptnessStress {
  private static final int CAPACITY = 1 << 10;
  private static final int MESSAGE_TYPE = 1;
  private static final int MESSAGE_LENGTH = 8;

  private final RingBuffer ring = MediaRing.ofCapacity(CAPACITY);
  private final Promptness promptness = new Promptness();

  /** An agent that nobody hurries. */
  public PromptnessStress() {
    promptness.set(false);
  }

  /** The agent, about to wait: somebody is forwarded packets now. */
  @Actor
  public void agent(ZZ_Result result) {
    promptness.set(true);
    result.r1 = ring.size() > 0;
  }

  /** A loop, as a media plane's wake-up does it. */
  @Actor
  public void loop(ZZ_Result result) {
    int index = ring.tryClaim(MESSAGE_TYPE, MESSAGE_LENGTH);
    ring.commit(index);
    VarHandle.fullFence();
    result.r2 = promptness.isPrompt();
  }
}
