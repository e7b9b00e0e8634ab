package dev.parley.session.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Notice;
import dev.parley.session.conference.Participant;
import org.jspecify.annotations.Nullable;

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
    return text(body);
  }

  /** Returns a body without who it is about, or null if it is not about that identity. */
  static @Nullable String withoutPerson(String body, String identity) {
    try {
      JsonNode tree = MAPPER.readTree(body);
      if (!(tree.path("data") instanceof ObjectNode data)
          || !identity.equals(data.path(Notice.IDENTITY).textValue())) {
        return null;
      }
      data.put(Notice.IDENTITY, Participant.Person.ERASED).remove(Notice.NAME);
      return text(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a body of ours is not JSON", e);
    }
  }

  private static String text(JsonNode body) {
    try {
      return MAPPER.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON could not be written", e);
    }
  }
}
