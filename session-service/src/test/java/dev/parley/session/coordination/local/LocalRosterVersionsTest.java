package dev.parley.session.coordination.local;

import dev.parley.session.conference.RosterVersions;
import dev.parley.session.coordination.RosterVersionsContract;

final class LocalRosterVersionsTest extends RosterVersionsContract {
  private final LocalRosterVersions versions = new LocalRosterVersions();

  @Override
  protected RosterVersions versions() {
    return versions;
  }
}
