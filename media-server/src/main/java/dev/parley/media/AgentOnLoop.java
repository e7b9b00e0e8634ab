package dev.parley.media;

import dev.parley.media.conference.ConferenceAgent;
import dev.parley.media.transport.LoopAgent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mix agent as its event loop's thread runs it. An agent catches what a conference throws; what
 * still comes out is a mistake of the agent's own, logged here and survived.
 */
record AgentOnLoop(int index, ConferenceAgent agent) implements LoopAgent {
  private static final Logger LOG = LoggerFactory.getLogger(AgentOnLoop.class);

  @Override
  public void doWork() {
    try {
      agent.doWork();
    } catch (Throwable thrown) {
      LOG.error("mix agent {} failed in a duty cycle", index, thrown);
    }
  }

  @Override
  public long restNs() {
    return agent.restNs();
  }

  @Override
  public void onRest(long startNs, long endNs) {
    agent.onRest(startNs, endNs);
  }

  @Override
  public void onClose() {
    try {
      agent.onClose();
    } catch (Throwable thrown) {
      LOG.error("mix agent {} failed at its end", index, thrown);
    }
  }
}
