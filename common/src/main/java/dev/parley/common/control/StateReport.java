package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

/**
 * A fact the session tier must learn. Kept by the media server and sent again, on whichever link is
 * up, until an {@link Acknowledge} covers its sequence; the session tier applies each {@code
 * (incarnation, sequence)} once.
 *
 * @param sequence counts from 1 within an incarnation, without gaps
 */
public record StateReport(long sequence, StateEvent event) implements MediaMessage {
  public StateReport {
    Ranges.requireAtLeast(1, sequence, "sequence");
    requireNonNull(event, "event");
  }
}
