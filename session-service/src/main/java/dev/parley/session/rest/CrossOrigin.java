package dev.parley.session.rest;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * Lets pages of any origin use the signalling addresses, as WHIP and WHEP demand (Fetch, CORS).
 * That gives nothing away: who calls is told by the bearer token alone, which no browser adds by
 * itself.
 */
final class CrossOrigin {
  private static final String SEEN =
      "ETag, Link, Location, RateLimit, RateLimit-Policy, Request-Id, Retry-After";
  private static final String DAY_SEC = "86400";

  private CrossOrigin() {}

  /** Opens a path to all origins: every answer says so, and OPTIONS what may be sent. */
  static void open(RoutesConfig routes, String path, String methods, String type) {
    routes.before(
        path,
        context ->
            context
                .header("Access-Control-Allow-Origin", "*")
                .header("Access-Control-Expose-Headers", SEEN));
    String accept = methods.contains("POST") ? "Accept-Post" : "Accept-Patch";
    routes.options(path, context -> options(context.header(accept, type), methods));
  }

  private static void options(Context context, String methods) {
    context
        .status(200)
        .header("Allow", methods)
        .header("Access-Control-Allow-Methods", methods)
        .header("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match")
        .header("Access-Control-Max-Age", DAY_SEC);
  }
}
