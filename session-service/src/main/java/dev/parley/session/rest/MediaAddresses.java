package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.Region;
import dev.parley.session.access.EventTickets;
import dev.parley.session.conference.MediaSession;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.Signalling;
import org.jspecify.annotations.Nullable;

/**
 * Where the client of one who has joined goes next: for media, for events, through which servers.
 * Immutable.
 *
 * @param tickets what opens the events
 */
record MediaAddresses(EventTickets tickets, IceServers iceServers) {

  /**
   * Returns them as JSON.
   *
   * @param answered null if the join carried no offer, or its client takes it elsewhere itself
   * @param directed where to; null if it does not
   */
  ObjectNode of(
      Participant participant,
      Signalling.@Nullable Answered answered,
      Signalling.@Nullable Directed directed) {
    String conference = ParticipantRoutes.path(participant.conference());
    ObjectNode media = Wire.object();
    if (answered != null) {
      media.put("region", answered.media().server().region().value());
      media.put("server", answered.media().server().server().value());
      media.put("epoch", answered.media().epoch());
      media.put("rtcSessionUrl", MediaSessionRoutes.path(participant, answered.leg()));
    }
    if (directed != null) {
      media.put("region", directed.server().region().value());
      media.put("server", directed.server().server().value());
      MediaSession awaited = directed.participant().media();
      media.put("epoch", awaited == null ? 0 : awaited.epoch());
      media.put("offerUrl", directed.url().toString());
    }
    media.put("rtcUrl", conference + "/rtc");
    media.put("whipUrl", conference + "/whip");
    media.put("whepUrl", conference + "/whep");
    media.put("eventsUrl", conference + "/events");
    media.put("ticket", tickets.issue(participant.conference(), participant.id()).text());
    Region region =
        answered != null
            ? answered.media().server().region()
            : directed == null ? null : directed.server().region();
    iceServers.put(media.putArray("iceServers"), region, participant.id().value());
    return media;
  }
}
