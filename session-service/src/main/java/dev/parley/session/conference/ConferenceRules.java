package dev.parley.session.conference;

import dev.parley.common.control.Order.ConferenceSettings;
import java.time.Duration;

/**
 * What a conference was made with; never changes.
 *
 * @param emptyTimeout how long it may stay empty before it ends, 10 s to 24 h
 */
public record ConferenceRules(
    int maxParticipants, Duration emptyTimeout, ConferenceSettings settings) {
  /** Most participants that a conference may allow. */
  public static final int PARTICIPANTS_MAX = 10_000;

  /** Shortest and longest empty timeout, in seconds. */
  public static final int EMPTY_TIMEOUT_SEC_MIN = 10;

  public static final int EMPTY_TIMEOUT_SEC_MAX = 86_400;

  /** A hundred participants, five minutes. */
  public static final ConferenceRules DEFAULT =
      new ConferenceRules(100, Duration.ofMinutes(5), ConferenceSettings.DEFAULT);

  public ConferenceRules {
    if (maxParticipants < 1 || maxParticipants > PARTICIPANTS_MAX) {
      throw new IllegalArgumentException("maxParticipants is out of range: " + maxParticipants);
    }
    long seconds = emptyTimeout.toSeconds();
    if (seconds < EMPTY_TIMEOUT_SEC_MIN || seconds > EMPTY_TIMEOUT_SEC_MAX) {
      throw new IllegalArgumentException("emptyTimeout is out of range: " + emptyTimeout);
    }
  }
}
