package dev.parley.systemtests.browser;

import dev.parley.systemtests.show.ParleyUp;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** People at the page write to each other. */
@Timeout(90)
class ChatIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final String SAID =
      "[...document.querySelectorAll('#chat-log > li:not(.is-waiting) > .said-text')]"
          + ".map((one) => one.textContent).join('|')";

  @TempDir Path folder;

  @Test
  void messagesReachThoseWhoAreHereAndThoseWhoComeLater() throws Exception {
    try (ParleyUp parley = ParleyUp.start(ROOT, folder.resolve("data"));
        BrowserDriver driver = BrowserDriver.start(ROOT)) {
      Path tone = ToneFile.write(folder, 700);
      // A tab behind another one cannot be clicked at.
      Browser bens = driver.chromium(tone);
      Page ana = join(driver.chromium(tone), parley, "Ana");
      Page ben = join(bens, parley, "Ben");

      ana.click("#open-chat");
      ana.fill("#chat-text", "Hello <b>Ben</b>");
      ana.press("Enter");
      ana.await(SAID + " === 'Hello <b>Ben</b>'", PATIENCE);
      ben.await("document.getElementById('chat-unread').textContent === '1'", PATIENCE);
      ben.click("#open-chat");
      ben.await("document.getElementById('chat-unread').hidden", PATIENCE);
      ben.await(SAID + " === 'Hello <b>Ben</b>'", PATIENCE);
      ben.fill("#chat-text", "Hello Ana");
      ben.click("#chat-form button");
      ana.await(SAID + " === 'Hello <b>Ben</b>|Hello Ana'", PATIENCE);
      ana.await("document.querySelectorAll('#chat-log > .is-own').length === 1", PATIENCE);

      Page carol = join(bens, parley, "Carol");
      carol.click("#open-chat");
      carol.await(SAID + " === 'Hello <b>Ben</b>|Hello Ana'", PATIENCE);
      carol.await("document.getElementById('chat-unread').hidden", PATIENCE);
    }
  }

  private static Page join(Browser browser, ParleyUp parley, String name) throws Exception {
    Page page = browser.open(parley.url());
    page.fill("#name", name);
    page.fill("#room", "chat");
    page.click("#join");
    page.await("!document.getElementById('call').hidden", PATIENCE);
    page.await("document.querySelectorAll('#roster > li').length > 0", PATIENCE);
    return page;
  }
}
