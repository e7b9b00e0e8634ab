package dev.parley.common.control;

/**
 * What came of a {@link Probe}.
 *
 * @param answered true if a STUN answer came from any of the addresses in time
 */
public record ProbeResult(long id, boolean answered) implements MediaMessage {
  public ProbeResult {
    Ranges.requireAtLeast(1, id, "id");
  }
}
