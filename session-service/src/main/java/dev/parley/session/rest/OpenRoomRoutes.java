package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.token.Grants;
import dev.parley.common.token.JoinClaims;
import dev.parley.common.token.Role;
import dev.parley.session.access.ApiKey;
import dev.parley.session.access.JoinTokens;
import dev.parley.session.access.RandomText;
import dev.parley.session.conference.Answer;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.ConferenceOptions;
import dev.parley.session.conference.Conferences;
import dev.parley.session.conference.Refusal;
import dev.parley.session.placement.ResidencyPolicies;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rooms that anybody who reaches the service may enter, for trying it out on one's own machine. Not
 * registered unless the operator says so. Thread-safe.
 */
final class OpenRoomRoutes {
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final int CREATE_ATTEMPTS_MAX = 3;
  private static final int RETRY_KEY_SEC = 30;

  private final Conferences conferences;
  private final ResidencyPolicies policies;
  private final JoinTokens tokens;
  private final Supplier<@Nullable ApiKey> keys;
  private final Quotas quotas;
  private final boolean isLoopbackOnly;

  /**
   * Takes what it needs.
   *
   * @param keys gives a good key of the tenant in whose name rooms are made
   * @param isLoopbackOnly true if the service listens on loopback, and so must be addressed so
   */
  OpenRoomRoutes(
      Conferences conferences,
      ResidencyPolicies policies,
      JoinTokens tokens,
      Supplier<@Nullable ApiKey> keys,
      Quotas quotas,
      boolean isLoopbackOnly) {
    this.conferences = conferences;
    this.policies = policies;
    this.tokens = tokens;
    this.keys = keys;
    this.quotas = quotas;
    this.isLoopbackOnly = isLoopbackOnly;
  }

  void register(RoutesConfig routes) {
    routes.post("/v1/open-rooms/{alias}", this::enter);
  }

  private void enter(Context context) {
    refuseOtherOrigins(context);
    quotas.take(context, Quotas.OPEN_ROOM, context.req().getRemoteAddr());
    String alias = context.pathParam("alias");
    if (!ConferenceRoutes.isAlias(alias)) {
      throw Problem.notFound("room: an alias has 1 to 250 characters without '/', '?' or '#'")
          .exception();
    }
    JsonBody body = Bodies.json(context);
    String name = body.requiredText("name", JoinClaims.NAME_LENGTH_MAX);
    String wanted = body.text("identity", JoinClaims.IDENTITY_LENGTH_MAX);
    body.finish();
    String identity =
        wanted == null ? "guest-" + HexFormat.of().formatHex(RandomText.bytes(8)) : wanted;
    ApiKey key = keys.get();
    if (key == null) {
      throw Problem.unavailable(
              "no-server-key",
              "The tenant of open rooms has no server key; make one with ./parley keys.",
              RETRY_KEY_SEC)
          .exception();
    }
    Conference conference = room(key, alias);
    JoinTokens.Minted minted =
        tokens.mint(
            key,
            conference.id(),
            new JoinTokens.Bearer(identity, name, Role.SPEAKER, Grants.of(Role.SPEAKER)),
            JoinTokens.LIFETIME);
    ObjectNode answer = Wire.object();
    answer.set("conference", Views.conference(conference));
    answer.put("identity", identity);
    answer.put("token", minted.token());
    Wire.put(answer, "expiresAt", minted.expiresAt());
    answer.putArray("iceServers");
    Responses.secret(context, answer);
  }

  private Conference room(ApiKey key, String alias) {
    for (int attempt = 0; attempt < CREATE_ATTEMPTS_MAX; attempt++) {
      Conference open = conferences.findByAlias(key.tenant(), alias);
      if (open != null) {
        return open;
      }
      Answer<Conferences.Made> answer =
          conferences.create(
              new Conferences.Wish(
                  key.tenant(),
                  alias,
                  ConferenceOptions.DEFAULT.placed(
                      PlacementFields.anywhere().placement(policies, key.tenant(), null)),
                  null,
                  "open-room"));
      if (answer instanceof Answer.Done<Conferences.Made> done) {
        return done.value().conference();
      }
      if (answer instanceof Answer.Refused<Conferences.Made> refused
          && !(refused.refusal() instanceof Refusal.AliasTaken)) {
        throw Refusals.problem(refused.refusal()).exception();
      }
    }
    throw Problem.unavailable("busy", "The room is being made; try again.", 1).exception();
  }

  /**
   * Whoever can be made to open a web page can be made to send requests to their own machine. A
   * page of ours names our own origin; a page that had its name point at loopback is told by the
   * Host.
   */
  private void refuseOtherOrigins(Context context) {
    String host = context.header("Host");
    String origin = context.header("Origin");
    if (isLoopbackOnly && !LOOPBACK_NAMES.contains(hostName(host))) {
      throw Problem.forbidden(
              "origin-refused", "Open rooms answer to localhost only; use http://localhost.")
          .exception();
    }
    if (origin != null && !hostAndPort(origin).equals(host)) {
      throw Problem.forbidden("origin-refused", "Open rooms are for this service's own page.")
          .exception();
    }
  }

  private static String hostName(@Nullable String host) {
    if (host == null) {
      return "";
    }
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }

  private static String hostAndPort(String origin) {
    try {
      String authority = new URI(origin).getAuthority();
      return authority == null ? "" : authority;
    } catch (URISyntaxException e) {
      return "";
    }
  }
}
