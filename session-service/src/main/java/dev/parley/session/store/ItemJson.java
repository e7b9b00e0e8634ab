package dev.parley.session.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/** Records as the JSON bodies of items. A field that a newer version added is skipped. */
final class ItemJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  private static final DecodedBodies DECODED = new DecodedBodies();

  private ItemJson() {}

  static String write(Object record) {
    try {
      return MAPPER.writeValueAsString(record);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record has no JSON: " + record.getClass(), e);
    }
  }

  /**
   * Decodes a body; what it returns may be in other hands, too, and must not be changed.
   *
   * @throws StoreUnavailableException if it is sealed
   */
  static <T> T read(Item item, Class<T> type) {
    if (SealedBody.sealed(item.body()) != null) {
      throw new StoreUnavailableException("the key to " + item.key() + " is away", null);
    }
    return DECODED.get(
        item.body(),
        type,
        body -> {
          try {
            return MAPPER.readValue(body, type);
          } catch (JsonProcessingException e) {
            throw new IllegalStateException("the item " + item.key() + " is no " + type, e);
          }
        });
  }
}
