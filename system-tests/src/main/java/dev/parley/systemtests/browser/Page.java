package dev.parley.systemtests.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One tab of a browser, used as a person would: elements are found by CSS selector and awaited. */
public final class Page {
  /** What it tells its user to be wrong. */
  private static final String ALERTS =
      "return [...document.querySelectorAll('[role=alert]')].map((one) => one.innerText)";

  /** Kept by probe.js. */
  private static final String STORY =
      "return [Math.round(performance.now()) + ' ms: now', ...(parleyProbe?.story ?? [])]";

  private final BrowserDriver driver;
  private final int handle;

  Page(BrowserDriver driver, int handle) {
    this.driver = driver;
    this.handle = handle;
  }

  /** Runs the body of an async function in the page. */
  public JsonNode evaluate(String script) throws IOException {
    return evaluate(script, null);
  }

  /**
   * Runs the body of an async function in the page.
   *
   * @param given what the script sees as {@code given}
   */
  public JsonNode evaluate(String script, @Nullable JsonNode given) throws IOException {
    ObjectNode command = command();
    command.put("script", script);
    command.set("given", given);
    return driver.call("evaluate", command);
  }

  /** Waits in the page until an expression is true; says which one never was. */
  public void await(String expression, Duration atMost) throws IOException {
    String script =
        """
        const deadline = performance.now() + %d;
        while (!(%s)) {
          if (performance.now() > deadline) return false;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return true;
        """
            .formatted(atMost.toMillis(), expression);
    if (!evaluate(script).asBoolean()) {
      throw new IOException(
          "after "
              + atMost.toMillis()
              + " ms not true: "
              + expression
              + "; the page shows: "
              + evaluate(ALERTS)
              + ", and wrote: "
              + log()
              + ", and did: "
              + story());
    }
  }

  /**
   * What the page asked for since it was opened, and what came of it, for when it does not go on.
   */
  public JsonNode story() throws IOException {
    return evaluate(STORY);
  }

  public void fill(String selector, String text) throws IOException {
    driver.call("fill", command().put("selector", selector).put("text", text));
  }

  public void click(String selector) throws IOException {
    driver.call("click", command().put("selector", selector));
  }

  public void select(String selector, String value) throws IOException {
    driver.call("select", command().put("selector", selector).put("value", value));
  }

  /** Chooses files in an input for them, which may be hidden. */
  public void choose(String selector, Path... files) throws IOException {
    ObjectNode command = command().put("selector", selector);
    ArrayNode paths = command.putArray("paths");
    for (Path file : files) {
      paths.add(file.toString());
    }
    driver.call("choose", command);
  }

  public void press(String key) throws IOException {
    driver.call("press", command().put("key", key));
  }

  public void screenshot(Path path) throws IOException {
    driver.call("screenshot", command().put("path", path.toString()));
  }

  /** What the page wrote to its console, and its uncaught errors. */
  public JsonNode log() throws IOException {
    return driver.call("log", command()).path("lines");
  }

  public void close() throws IOException {
    driver.call("close", command());
  }

  private ObjectNode command() {
    return JsonNodeFactory.instance.objectNode().put("page", handle);
  }
}
