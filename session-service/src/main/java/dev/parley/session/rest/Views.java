package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.Participant;

/** Domain records as the API shows them. */
final class Views {
  private Views() {}

  static ObjectNode conference(Conference conference) {
    ObjectNode node = Wire.object();
    node.put("id", conference.id().value());
    Wire.put(node, "alias", conference.alias());
    Wire.put(node, "state", conference.state());
    node.put("version", conference.version());
    node.put("participantCount", conference.participantCount());
    node.put("maxParticipants", conference.rules().maxParticipants());
    node.put("emptyTimeoutSec", conference.rules().emptyTimeout().toSeconds());
    node.put("speakerSlots", conference.rules().settings().speakerSlots());
    node.put("mixedSpeakers", conference.rules().settings().mixedSpeakers());
    Wire.put(node, "createdAt", conference.times().createdAt());
    Wire.put(node, "liveAt", conference.times().liveAt());
    Wire.put(node, "endedAt", conference.times().endedAt());
    Wire.put(node, "endReason", conference.endReason());
    return node;
  }

  static ObjectNode participant(Participant participant) {
    ObjectNode node = Wire.object();
    node.put("id", participant.id().value());
    node.put("identity", participant.person().identity());
    Wire.put(node, "name", participant.person().name());
    Wire.put(node, "role", participant.person().role());
    Wire.put(node, "state", participant.state());
    node.put("muted", participant.muted());
    node.put("csrc", participant.csrc());
    Wire.put(node, "listening", participant.listening());
    Wire.put(node, "joinedAt", participant.joinedAt());
    Participant.Departure departure = participant.departure();
    if (departure != null) {
      Wire.put(node, "leftAt", departure.leftAt());
      Wire.put(node, "leaveReason", departure.reason());
    }
    node.put("version", participant.version());
    return node;
  }
}
