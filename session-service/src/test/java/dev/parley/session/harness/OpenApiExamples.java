package dev.parley.session.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testsupport.OpenApiContract;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The examples that openapi.yaml shows. */
public final class OpenApiExamples {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

  /** Where a value stands that is no description of anything. */
  private static final Set<String> VALUES =
      Set.of("example", "examples", "default", "enum", "const");

  private final OpenApiContract contract;
  private final List<Request> requests = new ArrayList<>();

  public OpenApiExamples(OpenApiContract contract) {
    this.contract = contract;
    for (Map.Entry<String, JsonNode> path : contract.document().path("paths").properties()) {
      for (Map.Entry<String, JsonNode> entry : path.getValue().properties()) {
        if (METHODS.contains(entry.getKey())) {
          addRequests(entry.getKey(), path.getKey(), entry.getValue());
        }
      }
    }
  }

  /**
   * A request that is shown.
   *
   * @param path with names in braces, and with the query that is shown
   * @param needsToken true if a server key will not do
   * @param contentType null if there is no body
   */
  public record Request(
      String name,
      String method,
      String path,
      boolean needsToken,
      @Nullable String contentType,
      @Nullable String body) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Returns all requests that are shown, in the order of the document. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Fails unless every example fits its schema; returns how many there are. */
  public int check() {
    return check("", contract.document());
  }

  private int check(String place, JsonNode node) {
    int count = 0;
    JsonNode schema = node.path("schema");
    if (schema.isObject()) {
      for (JsonNode example : examples(node)) {
        check(place, schema, example);
        count++;
      }
    } else if (node.path("examples").isArray()) {
      for (JsonNode example : node.path("examples")) {
        check(place, node, example);
        count++;
      }
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!VALUES.contains(entry.getKey())) {
        count += check(place + "/" + entry.getKey(), entry.getValue());
      }
    }
    return count;
  }

  private void check(String place, JsonNode schema, JsonNode example) {
    assertThat(contract.schema(schema).validate(example))
        .as("the example at %s: %s", place, example)
        .isEmpty();
  }

  private void addRequests(String method, String path, JsonNode operation) {
    String name = operation.path("operationId").asText();
    String query = query(operation);
    JsonNode security = operation.path("security");
    boolean needsToken = !security.isEmpty() && security.findValue("serverKey") == null;
    String verb = method.toUpperCase(Locale.ROOT);
    for (var content : operation.at("/requestBody/content").properties()) {
      List<JsonNode> examples = examples(content.getValue());
      for (JsonNode example : examples) {
        String body = example.isTextual() ? example.textValue() : example.toString();
        String numbered = examples.size() == 1 ? name : name + " " + (requests.size() + 1);
        requests.add(new Request(numbered, verb, path + query, needsToken, content.getKey(), body));
      }
    }
    if (!query.isEmpty() && !operation.has("requestBody")) {
      requests.add(new Request(name, verb, path + query, needsToken, null, null));
    }
  }

  private String query(JsonNode operation) {
    StringBuilder query = new StringBuilder();
    for (JsonNode one : operation.path("parameters")) {
      JsonNode parameter = contract.resolve(one);
      if (parameter.path("in").asText().equals("query") && parameter.has("example")) {
        query
            .append(query.isEmpty() ? '?' : '&')
            .append(parameter.path("name").asText())
            .append('=')
            .append(URLEncoder.encode(parameter.path("example").asText(), StandardCharsets.UTF_8));
      }
    }
    return query.toString();
  }

  /** The examples beside a schema, in either of the ways that OpenAPI has. */
  private static List<JsonNode> examples(JsonNode node) {
    List<JsonNode> examples = new ArrayList<>();
    if (node.has("example")) {
      examples.add(node.path("example"));
    }
    if (node.path("examples").isObject()) {
      node.path("examples").forEach(example -> examples.add(example.path("value")));
    }
    return examples;
  }
}
