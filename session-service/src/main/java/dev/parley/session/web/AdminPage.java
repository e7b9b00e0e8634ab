package dev.parley.session.web;

import dev.parley.common.admin.AdminPart;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/**
 * The operator's page, at {@code /admin} of the admin port: it shows what the admin port tells, and
 * has buttons for what can be steered there. Loads nothing from elsewhere and cannot be framed.
 * Thread-safe.
 */
public final class AdminPage implements AdminPart {
  /** Where the page is mounted. */
  public static final String PATH = "/admin";

  /** Where the files are mounted that it loads. */
  public static final String FILES_PATH = "/admin/page/";

  private static final String FOLDER = "/admin-page/";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                  + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Referrer-Policy", "no-referrer",
          "X-Content-Type-Options", "nosniff");

  private final Map<String, Answer> files =
      Map.of(
          PATH,
          file("index.html", "text/html; charset=utf-8"),
          FILES_PATH + "admin.css",
          file("admin.css", "text/css; charset=utf-8"),
          FILES_PATH + "admin.js",
          file("admin.js", "text/javascript; charset=utf-8"));

  @Override
  public Answer answer(Request request) {
    Answer found = files.get(request.path());
    if (found == null) {
      return new Answer(404, TEXT, Map.of(), "not here; the page is " + PATH + "\n");
    }
    return request.method().equals("GET")
        ? found
        : new Answer(405, TEXT, Map.of("Allow", "GET"), "only GET\n");
  }

  private static Answer file(String name, String contentType) {
    try (InputStream stream = AdminPage.class.getResourceAsStream(FOLDER + name)) {
      byte[] bytes = Objects.requireNonNull(stream, name).readAllBytes();
      return new Answer(200, contentType, HEADERS, new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
