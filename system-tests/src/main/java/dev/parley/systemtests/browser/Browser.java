package dev.parley.systemtests.browser;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

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

  /** Ends the browser. */
  public void quit() throws IOException {
    ObjectNode given = JsonNodeFactory.instance.objectNode();
    given.put("browser", handle);
    driver.call("quit", given);
  }
}
