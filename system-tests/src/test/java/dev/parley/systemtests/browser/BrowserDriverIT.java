package dev.parley.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrowserDriverIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final byte[] PAGE =
      "<!doctype html><title>here</title><button id='join'>Join</button>"
          .getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private HttpServer server;
  private String url;
  private BrowserDriver driver;

  @BeforeEach
  void startPageAndDriver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.getResponseHeaders().add("Content-Security-Policy", "default-src 'self'");
          exchange.sendResponseHeaders(200, PAGE.length);
          exchange.getResponseBody().write(PAGE);
          exchange.close();
        });
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    driver = BrowserDriver.start(ROOT);
  }

  @AfterEach
  void stopBoth() {
    driver.close();
    server.stop(0);
  }

  @Test
  void toneOfTheMicrophoneIsFoundAndNoOther() throws Exception {
    Page page = driver.chromium(ToneFile.write(folder, 700)).open(url);
    page.evaluate(
        "await navigator.mediaDevices.getUserMedia({audio: {echoCancellation: false,"
            + " noiseSuppression: false, autoGainControl: false}})");
    page.await("parleyProbe.ears.length === 1", Duration.ofSeconds(5));
    page.evaluate(
        "parleyProbe.onsets = []; while (parleyProbe.onsets.length < 3) {"
            + " parleyProbe.onsets.push(...(await parleyProbe.hear('local', [])).onsets);"
            + " await new Promise((resolve) => setTimeout(resolve, 100)); }");

    JsonNode heard =
        page.evaluate(
            "return parleyProbe.hear('local', given)",
            JsonNodeFactory.instance.arrayNode().add(700).add(1000));

    assertThat(heard.path("levels").get(0).asDouble()).isGreaterThan(-20);
    assertThat(heard.path("levels").get(1).asDouble()).isLessThan(-55);
    JsonNode onsets = page.evaluate("return parleyProbe.onsets");
    double intervalMs = onsets.get(2).asDouble() - onsets.get(1).asDouble();
    assertThat(intervalMs).as("onsets %s", onsets).isBetween(880.0, 1320.0);
  }

  @Test
  void clickIsTimedAndAnErrorOfThePageIsTold() throws Exception {
    Page page = driver.chromium(ToneFile.write(folder, 700)).open(url);
    double beforeMs = System.currentTimeMillis();

    page.click("#join");

    assertThat(page.evaluate("return parleyProbe.clicks.join").asDouble())
        .isBetween(beforeMs - 5, System.currentTimeMillis() + 5.0);
    assertThatThrownBy(() -> page.evaluate("throw new Error('broken on purpose')"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("broken on purpose");
  }

  @Test
  void elementThatMovedFromUnderTheClickIsClickedWhereItIsNow() throws Exception {
    Page page = driver.chromium(ToneFile.write(folder, 700)).open(url);
    page.evaluate(
        "const join = document.getElementById('join'); window.clicks = 0;"
            + " join.addEventListener('click', () => window.clicks++);"
            + " join.addEventListener('mousemove', () => (join.style.marginTop = '200px'),"
            + " {once: true});");

    page.click("#join");

    assertThat(page.evaluate("return window.clicks").asInt()).isEqualTo(1);
    page.evaluate("document.getElementById('join').disabled = true;");
    assertThatThrownBy(() -> page.click("#join"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not get the click");
  }

  @Test
  void firefoxOpensAPageWithTheProbeInIt() throws Exception {
    Page page = driver.firefox().open(url);

    assertThat(page.evaluate("return document.title").asText()).isEqualTo("here");
    assertThat(page.evaluate("return (await parleyProbe.stats()).state").asText())
        .isEqualTo("none");
  }
}
