package dev.parley.session.rest;

import dev.parley.session.access.Quota;
import dev.parley.session.access.RateWindows;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;

/** Counts requests and refuses too many, saying how many are left (RateLimit header fields). */
final class Quotas {
  static final Quota CREATE = new Quota("create", 20, Duration.ofSeconds(1));
  static final Quota LIST = new Quota("list", 5, Duration.ofSeconds(1));
  static final Quota JOIN = new Quota("join", 100, Duration.ofSeconds(1));

  /** Of one identity: offers cost a media server work. */
  static final Quota OFFER = new Quota("offer", 20, Duration.ofSeconds(10));

  /** Of one identity: a client that gathers candidates sends them as they come. */
  static final Quota SESSION = new Quota("session", 50, Duration.ofSeconds(10));

  /** Of one identity, or of a tenant's back end. */
  static final Quota REGIONS = new Quota("regions", 20, Duration.ofSeconds(10));

  /** Of one participant: everyone in the conference is told of each step. */
  static final Quota POSITION = new Quota("position", 4, Duration.ofSeconds(1));

  static final Quota TICKET = new Quota("ticket", 20, Duration.ofSeconds(10));

  /** Of one conference: everyone in it is told of each change. */
  static final Quota UPDATE = new Quota("update", 20, Duration.ofSeconds(10));

  /** Of one tenant: each costs a media server work, and disk. */
  static final Quota RECORDING = new Quota("recording", 10, Duration.ofSeconds(10));

  /** Of one participant: everyone in the conference is told of each change. */
  static final Quota CONSENT = new Quota("consent", 10, Duration.ofSeconds(10));

  /** Each is an attempt at the tenant's own endpoint, made while the request waits. */
  static final Quota REPLAY = new Quota("replay", 10, Duration.ofSeconds(1));

  /** Of one address: nothing else tells the callers apart. */
  static final Quota OPEN_ROOM = new Quota("open-room", 60, Duration.ofSeconds(10));

  private final RateWindows windows;

  Quotas(RateWindows windows) {
    this.windows = windows;
  }

  /** Counts one request of a subject, or ends it. */
  void take(Context context, Quota quota, String subject) {
    RateWindows.Decision decision = windows.take(subject, quota);
    String policy =
        "\"%s\";q=%d;w=%d".formatted(quota.name(), quota.limit(), quota.window().toSeconds());
    String left =
        "\"%s\";r=%d;t=%d".formatted(quota.name(), decision.remaining(), decision.resetSec());
    context.header("RateLimit-Policy", policy).header("RateLimit", left);
    if (!decision.isAllowed()) {
      throw exceeded(quota, decision).exception();
    }
  }

  static Problem exceeded(Quota quota, RateWindows.Decision decision) {
    return new Problem(
            429,
            "quota-exceeded",
            "Too many requests",
            "More than %d %s requests in %d s; wait as Retry-After says."
                .formatted(quota.limit(), quota.name(), quota.window().toSeconds()))
        .with("violated-policies", List.of(quota.name()))
        .withHeader("Retry-After", Integer.toString(Math.max(1, decision.resetSec())));
  }
}
