package dev.parley.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.systemtests.show.ParleyUp;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** At the page people find the conversations that they had, by all of their tags. */
@Timeout(120)
class ConversationsIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String FOUND = "document.querySelectorAll('#past-list > li').length === ";
  private static final String TITLES =
      "[...document.querySelectorAll('#past-list summary strong')].map((t) => t.textContent).join()";

  @TempDir Path folder;

  @Test
  void whatOneTookPartInIsFoundByAllOfItsTags() throws Exception {
    Path data = folder.resolve("data");
    try (ParleyUp parley = ParleyUp.start(ROOT, data);
        BrowserDriver driver = BrowserDriver.start(ROOT)) {
      Browser browser = driver.chromium(ToneFile.write(folder, 700));
      Invitations first = new Invitations(parley, data, "{}");
      Page other = join(first, browser);
      first.end();
      first.label("{\"title\":\"Offer\",\"tags\":{\"project\":\"x\"}}");
      other.await("!document.getElementById('lobby').hidden", PATIENCE);
      other.close();
      Invitations second = new Invitations(parley, data, "{}");
      Page ana = join(second, browser);
      ana.click("#record");
      ana.await("!document.getElementById('pause-recording').hidden", PATIENCE);
      ana.evaluate("globalThis.recordedSince = performance.now()");
      ana.click("#open-files");
      ana.choose("#file-input", PhotoFile.write(folder.resolve("garden.png")));
      ana.await("document.querySelectorAll('#file-list > .file').length === 1", PATIENCE);
      ana.await("performance.now() - globalThis.recordedSince > 1000", PATIENCE);
      ana.click("#record");
      ana.await(
          "document.querySelector('#recording-list > li')?.dataset.state === 'available'",
          PATIENCE);
      String token = second.token("Ana");
      second.end();
      second.label("{\"title\":\"With Ben\",\"tags\":{\"project\":\"x\",\"team\":\"north\"}}");
      ana.await("!document.getElementById('lobby').hidden", PATIENCE);
      first.awaitListed(token);
      second.awaitListed(token);

      ana.click("#lobby [data-opens-past]");
      ana.await(TITLES + " === 'With Ben,Offer'", PATIENCE);
      ana.await("document.activeElement.id === 'past-tag'", PATIENCE);
      search(ana, "project:x");
      ana.await(FOUND + 2, PATIENCE);
      search(ana, "team:north");
      ana.await(TITLES + " === 'With Ben'", PATIENCE);
      ana.await(
          "document.getElementById('past-found').textContent === 'One conversation.'", PATIENCE);
      whatIsLeftCanBeHeardAndSaved(ana);

      search(ana, "team:south");
      ana.await(
          "document.getElementById('past-found').textContent.includes('has all of these')",
          PATIENCE);
      ana.click("[aria-label='Search without team:south']");
      ana.await(FOUND + 2, PATIENCE);
      ana.click("[aria-label='Search for team:north, too']");
      ana.await(TITLES + " === 'With Ben'", PATIENCE);
      search(ana, "nonsense");
      ana.await("!document.getElementById('past-error').hidden", PATIENCE);
      ana.await("document.getElementById('past-tag').ariaInvalid === 'true'", PATIENCE);
      ana.press("Escape");
      ana.await("!document.getElementById('past').open", PATIENCE);
      assertThat(ana.log().toString()).doesNotContain("Content Security Policy");
    }
  }

  private static Page join(Invitations invitations, Browser browser) throws Exception {
    Page page = invitations.acceptStrictly(browser, "Ana", "host");
    page.await("document.querySelectorAll('#roster > li').length === 1", PATIENCE);
    page.await("document.getElementById('quality').dataset.rating !== 'unknown'", PATIENCE);
    return page;
  }

  private static void search(Page page, String tag) throws Exception {
    page.fill("#past-tag", tag);
    page.click("#past-search button[type=submit]");
  }

  private static void whatIsLeftCanBeHeardAndSaved(Page page) throws Exception {
    page.click("#past-list summary");
    page.await("document.querySelectorAll('.past-content a').length === 2", PATIENCE);
    page.evaluate("document.querySelector('.past-content audio').preload = 'auto'");
    page.await("document.querySelector('.past-content audio').duration > 0.5", PATIENCE);
    assertThat(
            page.evaluate(
                    "return [...document.querySelectorAll('.past-content a')]"
                        + ".map((link) => link.textContent).join()")
                .asText())
        .isEqualTo("Download recording,Download garden.png");
    String url =
        page.evaluate("return document.querySelector('.past-content a:not([download$=opus])').href")
            .asText();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> saved =
          http.send(
              HttpRequest.newBuilder(URI.create(url)).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(saved.statusCode()).isEqualTo(200);
    }
  }
}
