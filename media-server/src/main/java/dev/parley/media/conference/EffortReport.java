package dev.parley.media.conference;

import dev.parley.media.conference.ConferenceEvent.EncodersChanged;
import org.jspecify.annotations.Nullable;

/**
 * Tells the control plane when the encoders of a conference work with another effort than was told
 * last. Owned by one mix agent.
 */
final class EffortReport {
  /** From one event to the next at least: a storm of load takes the effort through its steps. */
  static final long INTERVAL_NS = 5_000_000_000L;

  private EncoderEffort effort;
  private int toldComplexity;
  private boolean wasTold;
  private long toldNs;

  /** Takes it that the full effort is what everybody expects. */
  EffortReport(EncoderEffort effort) {
    this.effort = effort;
    toldComplexity = effort.complexityMax();
  }

  /** Goes on with the effort of another agent's encoders. */
  void follow(EncoderEffort other) {
    effort = other;
  }

  /** An event if one is due, else null. */
  @Nullable EncodersChanged poll(ConferenceDescription conference, long nowNs) {
    int complexity = effort.complexity();
    boolean isTooSoon = wasTold && nowNs - toldNs < INTERVAL_NS;
    if (complexity == toldComplexity || isTooSoon) {
      return null;
    }
    toldComplexity = complexity;
    wasTold = true;
    toldNs = nowNs;
    return new EncodersChanged(
        conference.conferenceId(), conference.epoch(), complexity, effort.complexityMax());
  }
}
