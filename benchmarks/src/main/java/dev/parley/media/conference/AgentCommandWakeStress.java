package dev.parley.media.conference;

import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A command wakes the agent that falls asleep meanwhile, whoever gives it, and the agent then has
 * it.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The agent had the command at once.")
@Outcome(id = "1", expect = Expect.FORBIDDEN, desc = "The wake-up was lost: the agent slept on.")
@State
public class AgentCommandWakeStress {
  /** Far longer than a busy machine keeps a thread waiting for a processor. */
  private static final long SLEEP_NS = TimeUnit.SECONDS.toNanos(3);

  private static final long LOST_NS = SLEEP_NS - TimeUnit.MILLISECONDS.toNanos(500);
  private static final int LOOKS = 50;

  private final AgentIdle idle = new AgentIdle();
  private final ConferenceAgentProxy proxy = new ConferenceAgentProxy(idle);

  /** An agent without commands that has looked often enough to sleep at its next look. */
  public AgentCommandWakeStress() {
    idle.restNs(() -> 0);
    for (int i = 0; i < LOOKS; i++) {
      idle.idle(0);
    }
    idle.restNs(() -> proxy.hasCommands() ? 0 : SLEEP_NS);
  }

  /** The agent: waits and drains, as agents do. */
  @Actor
  public void agent(I_Result result) {
    long startNs = System.nanoTime();
    do {
      idle.idle(0);
    } while (proxy.drain(command -> {}, 1) == 0);
    result.r1 = System.nanoTime() - startNs > LOST_NS ? 1 : 0;
  }

  /** A thread of the control plane. */
  @Actor
  public void control() {
    proxy.endConference("room");
  }
}
