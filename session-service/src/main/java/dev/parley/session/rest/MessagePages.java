package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.id.ConferenceId;
import dev.parley.session.conference.Message;
import dev.parley.session.message.MessageStore;
import dev.parley.session.message.Messages;
import io.javalin.http.Context;
import java.util.List;

/** Answers with what was written in a conference, page by page. Thread-safe. */
final class MessagePages {
  private static final int PAGE_DEFAULT = 50;
  private static final int PAGE_MAX = 200;

  private final Messages messages;
  private final Cursors cursors;

  MessagePages(Messages messages, Cursors cursors) {
    this.messages = messages;
    this.cursors = cursors;
  }

  /** Which messages come first. */
  private enum Order {
    OLDEST,
    NEWEST
  }

  /** Answers with the page that the request asks for. */
  void answer(Context context, ConferenceId conference) {
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
}
