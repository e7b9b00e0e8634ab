package dev.parley.common.control;

/**
 * Every {@link StateReport} up to and including this sequence is safe with the session tier and may
 * be forgotten.
 */
public record Acknowledge(long sequence) implements SessionMessage {
  public Acknowledge {
    Ranges.requireAtLeast(0, sequence, "sequence");
  }
}
