package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.token.JoinClaims;
import dev.parley.session.access.Scope;
import dev.parley.session.erasure.Erasure;
import dev.parley.session.erasure.Erasures;
import dev.parley.session.erasure.Findings;
import dev.parley.session.recording.RecordedPeople;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** Erasing a person, and the receipt of it. Thread-safe. */
final class ErasureRoutes {
  private final Erasures erasures;
  private final Gate gate;
  private final Quotas quotas;

  ErasureRoutes(Erasures erasures, Gate gate, Quotas quotas) {
    this.erasures = erasures;
    this.gate = gate;
    this.quotas = quotas;
  }

  /** What is to be done with recorded mixes that the person may be heard in. */
  private enum Mixes {
    KEEP,
    ERASE
  }

  void register(RoutesConfig routes) {
    routes.post("/v1/erasures", this::ask);
    routes.get("/v1/erasures/{e}", this::read);
  }

  private void ask(Context context) {
    String tenant = gate.backend(context, Scope.ADMIN).tenant();
    quotas.take(context, Quotas.CREATE, tenant);
    JsonBody body = Bodies.json(context);
    String subject = body.requiredText("subject", JoinClaims.IDENTITY_LENGTH_MAX);
    Mixes mixes = body.choice("mixes", Mixes.class, Mixes.KEEP);
    body.finish();
    Erasure.Wish wish = new Erasure.Wish(subject, mixes == Mixes.ERASE);
    Erasures.Asked asked =
        Refusals.done(erasures.ask(tenant, wish, Queries.idempotencyKey(context)));
    if (asked.isReplayed()) {
      context.header("Idempotency-Replayed", "true");
    }
    context.status(201).header("Location", "/v1/erasures/" + asked.erasure().id());
    Responses.json(context, view(asked.erasure()));
  }

  private void read(Context context) {
    String tenant = gate.backend(context, Scope.ADMIN).tenant();
    Erasure erasure = erasures.find(tenant, context.pathParam("e"));
    if (erasure == null) {
      throw Problem.notFound("erasure").exception();
    }
    Responses.json(context, view(erasure));
  }

  private static ObjectNode view(Erasure erasure) {
    ObjectNode node = Wire.object();
    node.put("id", erasure.id());
    node.put("state", erasure.isDone() ? "done" : "running");
    node.put("pseudonym", erasure.pseudonym());
    Wire.put(node, "requestedAt", erasure.requestedAt());
    if (erasure.finishedAt() != null) {
      Wire.put(node, "finishedAt", erasure.finishedAt());
    }
    node.put("interrupted", erasure.isInterrupted());
    Findings found = erasure.findings();
    node.putObject("conferences").put("searched", found.searched()).put("found", found.found());
    ArrayNode erased = node.putArray("erased");
    line(erased, "stays", "core", found.stays());
    line(erased, "bans", "core", found.bans());
    line(erased, "notices", "core", found.notices());
    line(erased, "messages", "library", found.messages());
    line(erased, "files", "library", found.files());
    line(erased, "recorded-tracks", "library", found.recorded().tracks());
    line(erased, "recorded-mixes", "library", found.recorded().mixes());
    line(erased, "channel-memberships", "library", found.filed().memberships());
    line(erased, "conversations", "library", found.filed().conversations());
    line(erased, "deliveries", "ops", found.deliveries());
    line(erased, "event-logs", "coordination", found.found());
    ArrayNode kept = node.putArray("kept");
    line(kept, "bans", "core", found.bansKept());
    line(kept, "identity-hashes", "core", found.hashesKept());
    line(kept, "recorded-tracks", "library", found.recorded().tracksKept());
    line(kept, "recorded-mixes", "library", found.recorded().mixesKept());
    line(kept, "delivered", "your-endpoints", found.delivered());
    ArrayNode mixes = node.putArray("mixes");
    for (RecordedPeople.Mix mix : erasure.mixes()) {
      ObjectNode each = mixes.addObject();
      each.put("recording", mix.recording().value());
      each.put("conference", mix.conference().value());
      Wire.put(each, "now", mix.fate());
    }
    return node;
  }

  private static void line(ArrayNode lines, String what, String where, long count) {
    lines.addObject().put("what", what).put("where", where).put("count", count);
  }
}
