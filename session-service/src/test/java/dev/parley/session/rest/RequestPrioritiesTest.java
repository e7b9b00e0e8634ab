package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.capacity.Priority;
import dev.parley.testsupport.OpenApiContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RequestPrioritiesTest {
  private static final List<String> METHODS =
      List.of("get", "head", "post", "patch", "put", "delete");

  @Test
  void everyOperationOfTheApiHasOneAndMayBeRefusedForIt() {
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path :
        new OpenApiContract().document().path("paths").properties()) {
      for (String verb : METHODS) {
        JsonNode operation = path.getValue().path(verb);
        String method = verb.toUpperCase(Locale.ROOT);
        String template = path.getKey();
        if (operation.isObject() && template.startsWith("/v1/")) {
          if (!RequestPriorities.names(method, template)) {
            missing.add(method + " " + template + " is not in RequestPriorities");
          }
          boolean mayWait = RequestPriorities.of(method, template) != Priority.P0;
          if (mayWait && !operation.path("responses").has("503")) {
            missing.add(method + " " + template + " has no 503 in openapi.yaml");
          }
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void whatNobodyKnowsIsInTheMiddleAndTheOperatorComesFirst() {
    assertThat(RequestPriorities.of("GET", "/v1/conferences/{c}/moods")).isEqualTo(Priority.P1);
    assertThat(RequestPriorities.ofAdmin("POST", "/admin/servers/{s}/drain"))
        .isEqualTo(Priority.P0);
    assertThat(RequestPriorities.ofAdmin("GET", "/admin/audit")).isEqualTo(Priority.P2);
  }
}
