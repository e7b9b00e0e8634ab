package dev.parley.session.web;

import io.javalin.config.JavalinConfig;
import io.javalin.http.staticfiles.Location;
import java.util.Map;

/**
 * Serves the files of the class path's {@code web} folder at {@code /}. The page loads nothing from
 * elsewhere and cannot be framed, so that no other site can have a visitor press its buttons.
 */
public final class WebPage {
  private static final String FOLDER = "/web";

  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  private WebPage() {}

  /** Adds the files to a server that is being made. */
  public static void register(JavalinConfig config) {
    config.staticFiles.add(files -> {
      files.hostedPath = "/";
      files.directory = FOLDER;
      files.location = Location.CLASSPATH;
      files.headers =
          Map.of(
              // Asked again each time, and told "unchanged" by its ETag.
              "Cache-Control", "no-cache",
              "Content-Security-Policy", CONTENT_SECURITY_POLICY,
              "Permissions-Policy", "microphone=(self), camera=()",
              "Referrer-Policy", "no-referrer",
              "X-Content-Type-Options", "nosniff");
    });
  }
}
