package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.Region;
import dev.parley.session.audit.AuditEntry;
import dev.parley.session.audit.AuditLink;
import dev.parley.session.conference.Ban;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.Message;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.Position;
import dev.parley.session.conference.SharedFile;
import dev.parley.session.webhook.Delivery;
import dev.parley.session.webhook.Endpoint;

/** Domain records as the API shows them. */
final class Views {
  private Views() {}

  static ObjectNode conference(Conference conference) {
    ObjectNode node = Wire.object();
    node.put("id", conference.id().value());
    Wire.put(node, "alias", conference.alias());
    Wire.put(node, "state", conference.state());
    node.put("version", conference.revision());
    node.put("participantCount", conference.participantCount());
    Region region = conference.region();
    Wire.put(node, "region", region == null ? null : region.value());
    OptionFields.write(node, conference.options());
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
    node.put("held", participant.standing().held());
    Wire.put(node, "handRaisedAt", participant.standing().handRaisedAt());
    if (participant.standing().mayBeRecorded()) {
      node.put("recordingConsent", true);
    }
    Position position = participant.standing().position();
    if (position != null) {
      node.putObject("position")
          .put("x", position.x())
          .put("y", position.y())
          .put("z", position.z());
    }
    if (participant.csrc() > 0) {
      node.put("csrc", participant.csrc());
      Wire.put(node, "listening", participant.listening());
    }
    Wire.put(node, "joinedAt", participant.joinedAt());
    if (participant.waiting() != null) {
      Wire.put(node, "waitsFor", participant.waiting().reason());
    }
    Participant.Departure departure = participant.departure();
    if (departure != null) {
      Wire.put(node, "leftAt", departure.leftAt());
      Wire.put(node, "leaveReason", departure.reason());
    }
    node.put("version", participant.revision());
    return node;
  }

  static ObjectNode ban(Ban ban) {
    ObjectNode node = Wire.object();
    node.put("id", ban.id());
    node.put("identity", ban.identity());
    Wire.put(node, "since", ban.since());
    Wire.put(node, "until", ban.until());
    return node;
  }

  static ObjectNode message(Message message) {
    ObjectNode node = Wire.object();
    node.put("sequence", message.sequence());
    sender(node, message.sender());
    node.put("text", message.text());
    Wire.put(node, "sentAt", message.at());
    return node;
  }

  static ObjectNode file(SharedFile file) {
    ObjectNode node = Wire.object();
    node.put("id", file.id());
    node.put("kind", file.isPhoto() ? "photo" : "file");
    node.put("name", file.label().name());
    node.put("size", file.lengthBytes());
    node.put("contentType", file.contentType());
    Wire.put(node, "thumbnail", file.thumbnail());
    sender(node, file.label().sender());
    Wire.put(node, "sharedAt", file.at());
    return node;
  }

  /** Leaves out the tenant's backend. */
  private static void sender(ObjectNode node, Message.Sender sender) {
    if (sender.participant() != null) {
      ObjectNode from = node.putObject("sender");
      from.put("id", sender.participant().value());
      Wire.put(from, "identity", sender.identity());
      Wire.put(from, "name", sender.name());
    }
  }

  /** The secret is not shown. */
  static ObjectNode endpoint(Endpoint endpoint) {
    ObjectNode node = Wire.object();
    node.put("id", endpoint.id());
    node.put("url", endpoint.target().url().toString());
    Wire.put(node, "description", endpoint.target().description());
    ArrayNode types = node.putArray("types");
    endpoint.target().types().stream().sorted().forEach(type -> types.add(type.text()));
    Wire.put(node, "status", endpoint.status());
    Wire.put(node, "createdAt", endpoint.createdAt());
    node.put("version", endpoint.version());
    Endpoint.Retiring retiring = endpoint.retiring();
    Wire.put(node, "previousSecretUntil", retiring == null ? null : retiring.until());
    return node;
  }

  static ObjectNode auditLink(AuditLink link) {
    ObjectNode node = Wire.object();
    node.put("day", link.chain().day().toString());
    node.put("shard", link.chain().shard());
    node.put("number", link.number());
    node.put("previous", link.previous());
    node.put("hash", link.hash());
    ArrayNode entries = node.putArray("entries");
    for (AuditEntry entry : link.entries()) {
      ObjectNode each = entries.addObject();
      Wire.put(each, "at", entry.at());
      each.put("tenant", entry.tenant());
      each.put("actor", entry.actor());
      each.put("action", entry.action());
      each.put("object", entry.object());
      each.put("outcome", entry.outcome());
      each.put("requestId", entry.requestId());
    }
    return node;
  }

  static ObjectNode delivery(Delivery delivery) {
    ObjectNode node = Wire.object();
    node.put("id", delivery.messageId());
    node.put("conferenceId", delivery.lane().conference().value());
    node.put("sequence", delivery.sequence());
    node.put("type", delivery.type().text());
    Wire.put(node, "state", delivery.state());
    Wire.put(node, "happenedAt", delivery.happenedAt());
    node.put("attempts", delivery.attempts());
    Delivery.Attempt last = delivery.last();
    if (last != null) {
      Wire.put(node, "lastAttemptAt", last.at());
      Wire.put(node, "lastOutcome", last.outcome());
      if (last.status() > 0) {
        node.put("lastStatus", last.status());
      }
    }
    node.put("body", delivery.body());
    return node;
  }
}
