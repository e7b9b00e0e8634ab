package dev.parley.session.harness;

import dev.parley.session.conference.ConferenceSummary;
import dev.parley.session.conference.Lifespan;
import dev.parley.session.conference.RecordingRules;

/** A conference for tests of which it does not matter. */
public final class SomeConference {
  /** What its people are told of it. */
  public static final ConferenceSummary SUMMARY =
      new ConferenceSummary(1, false, false, 100, Lifespan.DEFAULT, RecordingRules.NONE);

  private SomeConference() {}
}
