package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.access.Scope;
import dev.parley.session.conference.RetentionRule;
import dev.parley.session.library.TenantRetention;
import dev.parley.session.library.TenantRetentions;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/** For how long what a tenant has is kept, where nothing nearer says so. Thread-safe. */
final class RetentionRoutes {
  private static final String PATH = "/v1/retention";

  private final TenantRetentions retentions;
  private final Gate gate;
  private final Quotas quotas;

  RetentionRoutes(TenantRetentions retentions, Gate gate, Quotas quotas) {
    this.retentions = retentions;
    this.gate = gate;
    this.quotas = quotas;
  }

  void register(RoutesConfig routes) {
    routes.get(PATH, this::read);
    routes.put(PATH, this::put);
    routes.delete(PATH, this::remove);
  }

  private void read(Context context) {
    answer(context, found(gate.backend(context, Scope.LIBRARY).tenant()));
  }

  private void put(Context context) {
    String tenant = gate.backend(context, Scope.ADMIN).tenant();
    quotas.take(context, Quotas.CREATE, tenant);
    JsonBody body = Bodies.json(context);
    RetentionRule rule = RetentionFields.read(body, "days", RetentionRule.NONE);
    boolean saysSomething = body.has("days");
    body.finish();
    if (!saysSomething) {
      throw Problem.invalid("/days", "is missing").exception();
    }
    switch (retentions.put(tenant, rule, expectedVersion(context, tenant))) {
      case TenantRetentions.Change.Done done -> {
        context.status(done.isNew() ? 201 : 200);
        if (done.isNew()) {
          context.header("Location", PATH);
        }
        answer(context, done.retention());
      }
      case TenantRetentions.Change.VersionMissing(long current) ->
          throw new Problem(
                  428,
                  "if-match-missing",
                  "Which version?",
                  "There is one already; read it, then send If-Match with its ETag, \""
                      + current
                      + "\" now.")
              .exception();
      case TenantRetentions.Change.VersionMismatch(long current) ->
          throw new Problem(
                  412,
                  "version-mismatch",
                  "Changed meanwhile",
                  current == 0
                      ? "There is none now; leave out If-Match to make it."
                      : "The version is now \"" + current + "\"; read it again, then decide.")
              .exception();
    }
  }

  private void remove(Context context) {
    String tenant = gate.backend(context, Scope.ADMIN).tenant();
    if (!retentions.remove(tenant)) {
      throw notFound();
    }
    context.status(204);
  }

  /** {@code *} means the version of now, which must be there. */
  private @Nullable Long expectedVersion(Context context, String tenant) {
    String header = context.header("If-Match");
    return header != null && header.strip().equals("*")
        ? Long.valueOf(found(tenant).revision())
        : Queries.expectedVersion(context);
  }

  private TenantRetention found(String tenant) {
    TenantRetention retention = retentions.find(tenant);
    if (retention == null) {
      throw notFound();
    }
    return retention;
  }

  private static void answer(Context context, TenantRetention retention) {
    context.header("ETag", Wire.etag(retention.revision()));
    ObjectNode node = Wire.object();
    RetentionFields.write(node.putObject("days"), retention.rule());
    node.put("applied", retention.walk() == null);
    Wire.put(node, "updatedAt", retention.updatedAt());
    node.put("version", retention.revision());
    Responses.json(context, node);
  }

  private static ProblemException notFound() {
    return Problem.notFound("retention of your own").exception();
  }
}
