package dev.parley.session.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Renders an OpenAPI document as one HTML page without scripts. */
final class DescriptionPage {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Parley API</title>
      <style>
      body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
      code, .path { font-family: ui-monospace, monospace; }
      h2 { margin-top: 2.5rem; } h3 { margin-bottom: .2rem; }
      .method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
      table { border-collapse: collapse; width: 100%; }
      td, th { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #8884; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; }
      @media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd; } a { color: #8cf; } }
      </style>
      """;

  private DescriptionPage() {}

  static String render(JsonNode document) {
    StringBuilder html = new StringBuilder(HEAD);
    html.append("<h1>").append(text(document.at("/info/title"))).append(" API</h1>\n<p>");
    html.append("As <a href=\"/v1/openapi.yaml\">OpenAPI 3.1</a>, also in ");
    html.append("<a href=\"/v1/openapi.json\">JSON</a>.</p>\n");
    html.append("<pre>").append(text(document.at("/info/description"))).append("</pre>\n");
    for (JsonNode tag : document.path("tags")) {
      html.append("<h2>").append(text(tag.path("name"))).append("</h2>\n<p>");
      html.append(text(tag.path("description"))).append("</p>\n");
      operations(html, document, tag.path("name").asText());
    }
    html.append("<h2>schemas</h2>\n");
    for (Map.Entry<String, JsonNode> schema : document.at("/components/schemas").properties()) {
      html.append("<h3 id=\"").append(escape(schema.getKey())).append("\">");
      html.append(escape(schema.getKey())).append("</h3>\n<pre>");
      html.append(escape(schema.getValue().toPrettyString())).append("</pre>\n");
    }
    return html.append("</html>\n").toString();
  }

  private static void operations(StringBuilder html, JsonNode document, String tag) {
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> entry : path.getValue().properties()) {
        JsonNode operation = entry.getValue();
        if (METHODS.contains(entry.getKey())
            && operation.path("tags").path(0).asText().equals(tag)) {
          html.append("<h3><span class=\"method\">");
          html.append(entry.getKey().toUpperCase(Locale.ROOT))
              .append("</span> <span class=\"path\">");
          html.append(escape(path.getKey())).append("</span></h3>\n<p><b>");
          html.append(text(operation.path("summary"))).append(".</b></p>\n");
          operation(html, document, operation);
        }
      }
    }
  }

  private static void operation(StringBuilder html, JsonNode document, JsonNode operation) {
    if (operation.has("description")) {
      html.append("<p>").append(text(operation.path("description"))).append("</p>\n");
    }
    for (Map.Entry<String, JsonNode> body : operation.at("/requestBody/content").properties()) {
      html.append("<p>Body: <code>").append(escape(body.getKey())).append("</code> ");
      html.append(schema(body.getValue())).append("</p>\n");
    }
    html.append("<table><tr><th>status<th>meaning<th>body</tr>\n");
    for (Map.Entry<String, JsonNode> response : operation.path("responses").properties()) {
      JsonNode answer = resolve(document, response.getValue());
      html.append("<tr><td>").append(escape(response.getKey()));
      html.append("<td>").append(text(answer.path("description"))).append("<td>");
      for (Map.Entry<String, JsonNode> content : answer.path("content").properties()) {
        html.append(schema(content.getValue()));
      }
      html.append("</tr>\n");
    }
    html.append("</table>\n");
  }

  private static JsonNode resolve(JsonNode document, JsonNode node) {
    String reference = node.path("$ref").asText();
    return reference.isEmpty() ? node : document.at(reference.substring(1));
  }

  private static String schema(JsonNode content) {
    String reference = content.at("/schema/$ref").asText();
    String name = escape(reference.substring(reference.lastIndexOf('/') + 1));
    return name.isEmpty() ? "" : "<a href=\"#" + name + "\">" + name + "</a>";
  }

  private static String text(JsonNode node) {
    return escape(node.asText());
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
