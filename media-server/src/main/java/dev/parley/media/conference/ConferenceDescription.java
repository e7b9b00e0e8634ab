package dev.parley.media.conference;

import static java.util.Objects.requireNonNull;

import dev.parley.media.forward.ForwardPlan;

/**
 * What makes a conference on this server. Immutable.
 *
 * @param conferenceId its name in commands and events
 * @param epoch the assignment it belongs to; events carry it
 * @param speakerSlots how many speakers a forwarding listener hears at once, 1 to 8
 * @param mixedSpeakers how many of the loudest are heard in a mix, 1 to 16
 */
public record ConferenceDescription(
    String conferenceId, long epoch, int speakerSlots, int mixedSpeakers) {
  /** Most speakers in one mix. */
  public static final int MIXED_SPEAKERS_MAX = 16;

  public ConferenceDescription {
    requireNonNull(conferenceId, "conferenceId");
    if (speakerSlots < 1 || speakerSlots > ForwardPlan.LINES_MAX) {
      throw new IllegalArgumentException("speakerSlots must be 1 to 8: " + speakerSlots);
    }
    if (mixedSpeakers < 1 || mixedSpeakers > MIXED_SPEAKERS_MAX) {
      throw new IllegalArgumentException("mixedSpeakers must be 1 to 16: " + mixedSpeakers);
    }
  }
}
