package dev.parley.session.conference;

/**
 * What holds for all recordings of a conference. Immutable.
 *
 * @param announced true if everybody hears a tone when one begins
 * @param needsConsent true if nobody is recorded who has not agreed to it
 */
public record RecordingRules(boolean announced, boolean needsConsent) {
  /** Everybody sees that they are recorded, and that is all. */
  public static final RecordingRules NONE = new RecordingRules(false, false);
}
