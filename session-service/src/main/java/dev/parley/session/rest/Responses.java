package dev.parley.session.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.conference.Conference;
import dev.parley.session.conference.Participant;
import io.javalin.http.Context;

/** Writes answers. */
final class Responses {
  private static final String REQUEST_ID = "requestId";

  private Responses() {}

  static void json(Context context, JsonNode body) {
    context.contentType(Wire.JSON).result(Wire.text(body));
  }

  static void json(Context context, Conference conference) {
    context.header("ETag", Wire.etag(conference.revision()));
    json(context, Views.conference(conference));
  }

  static void json(Context context, Participant participant) {
    context.header("ETag", Wire.etag(participant.revision()));
    json(context, Views.participant(participant));
  }

  /** Writes an answer that nobody may keep. */
  static void secret(Context context, JsonNode body) {
    json(context.header("Cache-Control", "no-store"), body);
  }

  static void requestId(Context context, String id) {
    context.attribute(REQUEST_ID, id);
    context.header("Request-Id", id);
  }

  static String requestId(Context context) {
    String id = context.attribute(REQUEST_ID);
    return id == null ? "rq_none" : id;
  }

  static void problem(Context context, Problem problem) {
    AuditTrail.problem(context, problem);
    problem.headers().forEach(context::header);
    context
        .status(problem.status())
        .header("Cache-Control", "no-store")
        .contentType(Problem.CONTENT_TYPE)
        .result(Wire.text(problem.body(context.path(), requestId(context))));
  }
}
