package dev.parley.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.systemtests.show.ParleyUp;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** People who wait for a host to let them in, on the page. */
@Timeout(120)
class LobbyIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  @Test
  void guestWaitsAndTheHostLetsThemIn() throws Exception {
    Path data = folder.resolve("data");
    try (ParleyUp parley = ParleyUp.start(ROOT, data);
        BrowserDriver driver = BrowserDriver.start(ROOT)) {
      Invitations invitations = new Invitations(parley, data, "{\"lobby\":true}");
      Path tone = ToneFile.write(folder, 700);

      Page host = invitations.accept(driver.chromium(tone), "Ana", "host");
      host.await("!document.getElementById('call').hidden", PATIENCE);
      host.await("!document.getElementById('lobby-toggle').hidden", PATIENCE);
      Page guest = invitations.accept(driver.chromium(tone), "Ben", "speaker");
      guest.await("!document.getElementById('waiting-room').hidden", PATIENCE);
      assertThat(guest.evaluate("return document.getElementById('call').hidden").asBoolean())
          .isTrue();
      guest.await(
          "document.getElementById('waiting-words').textContent.includes('host')", PATIENCE);
      host.await("document.querySelector('#waiting-list .admit')", PATIENCE);
      assertThat(
              host.evaluate("return document.getElementById('waiting-list').textContent").asText())
          .contains("Ben");

      host.click("#waiting-list .admit");
      guest.await("!document.getElementById('call').hidden", PATIENCE);
      host.await("document.querySelectorAll('#roster > li').length === 2", PATIENCE);
      guest.await("document.querySelectorAll('#roster > li').length === 2", PATIENCE);
      host.await("document.getElementById('waiting').hidden", PATIENCE);
      guest.await("document.querySelector('#roster .is-speaking')", PATIENCE);

      Page other = invitations.accept(driver.chromium(tone), "Eve", "speaker");
      host.await("document.querySelector('#waiting-list .refuse')", PATIENCE);
      host.click("#waiting-list .refuse");
      other.await("!document.getElementById('notice').hidden", PATIENCE);
      assertThat(other.evaluate("return document.getElementById('notice').textContent").asText())
          .contains("has not let you in");

      Page third = invitations.accept(driver.chromium(tone), "Flo", "speaker");
      third.await("!document.getElementById('waiting-room').hidden", PATIENCE);
      host.click("#lobby-toggle");
      third.await("!document.getElementById('call').hidden", PATIENCE);
      host.await("document.querySelectorAll('#roster > li').length === 3", PATIENCE);
    }
  }
}
