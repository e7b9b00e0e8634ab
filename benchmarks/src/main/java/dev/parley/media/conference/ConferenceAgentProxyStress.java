package dev.parley.media.conference;

import dev.parley.media.packet.Limits;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * When a mix agent has room for one command more and two threads come with one each, one is
 * accepted and one hears "busy"; the agent gets exactly what was accepted.
 */
@JCStressTest
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "The first was there first.")
@Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "The second was there first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Too many, or lost.")
@State
public class ConferenceAgentProxyStress {
  private static final int FILLED = Limits.COMMANDS_MAX - 1;

  private final ConferenceAgentProxy proxy = new ConferenceAgentProxy(() -> {});

  /** An agent far behind. */
  public ConferenceAgentProxyStress() {
    for (int i = 0; i < FILLED; i++) {
      proxy.endConference("room");
    }
  }

  @Actor
  public void first(III_Result result) {
    result.r1 = proxy.endConference("room") ? 1 : 0;
  }

  @Actor
  public void second(III_Result result) {
    result.r2 = proxy.endConference("room") ? 1 : 0;
  }

  /** The agent catches up. */
  @Arbiter
  public void agent(III_Result result) {
    result.r3 = proxy.drain(command -> {}, Limits.COMMANDS_MAX) - FILLED;
  }
}
