package dev.parley.media.door;

import dev.parley.common.control.CommandResult.Outcome;
import dev.parley.common.control.Order.EndSession;
import dev.parley.common.control.Order.RestartIce;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.token.MediaTicket;
import org.jspecify.annotations.Nullable;

/** What the door has the rest of the server do. Called on virtual threads; may block. */
public interface DoorOrders {

  /** Returns true once a session node has told the keys by which tickets are checked. */
  boolean mayCheckTickets();

  /**
   * Returns what a ticket says if it is genuine, good now and for this very process, otherwise
   * null.
   */
  @Nullable MediaTicket check(String ticket);

  /**
   * Does what the ticket allows with an offer, and lets the session tier know. Of an older epoch it
   * is {@code Stale}; if its participant was removed since, {@code NotFound}.
   */
  Outcome admit(MediaTicket ticket, String offer);

  /** Begins ICE anew in a session, and lets the session tier know. */
  Outcome restartIce(ConferenceId conference, RestartIce order);

  /** Ends a session as its client wishes. */
  Outcome close(ConferenceId conference, EndSession order);

  /** Whether the session is here. */
  boolean holds(ConferenceId conference, ParticipantId participant, String session);
}
