package dev.parley.media.jitter;

/** What a 20 ms frame of a {@link TalkerPlayout} is made of. */
public enum PlayedFrame {
  /** At least some sound that was sent. */
  VOICE,
  /** Sound made up for what is missing. */
  CONCEALED,
  /** Zeros: nothing need be mixed. */
  SILENCE
}
