package dev.parley.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.systemtests.show.ParleyUp;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** People at the page share files and photos, which never pass the session service. */
@Timeout(120)
class FilesIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int FILE_BYTES = 3 << 20;

  /** The page, its list of files and those links together; a file's bytes would be far beyond. */
  private static final long SESSION_BYTES_MAX = 64 << 10;

  private static final Pattern BYTES = Pattern.compile("bytes_(?:sent|received):(\\d+)");

  @TempDir Path folder;

  @Test
  void photosAndFilesGoStraightFromOneToTheOthers() throws Exception {
    try (ParleyUp parley = ParleyUp.start(ROOT, folder.resolve("data"));
        BrowserDriver driver = BrowserDriver.start(ROOT)) {
      Path tone = ToneFile.write(folder, 700);
      Path photo = PhotoFile.write(folder.resolve("garden.png"));
      Path file = file(folder.resolve("minutes.bin"));
      Path downloads = Files.createDirectory(folder.resolve("downloads"));
      Browser bens = driver.chromium(tone);
      bens.keepDownloads(downloads);
      Page ana = join(driver.chromium(tone), parley, "Ana");
      Page ben = join(bens, parley, "Ben");
      long before = sessionBytes(parley);

      ana.click("#open-files");
      ana.choose("#file-input", photo, file);

      ana.await("document.querySelectorAll('#file-list > .file').length === 2", PATIENCE);
      ben.await("document.getElementById('files-unread').textContent === '2'", PATIENCE);
      ben.click("#open-files");
      ben.await("document.querySelector('.file-picture img')?.naturalWidth === 320", PATIENCE);
      ben.click("[aria-label='Download minutes.bin']");
      awaitContent(downloads.resolve("minutes.bin"), file);
      ben.click("[aria-label='Download garden.png']");
      awaitContent(downloads.resolve("garden.png"), photo);
      long passed = sessionBytes(parley) - before;
      System.out.println("through the session service: " + passed + " bytes");
      assertThat(passed).isPositive().isLessThan(SESSION_BYTES_MAX);
      assertThat(ben.evaluate("return document.querySelector(\"[aria-label^='Erase']\")").isNull())
          .isTrue();

      ana.click("[aria-label='Erase minutes.bin for everyone']");
      ben.await("document.querySelectorAll('#file-list > .file').length === 1", PATIENCE);

      Page carol = join(bens, parley, "Carol");
      carol.click("#open-files");
      carol.await("document.querySelector('.file-picture img')?.naturalWidth === 320", PATIENCE);
      carol.await("document.getElementById('files-unread').hidden", PATIENCE);
      assertThat(carol.log().toString()).doesNotContain("Content Security Policy");
    }
  }

  /** As people do, with the policy that the service gives its page. */
  private static Page join(Browser browser, ParleyUp parley, String name) throws Exception {
    Page page = browser.openStrictly(parley.url());
    page.fill("#name", name);
    page.fill("#room", "files");
    page.click("#join");
    page.await("!document.getElementById('call').hidden", PATIENCE);
    page.await("document.querySelectorAll('#roster > li').length > 0", PATIENCE);
    return page;
  }

  /** What has gone over the service's open connections, as the kernel counts it. */
  private static long sessionBytes(ParleyUp parley) throws IOException, InterruptedException {
    String port = Integer.toString(URI.create(parley.url()).getPort());
    Process ss = new ProcessBuilder("ss", "-tinH", "sport", "=", ":" + port).start();
    String told = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(ss.waitFor()).isZero();
    long bytes = 0;
    for (Matcher each = BYTES.matcher(told); each.find(); ) {
      bytes += Long.parseLong(each.group(1));
    }
    return bytes;
  }

  private static void awaitContent(Path downloaded, Path original) throws IOException {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(downloaded) || Files.mismatch(downloaded, original) >= 0) {
      assertThat(System.nanoTime()).as("no %s came", downloaded).isLessThan(deadlineNs);
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static Path file(Path path) throws IOException {
    byte[] bytes = new byte[FILE_BYTES];
    new Random(2).nextBytes(bytes);
    return Files.write(path, bytes);
  }
}
