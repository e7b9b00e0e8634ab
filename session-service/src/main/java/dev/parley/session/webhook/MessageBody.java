package dev.parley.session.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Notice;

/** Notices as the JSON that endpoints get (Standard Webhooks, "Payload structure"). Stateless. */
final class MessageBody {
  private static final JsonMapper MAPPER = new JsonMapper();

  private MessageBody() {}

  static String of(ConferenceId conference, Notice notice) {
    ObjectNode body = MAPPER.createObjectNode();
    body.put("type", notice.type().text());
    body.put("timestamp", notice.at().toString());
    ObjectNode data = body.putObject("data");
    data.put("sequence", notice.sequence());
    data.put("conferenceId", conference.value());
    notice.data().forEach((name, value) -> data.set(name, MAPPER.valueToTree(value)));
    try {
      return MAPPER.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON could not be written", e);
    }
  }
}
