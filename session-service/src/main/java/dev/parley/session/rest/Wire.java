package dev.parley.session.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How values are written in answers. */
final class Wire {
  static final String JSON = "application/json";

  private static final JsonMapper MAPPER = new JsonMapper();

  private Wire() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** Reads what was written as JSON here or checked to be some. */
  static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was checked is no JSON", e);
    }
  }

  static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON could not be written", e);
    }
  }

  /** An enum's name in lower case with dashes. */
  static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Puts a field, or leaves it out if there is nothing to say. */
  static void put(ObjectNode node, String field, @Nullable Object value) {
    switch (value) {
      case null -> {}
      case String text -> node.put(field, text);
      case Instant instant -> node.put(field, instant.toString());
      case Enum<?> constant -> node.put(field, name(constant));
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  static String etag(long version) {
    return "\"" + version + "\"";
  }
}
