package dev.parley.systemtests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.systemtests.browser.BrowserDriver;
import dev.parley.systemtests.browser.Page;
import dev.parley.systemtests.browser.ToneFile;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The operator's page shows the media server and steers it. */
@Timeout(90)
class AdminPageIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String STATES =
      "[...document.querySelectorAll('.state')].map((one) => one.dataset.state).join()";

  @TempDir Path folder;

  @Test
  void operatorDrainsAServerAndIsolatesARegion() throws Exception {
    List<Integer> ports = LauncherIT.freePorts(4);
    Process up = LauncherIT.up(ports, folder.resolve("data"), Map.of());
    try (BufferedReader output = up.inputReader(StandardCharsets.UTF_8);
        BrowserDriver driver = BrowserDriver.start(ROOT)) {
      assertThat(output.readLine()).startsWith("Parley is up:");
      String url = "http://127.0.0.1:" + ports.get(2) + "/admin";
      Page page = driver.chromium(ToneFile.write(folder, 700)).open(url);

      page.await(STATES + " === 'open,live'", PATIENCE);
      page.click("#servers button");
      page.click("#confirm-yes");
      page.await(STATES + " === 'open,draining'", PATIENCE);
      page.click("#servers button");
      page.await(STATES + " === 'open,live'", PATIENCE);
      page.click("#regions button");
      page.click("#confirm-yes");
      page.await(STATES + " === 'isolated,live'", PATIENCE);
      page.click("#regions button");
      page.click("#confirm-yes");
      page.await(STATES + " === 'open,live'", PATIENCE);
      page.await("document.getElementById('trouble').hidden", PATIENCE);
    } finally {
      up.destroy();
      up.waitFor();
    }
  }
}
