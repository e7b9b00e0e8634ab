package dev.parley.systemtests.show.talk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.systemtests.browser.Browser;
import dev.parley.systemtests.browser.Page;
import java.io.IOException;
import java.time.Duration;

/** A person at Parley's own page: types, clicks, and is listened to from outside the page. */
public final class Caller {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Page page;
  private final String name;

  private Caller(Page page, String name) {
    this.page = page;
    this.name = name;
  }

  /**
   * Opens the page and chooses, in its settings, unprocessed sound (noise suppression takes a tone
   * for noise) and how to listen.
   */
  public static Caller open(Browser browser, String url, String name, Listening listening)
      throws IOException {
    Page page = browser.open(url);
    page.click("#lobby [data-opens-settings]");
    page.select("#processing", "original");
    page.click("#settings input[value='" + listening.value() + "']");
    page.click("#settings button[value='close']");
    return new Caller(page, name);
  }

  /** Joins a room and waits until media is connected. */
  public void join(String room) throws IOException {
    page.fill("#name", name);
    page.fill("#room", room);
    page.click("#join");
    page.await(
        "parleyProbe.connections.some((one) => one.connectionState === 'connected')", PATIENCE);
  }

  /** Waits until the page lists so many people. */
  public void awaitRoster(int people) throws IOException {
    page.await("document.querySelectorAll('#roster > li').length === " + people, PATIENCE);
  }

  /** Waits until the page shows somebody as speaking. */
  void awaitSpeaking(String who) throws IOException {
    String speakers = "[...document.querySelectorAll('#roster > li.is-speaking .person-name')]";
    String expression = speakers + ".some((one) => one.textContent === '%s')";
    page.await(expression.formatted(who), PATIENCE);
  }

  /** Where the button to leave is, in pixels from the left and from the top. */
  Point leaveButtonAt() throws IOException {
    JsonNode box =
        page.evaluate("return document.getElementById('leave').getBoundingClientRect().toJSON()");
    return new Point(box.path("x").asDouble(), box.path("y").asDouble());
  }

  void leave() throws IOException {
    page.click("#leave");
    page.await("!document.getElementById('lobby').hidden", PATIENCE);
  }

  void close() throws IOException {
    page.close();
  }

  /** What the page plays. */
  public Hearing hearRemote(int... frequenciesHz) throws IOException {
    return hear("remote", frequenciesHz);
  }

  Hearing hearLocal(int... frequenciesHz) throws IOException {
    return hear("local", frequenciesHz);
  }

  /** When the button to join was clicked, milliseconds since 1970. */
  double joinClickMs() throws IOException {
    return page.evaluate("return parleyProbe.clicks.join ?? null").asDouble(Double.NaN);
  }

  /** Sums of getStats over the open connections. */
  JsonNode stats() throws IOException {
    return page.evaluate("return parleyProbe.stats()");
  }

  /** The tab itself. */
  public Page page() {
    return page;
  }

  String name() {
    return name;
  }

  private Hearing hear(String side, int... frequenciesHz) throws IOException {
    ObjectNode given = JsonNodeFactory.instance.objectNode().put("side", side);
    ArrayNode frequencies = given.putArray("frequencies");
    for (int frequencyHz : frequenciesHz) {
      frequencies.add(frequencyHz);
    }
    JsonNode heard = page.evaluate("return parleyProbe.hear(given.side, given.frequencies)", given);
    if (!heard.path("trouble").isEmpty()) {
      throw new IOException(name + "'s page cannot be listened to: " + heard.path("trouble"));
    }
    return Hearing.parse(heard);
  }

  /** A place in the page. */
  record Point(double x, double y) {
    double distanceTo(Point other) {
      return Math.hypot(x - other.x, y - other.y);
    }
  }

  /** How a caller hears the others, as the page's settings name it. */
  public enum Listening {
    FORWARD,
    MIX;

    private String value() {
      return this == FORWARD ? "forward" : "mix";
    }
  }
}
