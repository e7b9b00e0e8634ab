package dev.parley.session.conference;

import java.time.Duration;

/**
 * What a client says of its own media.
 *
 * @param flows false if it has stopped
 * @param age how long ago the last packet came, if it flows
 */
public record MediaWord(boolean flows, Duration age) {
  /** Nothing comes any more. */
  public static final MediaWord STOPPED = new MediaWord(false, Duration.ZERO);
}
