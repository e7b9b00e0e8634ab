package dev.parley.session.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.session.rest.Problem.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a request, read field by field. Everything that is wrong is gathered with its
 * JSON Pointer (RFC 6901) and told at once by {@link #finish}, which also finds the fields nobody
 * asked for. One thread.
 */
final class JsonBody {
  private static final int NESTING_MAX = 8;
  private static final int NUMBER_LENGTH_MAX = 30;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(NESTING_MAX)
                          .maxNumberLength(NUMBER_LENGTH_MAX)
                          .maxStringLength(Bodies.JSON_LENGTH_MAX)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode object;
  private final String path;
  private final List<FieldError> errors;
  private final Set<String> known = new HashSet<>();
  private final List<JsonBody> children = new ArrayList<>();

  private JsonBody(JsonNode object, String path, List<FieldError> errors) {
    this.object = object;
    this.path = path;
    this.errors = errors;
  }

  static JsonBody empty() {
    return new JsonBody(MAPPER.createObjectNode(), "", new ArrayList<>());
  }

  static JsonBody parse(String text) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      var location = e.getLocation();
      String where =
          location == null
              ? ""
              : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
      throw Problem.malformed("The body is not JSON as RFC 8259 has it" + where + ".").exception();
    }
    if (!node.isObject()) {
      throw Problem.malformed("The body must be a JSON object.").exception();
    }
    return new JsonBody(node, "", new ArrayList<>());
  }

  /** Text without control characters, or null if it is not there. */
  @Nullable String text(String field, int lengthMax) {
    return text(field, lengthMax, text -> text.chars().noneMatch(Character::isISOControl));
  }

  /** Text with lines, or null if it is not there. */
  @Nullable String lines(String field, int lengthMax) {
    return text(field, lengthMax, _ -> true);
  }

  /** Like {@link #text}, and it must be there. */
  String requiredText(String field, int lengthMax) {
    String text = text(field, lengthMax);
    if (text == null && !object.has(field)) {
      error(field, "is missing");
    }
    return text == null ? "" : text;
  }

  /** Like {@link #lines}, and it must be there. */
  String requiredLines(String field, int lengthMax) {
    String text = lines(field, lengthMax);
    if (text == null && !object.has(field)) {
      error(field, "is missing");
    }
    return text == null ? "" : text;
  }

  /**
   * Text that is not ours to judge, of any characters, or null if the field says {@code null}.
   *
   * @param bytesMax of its UTF-8
   */
  @Nullable String opaque(String field, int bytesMax, @Nullable String otherwise) {
    JsonNode node = take(field);
    if (node == null) {
      return otherwise;
    }
    if (node.isNull()) {
      return null;
    }
    String text = node.isTextual() ? node.textValue() : "";
    if (!node.isTextual()
        || hasLoneSurrogate(text)
        || text.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
      error(field, "must be text of at most " + bytesMax + " bytes in UTF-8, or null");
      return otherwise;
    }
    return text;
  }

  /** How many texts, and how long they and their names. */
  record TextsBound(int countMax, int nameLengthMax, int lengthMax) {}

  /** Texts by name: an object that takes the place of the one before. */
  SortedMap<String, String> texts(
      String field, TextsBound bound, SortedMap<String, String> otherwise) {
    JsonNode node = take(field);
    if (node == null) {
      return otherwise;
    }
    SortedMap<String, String> texts = new TreeMap<>();
    boolean isFit = node.isObject() && node.size() <= bound.countMax();
    if (isFit) {
      for (var entry : node.properties()) {
        String text = entry.getValue().isTextual() ? entry.getValue().textValue() : null;
        isFit &=
            text != null
                && !entry.getKey().isEmpty()
                && isPlain(entry.getKey(), bound.nameLengthMax())
                && isPlain(text, bound.lengthMax());
        texts.put(entry.getKey(), text == null ? "" : text);
      }
    }
    if (!isFit) {
      error(
          field,
          "must be an object of at most "
              + bound.countMax()
              + " texts of at most "
              + bound.lengthMax()
              + " characters, with names of 1 to "
              + bound.nameLengthMax());
      return otherwise;
    }
    return texts;
  }

  /** Like {@link #integer}, and the field may say {@code null}. */
  @Nullable Integer integerOrNull(String field, int min, int max, @Nullable Integer otherwise) {
    JsonNode node = take(field);
    if (node == null) {
      return otherwise;
    }
    return node.isNull() ? null : integer(field, min, max, min);
  }

  int integer(String field, int min, int max, int otherwise) {
    JsonNode node = take(field);
    if (node == null) {
      return otherwise;
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < min
        || node.intValue() > max) {
      error(field, "must be a whole number from " + min + " to " + max);
      return otherwise;
    }
    return node.intValue();
  }

  /** A number between -max and max, whole or not; it must be there. */
  double requiredNumber(String field, double max) {
    JsonNode node = take(field);
    double number = node != null && node.isNumber() ? node.doubleValue() : Double.NaN;
    if (!(Math.abs(number) <= max)) {
      error(field, "must be a number from " + (long) -max + " to " + (long) max);
      return 0;
    }
    return number;
  }

  /** A whole number beyond what {@link #integer} holds, and it must be there. */
  long wholeNumber(String field, long min, long max) {
    JsonNode node = take(field);
    if (node == null) {
      error(field, "is missing");
      return min;
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.longValue() < min
        || node.longValue() > max) {
      error(field, "must be a whole number from " + min + " to " + max);
      return min;
    }
    return node.longValue();
  }

  boolean flag(String field, boolean otherwise) {
    JsonNode node = take(field);
    if (node == null) {
      return otherwise;
    }
    if (!node.isBoolean()) {
      error(field, "must be true or false");
      return otherwise;
    }
    return node.booleanValue();
  }

  <E extends Enum<E>> E choice(String field, Class<E> choices, E otherwise) {
    JsonNode node = take(field);
    if (node == null) {
      return otherwise;
    }
    List<String> names = new ArrayList<>();
    for (E choice : choices.getEnumConstants()) {
      names.add(Wire.name(choice));
      if (node.isTextual() && Wire.name(choice).equals(node.textValue())) {
        return choice;
      }
    }
    error(field, "must be one of " + String.join(", ", names));
    return otherwise;
  }

  /**
   * A list of names without a repetition, or null if it is not there.
   *
   * @param read returns what a name stands for, or null if there is no such name
   */
  <T> @Nullable Set<T> names(String field, int countMax, Function<String, @Nullable T> read) {
    JsonNode node = take(field);
    if (node == null) {
      return null;
    }
    Set<T> names = new LinkedHashSet<>();
    boolean isFit = node.isArray() && node.size() <= countMax;
    if (isFit) {
      for (JsonNode element : node) {
        T name = element.isTextual() ? read.apply(element.textValue()) : null;
        isFit &= name != null && names.add(name);
      }
    }
    if (!isFit) {
      error(field, "must be a list of at most " + countMax + " known names, each once");
    }
    return names;
  }

  /** An object within this one; an absent one has no fields. */
  JsonBody object(String field) {
    JsonNode node = take(field);
    if (node != null && !node.isObject()) {
      error(field, "must be an object");
    }
    JsonNode inner = node != null && node.isObject() ? node : MAPPER.createObjectNode();
    JsonBody child = new JsonBody(inner, path + "/" + field, errors);
    children.add(child);
    return child;
  }

  /** A list of objects; an absent one is empty. */
  List<JsonBody> objects(String field, int countMax) {
    JsonNode node = take(field);
    List<JsonBody> bodies = new ArrayList<>();
    if (node == null) {
      return bodies;
    }
    if (!node.isArray() || node.size() > countMax) {
      error(field, "must be a list of at most " + countMax + " objects");
      return bodies;
    }
    for (int i = 0; i < node.size(); i++) {
      JsonNode inner = node.get(i);
      if (!inner.isObject()) {
        error(field, "must be a list of objects");
      }
      bodies.add(
          new JsonBody(
              inner.isObject() ? inner : MAPPER.createObjectNode(),
              path + "/" + field + "/" + i,
              errors));
    }
    children.addAll(bodies);
    return bodies;
  }

  /** A list of numbers from 0 to {@code max}; an absent one is empty. */
  List<Double> numbers(String field, int countMax, double max) {
    JsonNode node = take(field);
    List<Double> numbers = new ArrayList<>();
    if (node == null) {
      return numbers;
    }
    boolean isFit = node.isArray() && node.size() <= countMax;
    for (JsonNode element : node) {
      double number = element.isNumber() ? element.doubleValue() : -1;
      isFit &= number >= 0 && number <= max;
      numbers.add(number);
    }
    if (!isFit) {
      error(field, "must be a list of at most %d numbers from 0 to %.0f".formatted(countMax, max));
      return List.of();
    }
    return numbers;
  }

  /** An object of any content as JSON text, or null if it is not there. */
  @Nullable String objectText(String field) {
    JsonNode node = take(field);
    if (node == null) {
      return null;
    }
    if (!node.isObject()) {
      error(field, "must be an object");
    }
    return node.toString();
  }

  boolean has(String field) {
    return object.has(field);
  }

  boolean isEmpty() {
    return object.isEmpty();
  }

  /** Ends the request if anything was wrong. */
  void finish() {
    gatherUnknown();
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors).exception();
    }
  }

  private void gatherUnknown() {
    for (var entry : object.properties()) {
      if (!known.contains(entry.getKey())) {
        error(entry.getKey(), "is not a known field");
      }
    }
    children.forEach(JsonBody::gatherUnknown);
  }

  private @Nullable String text(String field, int lengthMax, Predicate<String> isFit) {
    JsonNode node = take(field);
    if (node == null) {
      return null;
    }
    String text = node.isTextual() ? node.textValue() : "";
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > lengthMax || !isFit.test(text) || hasLoneSurrogate(text)) {
      error(field, "must be text of 1 to " + lengthMax + " characters without control characters");
      return null;
    }
    return text;
  }

  private static boolean isPlain(String text, int lengthMax) {
    return text.codePointCount(0, text.length()) <= lengthMax
        && text.chars().noneMatch(Character::isISOControl)
        && !hasLoneSurrogate(text);
  }

  private static boolean hasLoneSurrogate(String text) {
    return text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  private @Nullable JsonNode take(String field) {
    known.add(field);
    return object.get(field);
  }

  /** Says what is wrong with a field that the caller has judged. */
  void error(String field, String detail) {
    // Pointers are echoed; what a client sends as a name is not to blow up the answer.
    String name = field.length() <= 64 ? field : field.substring(0, 64);
    errors.add(new FieldError(path + "/" + name.replace("~", "~0").replace("/", "~1"), detail));
  }
}
