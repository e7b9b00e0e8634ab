package dev.parley.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.systemtests.show.ParleyUp;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What two people recorded and shared they find, hear and see again when they come back. */
@Timeout(180)
class KeptCallIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PHOTO = "document.querySelector('.file-picture img')";
  private static final String AUDIO = "document.querySelector('#recording-list audio')";

  @TempDir Path folder;

  @Test
  void whatWasRecordedAndSharedIsThereAfterwards() throws Exception {
    Path data = folder.resolve("data");
    try (ParleyUp parley = ParleyUp.start(ROOT, data);
        BrowserDriver driver = BrowserDriver.start(ROOT)) {
      Path tone = ToneFile.write(folder, 700);
      Path photo = PhotoFile.write(folder.resolve("garden.png"));
      Browser anas = driver.chromium(tone);
      Browser bens = driver.chromium(tone);
      Invitations invitations = new Invitations(parley, data, "{\"emptyTimeoutSec\":300}");
      Page ana = invitations.accept(anas, "Ana", "host");
      Page ben = invitations.accept(bens, "Ben", "speaker");
      ana.await("document.querySelectorAll('#roster > li').length === 2", PATIENCE);

      ana.click("#record");
      ben.await("!document.getElementById('recorded').hidden", PATIENCE);
      ben.click("#open-files");
      ben.choose("#file-input", photo);
      ana.await("document.getElementById('files-unread').textContent === '1'", PATIENCE);
      ana.await("document.querySelectorAll('.is-speaking').length > 0", PATIENCE);
      ana.click("#record");
      ben.await(
          "document.querySelector('#recording-list > li')?.dataset.state === 'available'",
          PATIENCE);
      ana.click("#leave");
      ben.click("#leave");
      ana.await("document.getElementById('call').hidden", PATIENCE);
      ben.await("document.getElementById('call').hidden", PATIENCE);
      ana.close();
      ben.close();

      Page again = invitations.acceptStrictly(anas, "Ana", "host");
      again.await("!document.getElementById('call').hidden", PATIENCE);
      again.click("#open-files");
      again.await(PHOTO + "?.naturalWidth === 320", PATIENCE);
      again.await(
          "document.querySelector('#recording-list > li')?.dataset.state === 'available'",
          PATIENCE);
      again.click("#recording-list button");
      again.await("document.activeElement.matches('#recording-list [role=slider]')", PATIENCE);
      again.press("Enter");
      again.await(AUDIO + ".currentTime > 0.2", PATIENCE);
      assertThat(again.evaluate("return " + AUDIO + ".error").isNull()).isTrue();
      // Who has left is still called by name.
      assertThat(
              again
                  .evaluate(
                      "return [...document.querySelectorAll('.speaker-name')]"
                          + ".map((name) => name.textContent)")
                  .toString())
          .containsAnyOf("Ana", "Ben")
          .doesNotContain("Somebody");
      assertThat(again.log().toString()).doesNotContain("Content Security Policy");
      Page back = invitations.accept(bens, "Ben", "speaker");
      back.await("!document.getElementById('call').hidden", PATIENCE);
      back.click("#open-files");
      back.await(PHOTO + "?.naturalWidth === 320", PATIENCE);
      back.await("document.querySelectorAll('#recording-list > li').length === 1", PATIENCE);
    }
  }
}
