package dev.parley.benchmarks.stress;

import dev.parley.media.conference.AgentIdle;
import dev.parley.media.packet.MediaRing;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A message written to a ring wakes the agent that waits for it, however the agent's falling asleep
 * and the writer's look for a sleeper overlap. Without the fences of {@link AgentIdle} one wake-up
 * in some ten thousand is lost on x86.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The agent saw the message at once.")
@Outcome(id = "1", expect = Expect.FORBIDDEN, desc = "The wake-up was lost: the agent slept on.")
@State
public class AgentWakeStress {
  /** Far longer than a busy machine keeps a thread waiting for a processor. */
  private static final long SLEEP_NS = TimeUnit.SECONDS.toNanos(3);

  private static final long LOST_NS = SLEEP_NS - TimeUnit.MILLISECONDS.toNanos(500);
  private static final int CAPACITY = 1 << 10;
  private static final int MESSAGE_TYPE = 1;
  private static final int MESSAGE_LENGTH = 8;
  private static final int LOOKS = 50;

  private final RingBuffer ring = MediaRing.ofCapacity(CAPACITY);
  private final AgentIdle idle = new AgentIdle();

  /** An agent with an empty ring that has looked often enough to sleep at its next look. */
  public AgentWakeStress() {
    idle.restNs(() -> 0);
    for (int i = 0; i < LOOKS; i++) {
      idle.idle(0);
    }
    idle.restNs(() -> ring.size() > 0 ? 0 : SLEEP_NS);
  }

  /** The agent: waits and reads, as agents do. */
  @Actor
  public void agent(I_Result result) {
    long startNs = System.nanoTime();
    do {
      idle.idle(0);
    } while (ring.read((type, buffer, index, length) -> {}) == 0);
    result.r1 = System.nanoTime() - startNs > LOST_NS ? 1 : 0;
  }

  /** The event loop: writes one message, then wakes. */
  @Actor
  public void loop() {
    int index = ring.tryClaim(MESSAGE_TYPE, MESSAGE_LENGTH);
    ring.commit(index);
    idle.wakeForPackets(false);
  }
}
