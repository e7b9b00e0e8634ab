package dev.parley.media;

import dev.parley.common.id.ConferenceId;
import dev.parley.media.conference.ConferenceAgentProxy;
import dev.parley.media.conference.ConferenceMove;
import dev.parley.media.conference.ConferenceMove.Stage;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves conferences between mix agents, one at a time: the agents do it among themselves once it
 * has begun. One thread.
 */
final class ConferenceMover implements AgentBalancer.Mover {
  private static final Logger LOG = LoggerFactory.getLogger(ConferenceMover.class);
  private static final long NS_PER_US = 1000;

  /** A move takes a few cycles of two agents and their loops: this long is a fault. */
  private static final long LATE_NS = 1_000_000_000L;

  /** Makes a move that has not begun. */
  @FunctionalInterface
  interface Moves {
    ConferenceMove newMove(String conferenceId, int fromAgent, int toAgent);
  }

  private final ConferenceDirectory directory;
  private final List<ConferenceAgentProxy> agents;
  private final Moves moves;
  private final LongSupplier nanoClock;
  private @Nullable ConferenceMove move;
  private long beganNs;
  private boolean isLate;

  ConferenceMover(
      ConferenceDirectory directory,
      List<ConferenceAgentProxy> agents,
      Moves moves,
      LongSupplier nanoClock) {
    this.directory = directory;
    this.agents = List.copyOf(agents);
    this.moves = moves;
    this.nanoClock = nanoClock;
  }

  /**
   * Begins to move a conference.
   *
   * @return false if nothing was begun: another is still under way, the conference is not here, is
   *     there already or ends, or the other agent is too far behind
   */
  @Override
  public boolean begin(ConferenceId conference, int toAgent) {
    int fromAgent = directory.agentOf(conference);
    if (isUnderWay() || fromAgent < 0 || fromAgent == toAgent) {
      return false;
    }
    ConferenceMove begun = moves.newMove(conference.value(), fromAgent, toAgent);
    ConferenceAgentProxy agent = agents.get(toAgent);
    if (!directory.move(conference, fromAgent, toAgent, () -> agent.takeOver(begun))) {
      return false;
    }
    LOG.info("conference {} moves from media thread {} to {}", conference, fromAgent, toAgent);
    move = begun;
    beganNs = nanoClock.getAsLong();
    isLate = false;
    return true;
  }

  /** True until the move that was begun last has come to its end. */
  @Override
  public boolean isUnderWay() {
    ConferenceMove last = move;
    if (last == null) {
      return false;
    }
    if (last.stage() != Stage.SETTLED) {
      if (!isLate && nanoClock.getAsLong() - beganNs > LATE_NS) {
        isLate = true;
        LOG.warn("conference {} is still on its way: {}", last.conferenceId(), last.stage());
      }
      return true;
    }
    move = null;
    if (last.hasMoved()) {
      long pauseUs = last.pauseNs() / NS_PER_US;
      LOG.info("conference {} has moved, after a pause of {} us", last.conferenceId(), pauseUs);
    } else {
      LOG.info("conference {} has not moved: it ended before", last.conferenceId());
    }
    return false;
  }
}
