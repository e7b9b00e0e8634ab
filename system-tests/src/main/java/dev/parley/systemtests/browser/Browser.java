package dev.parley.systemtests.browser;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/** One running browser with a profile of its own. */
public final class Browser {
  private final BrowserDriver driver;
  private final int handle;
  private final String version;

  Browser(BrowserDriver driver, int handle, String version) {
    this.driver = driver;
    this.handle = handle;
    this.version = version;
  }

  /** Name and version as the browser gives them. */
  public String version() {
    return version;
  }

  /** Opens a tab on an address and waits until it has loaded. */
  public Page open(String url) throws IOException {
    ObjectNode given = JsonNodeFactory.instance.objectNode();
    given.put("browser", handle);
    given.put("url", url);
    return new Page(driver, driver.call("open", given).path("page").asInt());
  }

  /** Opens a tab that keeps to the page's own content security policy; nothing in it is probed. */
  public Page openStrictly(String url) throws IOException {
    ObjectNode given = JsonNodeFactory.instance.objectNode();
    given.put("browser", handle);
    given.put("url", url);
    given.put("strict", true);
    return new Page(driver, driver.call("open", given).path("page").asInt());
  }

  /** Has what is downloaded kept in a folder. */
  public void keepDownloads(Path folder) throws IOException {
    ObjectNode given = JsonNodeFactory.instance.objectNode();
    given.put("browser", handle);
    given.put("folder", folder.toString());
    driver.call("downloads", given);
  }

  /** Ends the browser. */
  public void quit() throws IOException {
    ObjectNode given = JsonNodeFactory.instance.objectNode();
    given.put("browser", handle);
    driver.call("quit", given);
  }
}
