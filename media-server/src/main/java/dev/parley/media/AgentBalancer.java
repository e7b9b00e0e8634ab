package dev.parley.media;

import dev.parley.common.id.ConferenceId;
import dev.parley.media.conference.ConferenceWeights;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Evens out the media threads' load: while one has much more to do than another for some seconds,
 * one of its conferences is moved, if there is one that fits. One thread, which calls {@link
 * #step}.
 *
 * <p>What is moved takes at most three quarters of the difference, so that less than what it took
 * away is left of it the other way round, and the same conference never goes back for that.
 */
final class AgentBalancer {
  /** From one look at a conference that is to move, or is on its way, to the next. */
  private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /** From one look at the load to the next. */
  static final long LOOK_NS = TimeUnit.SECONDS.toNanos(1);

  /** Looks in a row that must show the same: a burst of joins is no reason to move anybody. */
  static final int LOOKS = 5;

  /** After a move, or after none was found that helps. */
  static final long REST_NS = TimeUnit.SECONDS.toNanos(10);

  /**
   * How long a conference that is to move may talk on; moved it is then, though nobody hears it.
   */
  static final long QUIET_WAIT_NS = TimeUnit.SECONDS.toNanos(2);

  /** A thread with less to do has time enough, whatever the others have. Share of a processor. */
  static final double LOADED_SHARE = 0.4;

  /** Between the most and the least loaded: what is less is not worth a move. */
  static final double UNEVEN_SHARE = 0.25;

  /** What is gained by a move must be worth it. */
  static final double GAIN_SHARE = 0.05;

  private static final double FITTING_PART = 0.75;

  /** Tells how much work an agent's conferences have been so far. */
  @FunctionalInterface
  interface Scales {
    /** The answer comes on any thread, or never if the agent is too far behind. */
    void weigh(int agent, Consumer<ConferenceWeights> answer);
  }

  /** Moves one conference at a time. */
  interface Mover {
    /** Begins; false if that cannot be. */
    boolean begin(ConferenceId conference, int toAgent);

    /** True while one is on its way. */
    boolean isUnderWay();
  }

  /** Where the conference that was chosen goes, once it is quiet or the time is up. */
  private record Choice(ConferenceId conference, int toAgent, long untilNs) {}

  private final MediaThreadLoad load;
  private final int agentCount;
  private final Scales scales;
  private final Mover mover;
  private final Predicate<ConferenceId> isInTalk;
  private int busiest;
  private int looks;
  private double gapSum;
  private @Nullable ConferenceWeights firstWeights;
  private @Nullable Choice choice;
  private long nextLookNs;

  /** Written by the agent that was asked. */
  private volatile @Nullable ConferenceWeights weights;

  /**
   * A balancer that looks for the first time at once.
   *
   * @param load looked at by this balancer alone
   * @param isInTalk whether somebody speaks in a conference
   */
  AgentBalancer(
      MediaThreadLoad load,
      int agentCount,
      Scales scales,
      Mover mover,
      Predicate<ConferenceId> isInTalk,
      long nowNs) {
    this.load = load;
    this.agentCount = agentCount;
    this.scales = scales;
    this.mover = mover;
    this.isInTalk = isInTalk;
    nextLookNs = nowNs;
  }

  /**
   * Does what is due.
   *
   * @return in how many nanoseconds something is due again
   */
  long step(long nowNs) {
    stepOnce(nowNs);
    return mover.isUnderWay() || choice != null ? STEP_NS : Math.max(0, nextLookNs - nowNs);
  }

  private void stepOnce(long nowNs) {
    if (mover.isUnderWay()) {
      return;
    }
    if (choice != null) {
      moveWhenQuiet(choice, nowNs);
    } else if (nowNs - nextLookNs >= 0) {
      nextLookNs = nowNs + LOOK_NS;
      load.look();
      look(nowNs);
    }
  }

  /** True while a conference is on its way. */
  boolean isMoving() {
    return mover.isUnderWay();
  }

  private void moveWhenQuiet(Choice chosen, long nowNs) {
    if (!isInTalk.test(chosen.conference()) || nowNs - chosen.untilNs() >= 0) {
      choice = null;
      mover.begin(chosen.conference(), chosen.toAgent());
      rest(nowNs);
    }
  }

  private void rest(long nowNs) {
    nextLookNs = nowNs + REST_NS;
    forget();
  }

  private void forget() {
    looks = 0;
    gapSum = 0;
    firstWeights = null;
    weights = null;
  }

  private void look(long nowNs) {
    int most = 0;
    int least = 0;
    for (int i = 1; i < agentCount; i++) {
      most = load.share(i) > load.share(most) ? i : most;
      least = load.share(i) < load.share(least) ? i : least;
    }
    double gap = load.share(most) - load.share(least);
    boolean isUneven = load.share(most) >= LOADED_SHARE && gap >= UNEVEN_SHARE;
    if (!isUneven || most != busiest) {
      forget();
    }
    busiest = most;
    if (!isUneven) {
      return;
    }
    looks++;
    gapSum += gap;
    ConferenceWeights latest = weights;
    ConferenceWeights first = firstWeights == null ? latest : firstWeights;
    firstWeights = first;
    if (looks >= LOOKS && first != null && latest != null && latest.atNs() - first.atNs() > 0) {
      ConferenceId fitting = fitting(first, latest, gapSum / looks);
      rest(nowNs);
      choice = fitting == null ? null : new Choice(fitting, least, nowNs + QUIET_WAIT_NS);
    } else {
      scales.weigh(most, answer -> weights = answer);
    }
  }

  /** The conference whose move makes the difference smallest, if that is much smaller than now. */
  private static @Nullable ConferenceId fitting(
      ConferenceWeights before, ConferenceWeights after, double gap) {
    double elapsedNs = after.atNs() - before.atNs();
    String best = null;
    double bestShare = 0;
    for (Map.Entry<String, Long> entry : after.workNs().entrySet()) {
      Long workBeforeNs = before.workNs().get(entry.getKey());
      double share = workBeforeNs == null ? 0 : (entry.getValue() - workBeforeNs) / elapsedNs;
      boolean fits = share >= GAIN_SHARE && share <= FITTING_PART * gap;
      if (fits && (best == null || Math.abs(gap - 2 * share) < Math.abs(gap - 2 * bestShare))) {
        best = entry.getKey();
        bestShare = share;
      }
    }
    return best == null ? null : new ConferenceId(best);
  }
}
