package dev.parley.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.systemtests.show.ParleyUp;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** People who were invited with tokens of a back end, one of whom leads the call. */
@Timeout(120)
class ModerationIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void hostSteersTheCall() throws Exception {
    Path data = folder.resolve("data");
    try (ParleyUp parley = ParleyUp.start(ROOT, data);
        BrowserDriver driver = BrowserDriver.start(ROOT)) {
      Invitations invitations = new Invitations(parley, data, "{}");
      Path tone = ToneFile.write(folder, 700);

      Page host = join(driver.chromium(tone), invitations, "Ana", "host");
      Page guest = join(driver.chromium(tone), invitations, "Ben", "speaker");
      host.await("document.querySelectorAll('#roster > li').length === 2", PATIENCE);
      guest.await("document.querySelectorAll('#roster > li').length === 2", PATIENCE);
      assertThat(guest.evaluate("return document.getElementById('mute-others').hidden").asBoolean())
          .isTrue();

      guest.click("#hand");
      host.await("document.querySelector('#roster [aria-label=\"hand raised\"]')", PATIENCE);
      host.click(".person-steer:not([hidden])");
      host.click("#person-hand");
      guest.await(
          "document.getElementById('hand').getAttribute('aria-pressed') === 'false'", PATIENCE);

      host.await("!document.getElementById('person').open", PATIENCE);
      // The host sees how everybody sounds, others how they sound themselves.
      host.await(
          "document.querySelectorAll('#roster .person-quality[data-rating=\"good\"]').length === 2",
          PATIENCE);
      assertThat(
              host.evaluate("return document.querySelector('#roster .person-quality').ariaLabel")
                  .asText())
          .startsWith("Sounds good: score 4.");
      guest.await(
          "document.querySelectorAll('#roster .person-quality[data-rating=\"good\"]').length === 1",
          PATIENCE);
      lockIsShownToEverybodyAndKeepsOthersOut(host, guest, driver.chromium(tone), invitations);

      host.click("#mute-others");
      guest.await("document.getElementById('mute').classList.contains('is-muted')", PATIENCE);
      host.click(".person-steer:not([hidden])");
      host.click("#person-ask");
      guest.await(
          "document.getElementById('banner-text').textContent.includes('asks you')", PATIENCE);
      guest.click("#banner-action");
      guest.await("!document.getElementById('mute').classList.contains('is-muted')", PATIENCE);

      host.await("!document.getElementById('person').open", PATIENCE);
      host.click(".person-steer:not([hidden])");
      host.click("#person-ban");
      guest.await("!document.getElementById('lobby').hidden", PATIENCE);
      host.await("document.querySelectorAll('#roster > li').length === 1", PATIENCE);
      guest.click("#join");
      guest.await("!document.getElementById('join-error').hidden", PATIENCE);
    }
  }

  private static void lockIsShownToEverybodyAndKeepsOthersOut(
      Page host, Page guest, Browser late, Invitations invitations) throws Exception {
    assertThat(guest.evaluate("return document.getElementById('lock').hidden").asBoolean())
        .isTrue();
    host.click("#lock");
    guest.await("!document.getElementById('locked').hidden", PATIENCE);
    host.await("document.getElementById('lock').getAttribute('aria-pressed') === 'true'", PATIENCE);
    Page outside = invitations.accept(late, "Cleo", "speaker");
    outside.await("!document.getElementById('join-error').hidden", PATIENCE);
    host.click("#lock");
    guest.await("document.getElementById('locked').hidden", PATIENCE);
    late.quit();
  }

  private static Page join(Browser browser, Invitations invitations, String name, String role)
      throws Exception {
    Page page = invitations.accept(browser, name, role);
    page.await("!document.getElementById('call').hidden", PATIENCE);
    return page;
  }
}
