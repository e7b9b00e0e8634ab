package dev.parley.session.conference;

import dev.parley.common.id.Region;
import dev.parley.common.token.MediaTicket;

/** Signs media tickets so that the media servers of a region take them. Thread-safe. */
@FunctionalInterface
public interface MediaTicketSigner {

  /** Returns the ticket as it may stand in a path. */
  String sign(Region region, MediaTicket ticket);
}
