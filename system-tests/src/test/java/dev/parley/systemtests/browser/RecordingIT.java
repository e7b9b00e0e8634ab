package dev.parley.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.systemtests.show.ParleyUp;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** At the page who leads a call has it recorded, and everybody sees it. */
@Timeout(120)
class RecordingIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void everybodySeesThatTheCallIsRecorded() throws Exception {
    Path data = folder.resolve("data");
    try (ParleyUp parley = ParleyUp.start(ROOT, data);
        BrowserDriver driver = BrowserDriver.start(ROOT)) {
      Invitations invitations = new Invitations(parley, data, "{}");
      Path tone = ToneFile.write(folder, 700);
      Page host = invitations.accept(driver.chromium(tone), "Ana", "host");
      Page guest = invitations.accept(driver.chromium(tone), "Ben", "speaker");
      host.await("document.querySelectorAll('#roster > li').length === 2", PATIENCE);
      guest.await("document.querySelectorAll('#roster > li').length === 2", PATIENCE);
      guest.await("document.getElementById('recorded').hidden", PATIENCE);
      assertThat(guest.evaluate("return document.getElementById('record').hidden").asBoolean())
          .isTrue();

      host.click("#record");
      guest.await("!document.getElementById('recorded').hidden", PATIENCE);
      guest.await(
          "document.getElementById('announcer').textContent.includes('is being recorded')",
          PATIENCE);
      host.await("!document.getElementById('pause-recording').hidden", PATIENCE);
      Page late = invitations.accept(driver.chromium(tone), "Cleo", "speaker");
      late.await("!document.getElementById('recorded').hidden", PATIENCE);

      host.click("#pause-recording");
      guest.await(
          "document.getElementById('recorded-words').textContent === 'Recording paused'", PATIENCE);
      host.click("#pause-recording");
      guest.await("document.getElementById('recorded-words').textContent === 'Recorded'", PATIENCE);

      host.click("#record");
      guest.await("document.getElementById('recorded').hidden", PATIENCE);
      guest.await(
          "document.getElementById('announcer').textContent.includes('not recorded any more')",
          PATIENCE);
      host.click("#open-files");
      host.await("document.querySelectorAll('#recording-list > li').length === 1", PATIENCE);
      host.await(
          "document.querySelector('#recording-list > li').dataset.state === 'available'", PATIENCE);
      host.click("#recording-list button");
      host.await("document.querySelector('#recording-list audio') !== null", PATIENCE);
      host.evaluate("document.querySelector('#recording-list audio').preload = 'auto'");
      host.await("document.querySelector('#recording-list audio').duration > 1", PATIENCE);
      whatWasRecordedIsSeen(host);
      assertThat(host.log().toString()).doesNotContain("Content Security Policy");
    }
  }

  @Test
  void whereConsentIsRequiredEachIsAskedAndIsRecordedWhenTheyAgree() throws Exception {
    Path data = folder.resolve("data");
    try (ParleyUp parley = ParleyUp.start(ROOT, data);
        BrowserDriver driver = BrowserDriver.start(ROOT)) {
      Invitations invitations =
          new Invitations(
              parley, data, "{\"recording\":{\"announce\":\"tone\",\"consent\":\"required\"}}");
      Path tone = ToneFile.write(folder, 700);
      Page host = invitations.accept(driver.chromium(tone), "Ana", "host");
      Page guest = invitations.accept(driver.chromium(tone), "Ben", "speaker");
      host.await("document.querySelectorAll('#roster > li').length === 2", PATIENCE);
      guest.await("document.querySelectorAll('#roster > li').length === 2", PATIENCE);
      guest.evaluate(
          """
          window.tones = 0;
          const Real = AudioContext;
          window.AudioContext = class extends Real {
            constructor() {
              super();
              window.tones += 1;
            }
          };
          """);

      host.click("#record");
      guest.await("!document.getElementById('recording-consent').hidden", PATIENCE);
      guest.await(
          "document.getElementById('announcer').textContent.includes('unless you agree')",
          PATIENCE);
      guest.await("window.tones === 1", PATIENCE);
      guest.await("document.querySelectorAll('.is-speaking').length > 0", PATIENCE);
      for (Page page : new Page[] {guest, host}) {
        page.click("#recording-consent");
        page.await("document.getElementById('recording-consent').ariaPressed === 'true'", PATIENCE);
      }
      host.await("document.querySelectorAll('.is-speaking').length === 2", PATIENCE);
      host.click("#record");
      host.click("#open-files");
      host.await(
          "document.querySelector('#recording-list > li')?.dataset.state === 'available'",
          PATIENCE);
      host.click("#recording-list button");
      host.await("document.querySelectorAll('.waveform .gap').length > 0", PATIENCE);
      host.await("document.querySelectorAll('.speaker-name').length > 0", PATIENCE);
    }
  }

  /** Who has it played sees how loud it is and who speaks when, and finds any place by the keys. */
  private static void whatWasRecordedIsSeen(Page host) throws Exception {
    host.await("document.activeElement.matches('#recording-list [role=slider]')", PATIENCE);
    assertThat(
            host.evaluate(
                    "return [...document.querySelectorAll('.speaker-name')]"
                        + ".map((name) => name.textContent)")
                .toString())
        .contains("Ana", "Ben");
    assertThat(
            host.evaluate(
                    "return document.querySelector('.waveform .bars').getAttribute('d').length")
                .asInt())
        .isGreaterThan(1_000);
    assertThat(host.evaluate("return document.querySelectorAll('.waveform .pause').length").asInt())
        .isEqualTo(1);
    host.press("End");
    host.await(
        "document.querySelector('#recording-list [role=slider]').ariaValueNow"
            + " >= document.querySelector('#recording-list [role=slider]').ariaValueMax - 1",
        PATIENCE);
    host.press("Home");
    host.await("document.querySelector('#recording-list audio').currentTime === 0", PATIENCE);
    host.press("Enter");
    host.await("document.querySelector('#recording-list audio').currentTime > 0.5", PATIENCE);
    host.await("document.querySelector('.player-now').textContent.includes('Ana')", PATIENCE);
  }
}
