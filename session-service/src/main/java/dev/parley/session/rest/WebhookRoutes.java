package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.access.Caller;
import dev.parley.session.access.Scope;
import dev.parley.session.conference.NoticeType;
import dev.parley.session.webhook.Delivery;
import dev.parley.session.webhook.Endpoint;
import dev.parley.session.webhook.WebhookStore;
import dev.parley.session.webhook.Webhooks;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Webhook endpoints, their secrets, and what was sent to them. Thread-safe. */
final class WebhookRoutes {
  private static final int URL_LENGTH_MAX = 1_024;
  private static final int DESCRIPTION_LENGTH_MAX = 250;
  private static final int PAGE_DEFAULT = 50;
  private static final int PAGE_MAX = 200;

  private final Webhooks webhooks;
  private final Gate gate;
  private final Quotas quotas;
  private final Cursors cursors;

  WebhookRoutes(Webhooks webhooks, Gate gate, Quotas quotas, Cursors cursors) {
    this.webhooks = webhooks;
    this.gate = gate;
    this.quotas = quotas;
    this.cursors = cursors;
  }

  void register(RoutesConfig routes) {
    routes.post("/v1/webhook-endpoints", this::create);
    routes.get("/v1/webhook-endpoints", this::list);
    routes.get("/v1/webhook-endpoints/{e}", this::read);
    routes.patch("/v1/webhook-endpoints/{e}", this::change);
    routes.delete("/v1/webhook-endpoints/{e}", this::remove);
    routes.post("/v1/webhook-endpoints/{e}/secret", this::rotate);
    routes.get("/v1/webhook-endpoints/{e}/deliveries", this::deliveries);
    routes.post("/v1/webhook-endpoints/{e}/deliveries/{d}/replay", this::replay);
  }

  private void create(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.WEBHOOKS);
    quotas.take(context, Quotas.CREATE, backend.tenant());
    JsonBody body = Bodies.json(context);
    String url = body.requiredText("url", URL_LENGTH_MAX);
    String description = body.text("description", DESCRIPTION_LENGTH_MAX);
    Set<NoticeType> types = types(body);
    body.finish();
    Endpoint.Target target =
        new Endpoint.Target(url(url), description, types == null ? Set.of() : types);
    Webhooks.Made made =
        Refusals.done(
            webhooks.create(
                new Webhooks.Wish(
                    backend.tenant(), target, Queries.idempotencyKey(context), hash(target))));
    Endpoint endpoint = made.endpoint();
    if (made.isReplayed()) {
      context.header("Idempotency-Replayed", "true");
    }
    ObjectNode answer = Views.endpoint(endpoint);
    if (endpoint.version() == 1) {
      // Also if it is answered again, as long as nothing has become of it since.
      answer.put("secret", endpoint.secret().text());
    }
    context
        .status(201)
        .header("Location", "/v1/webhook-endpoints/" + endpoint.id())
        .header("ETag", Wire.etag(endpoint.version()));
    Responses.secret(context, answer);
  }

  private void list(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.WEBHOOKS);
    quotas.take(context, Quotas.LIST, backend.tenant());
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    webhooks.list(backend.tenant()).forEach(endpoint -> data.add(Views.endpoint(endpoint)));
    Responses.json(context, answer);
  }

  private void read(Context context) {
    answer(context, endpoint(context));
  }

  private void change(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.WEBHOOKS);
    JsonBody body = Bodies.json(context);
    String url = body.text("url", URL_LENGTH_MAX);
    String description = body.text("description", DESCRIPTION_LENGTH_MAX);
    Set<NoticeType> types = types(body);
    boolean isSwitched = body.has("enabled");
    boolean isEnabled = body.flag("enabled", true);
    body.finish();
    URI target = url == null ? null : url(url);
    Endpoint changed =
        Refusals.done(
            webhooks.change(
                backend.tenant(),
                context.pathParam("e"),
                endpoint -> {
                  Endpoint.Target before = endpoint.target();
                  Endpoint next =
                      endpoint.withTarget(
                          new Endpoint.Target(
                              target == null ? before.url() : target,
                              description == null ? before.description() : description,
                              types == null ? before.types() : types));
                  return isSwitched ? next.switched(isEnabled) : next;
                },
                Queries.expectedVersion(context)));
    answer(context, changed);
  }

  private void remove(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.WEBHOOKS);
    Endpoint _ = Refusals.done(webhooks.remove(backend.tenant(), context.pathParam("e")));
    context.status(204);
  }

  private void rotate(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.WEBHOOKS);
    quotas.take(context, Quotas.CREATE, backend.tenant());
    Endpoint endpoint = Refusals.done(webhooks.rotate(backend.tenant(), context.pathParam("e")));
    ObjectNode answer = Views.endpoint(endpoint);
    answer.put("secret", endpoint.secret().text());
    context.header("ETag", Wire.etag(endpoint.version()));
    Responses.secret(context, answer);
  }

  private void deliveries(Context context) {
    Endpoint endpoint = endpoint(context);
    quotas.take(context, Quotas.LIST, endpoint.tenant());
    int limit = Queries.integer(context, "limit", 1, PAGE_MAX, PAGE_DEFAULT);
    String filters = "deliveries " + endpoint.id();
    WebhookStore.Page page =
        webhooks.deliveries(endpoint, limit, cursors.position(context, filters));
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    page.deliveries().forEach(delivery -> data.add(Views.delivery(delivery)));
    if (page.next() != null) {
      String next = cursors.sign(page.next(), filters);
      answer.put("next", next);
      context.header("Link", Queries.nextLink(context, next));
    }
    Responses.json(context, answer);
  }

  private void replay(Context context) {
    Endpoint endpoint = endpoint(context);
    quotas.take(context, Quotas.REPLAY, endpoint.tenant());
    Delivery delivery = Refusals.done(webhooks.replay(endpoint, context.pathParam("d")));
    Responses.json(context, Views.delivery(delivery));
  }

  /** Returns the endpoint of the path, which is the caller's own. */
  private Endpoint endpoint(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.WEBHOOKS);
    Endpoint endpoint = webhooks.find(backend.tenant(), context.pathParam("e"));
    if (endpoint == null) {
      throw Problem.notFound("webhook endpoint").exception();
    }
    return endpoint;
  }

  private static void answer(Context context, Endpoint endpoint) {
    context.header("ETag", Wire.etag(endpoint.version()));
    Responses.json(context, Views.endpoint(endpoint));
  }

  private static @Nullable Set<NoticeType> types(JsonBody body) {
    return body.names("types", NoticeType.values().length, NoticeType::of);
  }

  private static URI url(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw Problem.invalid("/url", "must be a URL").exception();
    }
  }

  private static String hash(Endpoint.Target target) {
    // A set has no order of its own.
    return Queries.hash(
        target.url() + "\n" + target.description() + "\n" + new TreeSet<>(target.types()));
  }
}
