package dev.parley.systemtests.upload;

import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.Quality;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
import dev.parley.session.conference.MediaEvents;
import dev.parley.session.conference.MediaServer;
import java.util.List;

/** There are no conferences here, so nothing happens in them. */
final class NoEvents implements MediaEvents {
  @Override
  public void onServerUp(MediaServer server, List<ConferenceSnapshot> conferences) {}

  @Override
  public void onServerLost(MediaServer server) {}

  @Override
  public void onState(MediaServer server, long sequence, StateEvent event) {}

  @Override
  public void onSpeakers(MediaServer server, Speakers speakers) {}

  @Override
  public void onQuality(MediaServer server, Quality quality) {}
}
