package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.token.RsaKeySet;
import dev.parley.session.access.Scope;
import dev.parley.session.access.TokenIssuer;
import dev.parley.session.access.TokenIssuers;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Those who sign a tenant's join tokens offline. Thread-safe. */
final class TokenIssuerRoutes {
  private static final int NAME_LENGTH_MAX = 80;
  private static final int URL_LENGTH_MAX = 1_024;

  private final TokenIssuers issuers;
  private final Gate gate;
  private final Quotas quotas;

  TokenIssuerRoutes(TokenIssuers issuers, Gate gate, Quotas quotas) {
    this.issuers = issuers;
    this.gate = gate;
    this.quotas = quotas;
  }

  void register(RoutesConfig routes) {
    routes.post("/v1/token-issuers", this::create);
    routes.get("/v1/token-issuers", this::list);
    routes.get("/v1/token-issuers/{i}", this::read);
    routes.delete("/v1/token-issuers/{i}", this::remove);
  }

  /** What a tenant may choose; the algorithm decides where the keys are. */
  private enum Algorithm {
    HS256,
    RS256
  }

  private void create(Context context) {
    String tenant = gate.backend(context, Scope.ADMIN).tenant();
    quotas.take(context, Quotas.CREATE, tenant);
    JsonBody body = Bodies.json(context);
    String name = body.text("name", NAME_LENGTH_MAX);
    String algorithm = body.requiredText("algorithm", 5);
    String url = body.text("jwksUrl", URL_LENGTH_MAX);
    String jwks = body.objectText("jwks");
    body.finish();
    requireKeysFor(algorithm, url, jwks);
    TokenIssuers.Wish wish =
        new TokenIssuers.Wish(
            tenant,
            name,
            url == null ? null : url(url),
            jwks,
            Queries.idempotencyKey(context),
            Queries.hash(algorithm + "\n" + name + "\n" + url + "\n" + jwks));
    switch (issuers.register(wish)) {
      case TokenIssuers.Registered.Done done -> answer(context, done);
      case TokenIssuers.Registered.UrlRefused refused ->
          throw Problem.invalid("/jwksUrl", refused.fault()).exception();
      case TokenIssuers.Registered.KeyReused _ -> throw Refusals.keyReused().exception();
      case TokenIssuers.Registered.TooMany _ ->
          throw new Problem(
                  409,
                  "too-many-issuers",
                  "Conflict",
                  "You have all of your "
                      + TokenIssuers.ISSUERS_MAX
                      + " token issuers; delete one first.")
              .exception();
    }
  }

  private void answer(Context context, TokenIssuers.Registered.Done done) {
    TokenIssuer issuer = done.issuer();
    if (done.isReplayed()) {
      context.header("Idempotency-Replayed", "true");
    }
    ObjectNode answer = view(issuer);
    if (issuer.hasSecret()) {
      answer.put("secret", issuers.secretOf(issuer));
    }
    context.status(201).header("Location", "/v1/token-issuers/" + issuer.id());
    Responses.secret(context, answer);
  }

  private void list(Context context) {
    String tenant = gate.backend(context, Scope.ADMIN).tenant();
    quotas.take(context, Quotas.LIST, tenant);
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    issuers.list(tenant).forEach(issuer -> data.add(view(issuer)));
    Responses.json(context, answer);
  }

  private void read(Context context) {
    String tenant = gate.backend(context, Scope.ADMIN).tenant();
    TokenIssuer issuer = issuers.find(tenant, context.pathParam("i"));
    if (issuer == null) {
      throw Problem.notFound("token issuer").exception();
    }
    Responses.json(context, view(issuer));
  }

  private void remove(Context context) {
    String tenant = gate.backend(context, Scope.ADMIN).tenant();
    if (!issuers.remove(tenant, context.pathParam("i"))) {
      throw Problem.notFound("token issuer").exception();
    }
    context.status(204);
  }

  private static void requireKeysFor(
      String algorithm, @Nullable String url, @Nullable String jwks) {
    if (algorithm.equals(Algorithm.HS256.name())) {
      if (url != null || jwks != null) {
        throw Problem.invalid(
                "/algorithm", "HS256 has a secret of ours; leave jwksUrl and jwks out")
            .exception();
      }
    } else if (!algorithm.equals(Algorithm.RS256.name())) {
      throw Problem.invalid("/algorithm", "must be HS256 or RS256").exception();
    } else if ((url == null) == (jwks == null)) {
      throw Problem.invalid("/algorithm", "RS256 needs jwksUrl or jwks, one of them").exception();
    }
    if (jwks != null) {
      try {
        RsaKeySet _ = RsaKeySet.parse(jwks);
      } catch (IllegalArgumentException e) {
        throw Problem.invalid("/jwks", String.valueOf(e.getMessage())).exception();
      }
    }
  }

  private static URI url(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw Problem.invalid("/jwksUrl", "must be a URL").exception();
    }
  }

  /** The secret is not shown. */
  private static ObjectNode view(TokenIssuer issuer) {
    ObjectNode node = Wire.object();
    node.put("id", issuer.id());
    Wire.put(node, "name", issuer.name());
    node.put("algorithm", (issuer.hasSecret() ? Algorithm.HS256 : Algorithm.RS256).name());
    if (issuer.jwksUrl() != null) {
      node.put("jwksUrl", issuer.jwksUrl().toString());
    }
    if (issuer.jwks() != null) {
      node.set("jwks", Wire.parse(issuer.jwks()));
    }
    Wire.put(node, "createdAt", issuer.createdAt());
    return node;
  }
}
