package dev.parley.session.rest;

import dev.parley.common.id.ConferenceId;
import dev.parley.session.access.Caller;
import dev.parley.session.conference.Participant;
import dev.parley.session.message.Messages;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Sending messages and reading them. Thread-safe. */
final class MessageRoutes {
  private final Messages messages;
  private final Gate gate;
  private final Quotas quotas;
  private final MessagePages pages;

  MessageRoutes(Messages messages, Gate gate, Quotas quotas, MessagePages pages) {
    this.messages = messages;
    this.gate = gate;
    this.quotas = quotas;
    this.pages = pages;
  }

  void register(RoutesConfig routes) {
    routes.post("/v1/conferences/{c}/messages", this::send);
    routes.get("/v1/conferences/{c}/messages", this::list);
  }

  private void send(Context context) {
    Gate.Visit visit = gate.visit(context);
    ConferenceId conference = visit.conference().id();
    Participant stay = speaker(visit);
    String identity = stay == null ? null : stay.person().identity();
    quotas.take(context, Messages.QUOTA, Messages.quotaSubject(conference, identity));
    JsonBody body = Bodies.json(context);
    String text = body.requiredLines("text", Messages.TEXT_BYTES_MAX);
    body.finish();
    requireLength(text);
    Messages.Sent sent =
        Refusals.done(
            messages.send(
                new Messages.Draft(
                    conference,
                    stay == null ? null : stay.id(),
                    text,
                    Queries.idempotencyKey(context))));
    if (sent.isReplayed()) {
      context.header("Idempotency-Replayed", "true");
    }
    Responses.json(context.status(201), Views.message(sent.message()));
  }

  private void list(Context context) {
    Gate.Visit visit = gate.visit(context);
    ConferenceId conference = visit.conference().id();
    Participant _ = speaker(visit);
    pages.answer(context, conference);
  }

  /** Returns who speaks for the stay with the caller's identity, or null for the backend. */
  private @Nullable Participant speaker(Gate.Visit visit) {
    return switch (visit.caller()) {
      case Caller.Backend _ -> null;
      case Caller.Joiner joiner -> {
        Participant stay = gate.ownStay(visit.conference().id(), joiner);
        if (!stay.person().grants().chat()) {
          throw Refusals.grantMissing("chat").exception();
        }
        yield stay;
      }
    };
  }

  private static void requireLength(String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > Messages.TEXT_BYTES_MAX) {
      throw Problem.invalid(
              "/text", "must have at most " + Messages.TEXT_BYTES_MAX + " bytes in UTF-8")
          .exception();
    }
  }
}
