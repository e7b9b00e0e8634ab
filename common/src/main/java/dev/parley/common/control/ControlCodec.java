package dev.parley.common.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Control messages to and from JSON text. Strict where a mistake or an attack would hide (lengths,
 * nesting, duplicate names, numbers as strings, trailing text), lenient where versions N and N−1
 * differ: an unknown field is ignored, an unknown type is a value. Immutable; any thread.
 */
public final class ControlCodec {
  private final ObjectWriter writer;
  private final ObjectReader treeReader;
  private final ObjectReader mediaReader;
  private final ObjectReader sessionReader;

  public ControlCodec() {
    JsonMapper mapper = mapper();
    writer = mapper.writer();
    treeReader = mapper.readerFor(JsonNode.class);
    mediaReader = mapper.readerFor(MediaMessage.class);
    sessionReader = mapper.readerFor(SessionMessage.class);
  }

  /**
   * Returns the message as one line of JSON.
   *
   * @throws IllegalArgumentException if the text would be longer than {@link
   *     ControlLimits#FRAME_LENGTH_MAX}: the caller built a message no peer would take
   */
  public String encode(ControlMessage message) {
    String text = write(message);
    if (isTooLong(text)) {
      throw new IllegalArgumentException(
          message.getClass().getSimpleName()
              + " is longer than a frame may be: "
              + text.length()
              + " characters");
    }
    return text;
  }

  /** Returns true if {@link #encode} will take the message. */
  public boolean fitsFrame(ControlMessage message) {
    return !isTooLong(write(message));
  }

  /** Reads what a media server sent. */
  public Decoded<MediaMessage> decodeMedia(String text) {
    return decode(text, mediaReader);
  }

  /** Reads what the session tier sent. */
  public Decoded<SessionMessage> decodeSession(String text) {
    return decode(text, sessionReader);
  }

  private String write(ControlMessage message) {
    try {
      return writer.writeValueAsString(message);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not encodable: " + message.getClass().getName(), e);
    }
  }

  private <M extends ControlMessage> Decoded<M> decode(String text, ObjectReader reader) {
    if (isTooLong(text)) {
      return new Decoded.Malformed<>("frame too long: " + text.length() + " characters");
    }
    JsonNode tree = null;
    try {
      tree = treeReader.readValue(text);
      if (tree == null || !tree.isObject()) {
        return new Decoded.Malformed<>("not a JSON object");
      }
      if (!tree.path("type").isTextual()) {
        return new Decoded.Malformed<>("type is missing");
      }
      M message = reader.readValue(tree);
      return new Decoded.Message<>(Objects.requireNonNull(message));
    } catch (InvalidTypeIdException e) {
      return unknown(Objects.requireNonNull(tree), e);
    } catch (JsonProcessingException e) {
      return new Decoded.Malformed<>(shorten(e.getOriginalMessage()));
    } catch (IOException e) {
      return new Decoded.Malformed<>(e.getClass().getSimpleName());
    }
  }

  /** Tells a name we do not know from a name that is missing or no string: that is malformed. */
  private static <M extends ControlMessage> Decoded<M> unknown(
      JsonNode tree, InvalidTypeIdException e) {
    String type = e.getTypeId();
    if (type == null) {
      return new Decoded.Malformed<>("type is missing");
    }
    JsonNode sequence = tree.get("sequence");
    boolean isReport = "state".equals(tree.path("type").textValue());
    boolean hasSequence =
        isReport && sequence != null && sequence.canConvertToLong() && sequence.longValue() > 0;
    return new Decoded.Unknown<>(shorten(type), hasSequence ? sequence.longValue() : 0);
  }

  /** Counts bytes only when it must: a UTF-16 unit becomes one to three bytes of UTF-8. */
  private static boolean isTooLong(String text) {
    if (text.length() > ControlLimits.FRAME_LENGTH_MAX) {
      return true;
    }
    return text.length() > ControlLimits.FRAME_LENGTH_MAX / 3
        && text.getBytes(StandardCharsets.UTF_8).length > ControlLimits.FRAME_LENGTH_MAX;
  }

  /** Keeps a peer's text out of our logs: one short line of printable ASCII. */
  private static String shorten(String text) {
    int length = Math.min(text.length(), ControlLimits.NAME_LENGTH_MAX);
    StringBuilder line = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      line.append(c >= ' ' && c <= '~' ? c : '?');
    }
    return line.toString();
  }

  private static JsonMapper mapper() {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxDocumentLength(ControlLimits.FRAME_LENGTH_MAX)
            .maxNestingDepth(ControlLimits.NESTING_MAX)
            .maxStringLength(ControlLimits.STRING_LENGTH_MAX)
            .maxNameLength(ControlLimits.NAME_LENGTH_MAX)
            .maxNumberLength(ControlLimits.NUMBER_LENGTH_MAX)
            .build();
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(constraints)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .build();
  }
}
