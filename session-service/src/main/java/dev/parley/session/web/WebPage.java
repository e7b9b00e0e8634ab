package dev.parley.session.web;

import io.javalin.config.JavalinConfig;
import io.javalin.http.staticfiles.Location;
import java.util.Map;
import java.util.Set;

/**
 * Serves the files of the class path's {@code web} folder at {@code /}. The page loads nothing from
 * elsewhere but what people share, and cannot be framed, so that no other site can have a visitor
 * press its buttons.
 */
public final class WebPage {
  private static final String FOLDER = "/web";

  /** A header of hundreds of names would be sent with each file. */
  private static final int ORIGINS_MAX = 20;

  private WebPage() {}

  /**
   * Adds the files to a server that is being made.
   *
   * @param stores origins of the object stores, to and from which the page moves files
   */
  public static void register(JavalinConfig config, Set<String> stores) {
    config.staticFiles.add(files -> {
      files.hostedPath = "/";
      files.directory = FOLDER;
      files.location = Location.CLASSPATH;
      files.headers =
          Map.of(
              // Asked again each time, and told "unchanged" by its ETag.
              "Cache-Control", "no-cache",
              "Content-Security-Policy", contentSecurityPolicy(stores),
              "Permissions-Policy", "microphone=(self), camera=()",
              "Referrer-Policy", "no-referrer",
              "X-Content-Type-Options", "nosniff");
    });
  }

  private static String contentSecurityPolicy(Set<String> stores) {
    String elsewhere = stores.size() > ORIGINS_MAX ? " https:" : "";
    if (!stores.isEmpty() && stores.size() <= ORIGINS_MAX) {
      elsewhere = " " + String.join(" ", stores);
    }
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
        + elsewhere
        + "; connect-src 'self'"
        + elsewhere
        + "; media-src 'self' blob:"
        + elsewhere
        + "; manifest-src 'self'; base-uri 'none'; form-action 'none';"
        + " frame-ancestors 'none'";
  }
}
