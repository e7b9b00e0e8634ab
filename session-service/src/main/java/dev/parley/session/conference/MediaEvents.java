package dev.parley.session.conference;

import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.Quality;
import dev.parley.common.control.Speakers;
import dev.parley.common.control.StateEvent;
import java.util.List;

/**
 * What media servers report to conferences. Calls about one server come one after the other (any
 * thread, they may block on the store); calls about different servers may overlap. Every call may
 * be repeated without harm.
 */
public interface MediaEvents {

  /**
   * A server said hello on its first link, or on a new one after all had broken. Participants that
   * it no longer holds are gone; participants it holds that should not be there are removed.
   *
   * @param conferences all that the server holds now
   */
  void onServerUp(MediaServer server, List<ConferenceSnapshot> conferences);

  /** The incarnation is given up: its conferences go to other servers. */
  void onServerLost(MediaServer server);

  /**
   * Takes in one fact. When this returns normally the fact is stored and may be acknowledged; an
   * exception means it is not, and the report is to be offered again.
   *
   * @param sequence the report's number in the server's incarnation; each is applied once
   */
  void onState(MediaServer server, long sequence, StateEvent event);

  /** Takes in who is heard now. Never stored; passed on as an event. */
  void onSpeakers(MediaServer server, Speakers speakers);

  /** Takes in how packets travel. Never stored while it lasts; may be lost. */
  void onQuality(MediaServer server, Quality quality);
}
