package dev.parley.session.rest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Serves openapi.yaml, as it is, as JSON and as a page. Immutable. */
final class DescriptionRoutes {
  private final String yaml;
  private final String json;
  private final String page;

  DescriptionRoutes() {
    yaml = resource("/openapi.yaml");
    ObjectNode tree =
        new JsonMapper().valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml));
    json = tree.toString();
    page = DescriptionPage.render(tree);
  }

  void register(RoutesConfig routes) {
    routes.get("/v1/openapi.yaml", context -> context.contentType("application/yaml").result(yaml));
    routes.get("/v1/openapi.json", context -> context.contentType(Wire.JSON).result(json));
    routes.get(
        "/docs",
        context ->
            context
                .header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
                .html(page));
  }

  private static String resource(String path) {
    try (InputStream stream = DescriptionRoutes.class.getResourceAsStream(path)) {
      if (stream == null) {
        throw new IllegalStateException("the build left out " + path);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
