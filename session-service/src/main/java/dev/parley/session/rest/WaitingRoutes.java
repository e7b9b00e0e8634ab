package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.conference.Participant;
import dev.parley.session.conference.WaitingRoom;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** Letting in those who wait. Thread-safe. */
final class WaitingRoutes {
  private final WaitingRoom waitingRoom;
  private final Gate gate;

  WaitingRoutes(WaitingRoom waitingRoom, Gate gate) {
    this.waitingRoom = waitingRoom;
    this.gate = gate;
  }

  void register(RoutesConfig routes) {
    routes.post("/v1/conferences/{c}/admit", this::admitAll);
    routes.post("/v1/conferences/{c}/participants/{p}/admit", this::admit);
  }

  private void admit(Context context) {
    Gate.Visit visit = gate.visit(context);
    gate.requireModerator(visit);
    Participant stay = gate.participant(context, visit);
    Responses.json(context, Refusals.done(waitingRoom.admit(stay.conference(), stay.id())));
  }

  private void admitAll(Context context) {
    Gate.Visit visit = gate.visit(context);
    gate.requireModerator(visit);
    Gate.requireOpen(visit.conference());
    WaitingRoom.AdmittedAll result = waitingRoom.admitAll(visit.conference().id());
    ObjectNode answer = Wire.object();
    answer.put("admitted", result.admitted());
    ArrayNode remaining = answer.putArray("remaining");
    result.remaining().forEach(id -> remaining.add(id.value()));
    Responses.json(context, answer);
  }
}
