package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.conference.Ban;
import dev.parley.session.conference.Bans;
import dev.parley.session.conference.Moderation;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Set;

/** What moderators do to everybody, ask of somebody, and lift. Thread-safe. */
final class ModerationRoutes {
  private static final int EXCEPT_MAX = 200;

  private final Moderation moderation;
  private final Bans bans;
  private final Gate gate;

  ModerationRoutes(RestApi.People people, Gate gate) {
    this.moderation = people.moderation();
    this.bans = people.bans();
    this.gate = gate;
  }

  void register(RoutesConfig routes) {
    routes.post("/v1/conferences/{c}/mute", this::muteAll);
    routes.post("/v1/conferences/{c}/participants/{p}/unmute-request", this::requestUnmute);
    routes.get("/v1/conferences/{c}/bans", this::list);
    routes.delete("/v1/conferences/{c}/bans/{b}", this::lift);
  }

  private void muteAll(Context context) {
    Gate.Visit visit = moderated(context);
    Gate.requireOpen(visit.conference());
    JsonBody body = Bodies.json(context);
    Set<ParticipantId> except = body.names("except", EXCEPT_MAX, Gate::participantId);
    body.finish();
    Moderation.MutedAll result =
        moderation.muteAll(visit.conference().id(), except == null ? Set.of() : except);
    ObjectNode answer = Wire.object();
    answer.put("muted", result.mutedCount());
    ArrayNode unreached = answer.putArray("unreached");
    result.unreached().forEach(id -> unreached.add(id.value()));
    Responses.json(context, answer);
  }

  private void requestUnmute(Context context) {
    Gate.Visit visit = moderated(context);
    Refusals.done(moderation.requestUnmute(gate.participant(context, visit)));
    context.status(204);
  }

  private void list(Context context) {
    Gate.Visit visit = moderated(context);
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    for (Ban ban : bans.inForce(visit.conference().id())) {
      data.add(Views.ban(ban));
    }
    Responses.json(context, answer);
  }

  private void lift(Context context) {
    Gate.Visit visit = moderated(context);
    String id = context.pathParam("b");
    if (!Ban.isId(id) || !bans.lift(visit.conference().id(), id)) {
      throw Problem.notFound("ban").exception();
    }
    context.status(204);
  }

  private Gate.Visit moderated(Context context) {
    Gate.Visit visit = gate.visit(context);
    gate.requireModerator(visit);
    return visit;
  }
}
