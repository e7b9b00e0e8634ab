package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.ConferenceId;
import dev.parley.session.access.Caller;
import dev.parley.session.conference.Message;
import dev.parley.session.conference.Participant;
import dev.parley.session.message.MessageStore;
import dev.parley.session.message.Messages;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sending messages and reading them. Thread-safe. */
final class MessageRoutes {
  private static final int PAGE_DEFAULT = 50;
  private static final int PAGE_MAX = 200;

  private final Messages messages;
  private final Gate gate;
  private final Quotas quotas;
  private final Cursors cursors;

  MessageRoutes(Messages messages, Gate gate, Quotas quotas, Cursors cursors) {
    this.messages = messages;
    this.gate = gate;
    this.quotas = quotas;
    this.cursors = cursors;
  }

  /** Which messages come first. */
  private enum Order {
    OLDEST,
    NEWEST
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
    Order order = Queries.choice(context, "order", Order.class, Order.OLDEST);
    boolean isNewestFirst = order == Order.NEWEST;
    int after = Queries.integer(context, "after", 0, Integer.MAX_VALUE, 0);
    int limit = Queries.integer(context, "limit", 1, PAGE_MAX, PAGE_DEFAULT);
    String filters = "messages " + conference + " " + isNewestFirst + " " + after;
    String position = cursors.position(context, filters);
    long from = position == null ? 0 : Long.parseLong(position);
    List<Message> page =
        messages.list(
            conference,
            isNewestFirst
                ? new MessageStore.Wish(after, from == 0 ? Long.MAX_VALUE : from, true, limit)
                : new MessageStore.Wish(Math.max(after, from), Long.MAX_VALUE, false, limit));
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    page.forEach(message -> data.add(Views.message(message)));
    if (page.size() == limit) {
      String next = cursors.sign(Long.toString(page.getLast().sequence()), filters);
      answer.put("next", next);
      context.header("Link", Queries.nextLink(context, next));
    }
    Responses.json(context, answer);
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
