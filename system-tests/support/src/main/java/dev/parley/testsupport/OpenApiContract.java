package dev.parley.testsupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/**
 * openapi.yaml, which the session service has on the class path, as a judge: an answer with a
 * status, header, content type or field that it does not describe is an error. Stricter than
 * clients should be, for they must bear new fields.
 */
public final class OpenApiContract {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int FIRST_PROBLEM = 400;
  private static final int TOO_MANY = 429;

  /** Ids of operations that any service of this process has answered as asked. */
  private static final Set<String> SUCCEEDED = ConcurrentHashMap.newKeySet();

  private final ObjectNode document;
  private final JsonSchemaFactory factory =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private final SchemaValidatorsConfig config =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
  private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

  public OpenApiContract() {
    try (InputStream stream =
        Objects.requireNonNull(
            OpenApiContract.class.getResourceAsStream("/openapi.yaml"), "openapi.yaml")) {
      document = MAPPER.valueToTree(new Yaml().load(stream));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    document.at("/components/schemas").forEach(OpenApiContract::close);
  }

  /** Fails unless the operation and its answer are as described. */
  public void check(String method, String path, int status, HttpHeaders headers, String body) {
    String template = template(path);
    String verb = method.toLowerCase(Locale.ROOT);
    JsonNode operation = document.path("paths").path(template).path(verb);
    require(operation.isObject(), method + " " + template + " is not described");
    String operationId = operation.path("operationId").asText();
    JsonNode response = resolve(operation.path("responses").path(Integer.toString(status)));
    require(
        response.isObject(), operationId + " may not answer " + status + "; the body was " + body);
    checkHeaders(operationId + " " + status, response.path("headers"), headers);
    checkQuota(operationId + " " + status, response.path("headers"), headers, status);
    checkBody(operationId + " " + status, response.path("content"), headers, body);
    if (status < FIRST_PROBLEM) {
      SUCCEEDED.add(operationId);
    }
  }

  /** Returns the ids of the operations that some test of this process has seen succeed. */
  public static Set<String> succeeded() {
    return Set.copyOf(SUCCEEDED);
  }

  /** Returns the ids of all operations. */
  public Set<String> operationIds() {
    Set<String> ids = new HashSet<>();
    document
        .path("paths")
        .forEach(path ->
            path.forEach(operation -> {
              if (operation.has("operationId")) {
                ids.add(operation.path("operationId").asText());
              }
            }));
    return ids;
  }

  private String template(String path) {
    String bare = path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
    if (document.path("paths").has(bare)) {
      return bare;
    }
    for (Map.Entry<String, JsonNode> entry : document.path("paths").properties()) {
      String pattern = entry.getKey().replaceAll("\\{[a-z]+}", "[^/]+");
      if (Pattern.matches(pattern, bare)) {
        return entry.getKey();
      }
    }
    throw new AssertionError("no path of openapi.yaml matches " + bare);
  }

  private void checkHeaders(String what, JsonNode described, HttpHeaders headers) {
    for (Map.Entry<String, JsonNode> entry : described.properties()) {
      JsonNode header = resolve(entry.getValue());
      String value = headers.firstValue(entry.getKey()).orElse(null);
      if (value == null) {
        boolean isMissing = header.path("required").asBoolean();
        require(!isMissing, what + " has no header " + entry.getKey());
      } else {
        JsonSchema schema = factory.getSchema(header.path("schema"), config);
        Set<ValidationMessage> faults = schema.validate(MAPPER.getNodeFactory().textNode(value));
        require(
            faults.isEmpty(), what + ": header " + entry.getKey() + ": " + value + ": " + faults);
      }
    }
  }

  /** Whoever is limited is told how far, and openapi.yaml says so of what is done and of 429. */
  private static void checkQuota(String what, JsonNode described, HttpHeaders headers, int status) {
    if (status < FIRST_PROBLEM || status == TOO_MANY) {
      for (String name : List.of("RateLimit", "RateLimit-Policy")) {
        boolean isFine = described.has(name) || headers.firstValue(name).isEmpty();
        require(isFine, what + " does not describe " + name);
      }
    }
  }

  private void checkBody(String what, JsonNode content, HttpHeaders headers, String body) {
    if (content.isMissingNode()) {
      require(body.isEmpty(), what + " has no body, and here is " + body);
      return;
    }
    String contentType = headers.firstValue("Content-Type").orElse("none");
    String type = contentType.split(";", 2)[0];
    require(content.has(type), what + " may not have the type " + type);
    if (!type.endsWith("json")) {
      return;
    }
    try {
      JsonNode tree = MAPPER.readTree(body);
      JsonSchema schema = schema(content.path(type).path("schema"));
      Set<ValidationMessage> faults = schema.validate(tree);
      require(faults.isEmpty(), what + ": " + faults + ": " + body);
    } catch (JsonProcessingException e) {
      throw new AssertionError(what + " is not JSON: " + body, e);
    }
  }

  /** All of openapi.yaml. */
  public JsonNode document() {
    return document;
  }

  /** Returns what judges values of a schema that stands in the document. */
  public JsonSchema schema(JsonNode node) {
    return schemas.computeIfAbsent(
        node.toString(),
        _ -> {
          // References point into the whole document, so the schema is given all of it.
          ObjectNode root = MAPPER.createObjectNode();
          root.setAll((ObjectNode) node);
          root.set("components", document.path("components"));
          return factory.getSchema(root, config);
        });
  }

  /** Returns what a reference leads to, or the node itself. */
  public JsonNode resolve(JsonNode node) {
    @Nullable JsonNode reference = node.get("$ref");
    return reference == null ? node : document.at(reference.asText().substring(1));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  /** Forbids fields that are not described. */
  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object && object.path("properties").isObject()) {
      object.put("additionalProperties", false);
    }
    schema.forEach(OpenApiContract::close);
  }
}
