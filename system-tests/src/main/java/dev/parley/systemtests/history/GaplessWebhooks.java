package dev.parley.systemtests.history;

import dev.parley.systemtests.history.Entry.Delivery;
import dev.parley.systemtests.history.Entry.Operation;
import dev.parley.systemtests.history.Entry.Quiet;
import dev.parley.systemtests.history.Request.Create;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Of each conference webhooks tell everything at least once: from its making to its end, each
 * number for the first time after the one before, and again only as the same.
 */
final class GaplessWebhooks implements Invariant {
  private static final String NAME = "webhooks have no gap";
  private static final String CREATED = "conference.created";
  private static final String ENDED = "conference.ended";

  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    for (String conference : history.conferences()) {
      order(history.of(conference, Delivery.class), found);
    }
    history
        .all(Operation.class)
        .filter(operation -> operation.isOk() && operation.request() instanceof Create)
        .filter(create -> isUntold(history, create.result(), CREATED))
        .forEach(create ->
            found.add(new Violation(NAME, "nobody was told that it was made", List.of(create))));
    history
        .all(Quiet.class)
        .filter(quiet -> !quiet.isOpen() && isUntold(history, quiet.conference(), ENDED))
        .forEach(quiet ->
            found.add(new Violation(NAME, "nobody was told that it is over", List.of(quiet))));
    return found;
  }

  private static void order(List<Delivery> deliveries, List<Violation> found) {
    Map<Long, Delivery> firsts = new LinkedHashMap<>();
    long last = 0;
    for (Delivery delivery : deliveries) {
      Delivery first = firsts.putIfAbsent(delivery.sequence(), delivery);
      if (first == null) {
        if (delivery.sequence() != last + 1) {
          Delivery before = firsts.get(last);
          found.add(
              new Violation(
                  NAME,
                  delivery.sequence() + " came after " + last,
                  before == null ? List.of(delivery) : List.of(before, delivery)));
        }
        last = Math.max(last, delivery.sequence());
      } else if (!isSame(first, delivery)) {
        found.add(new Violation(NAME, "one number, two messages", List.of(first, delivery)));
      }
    }
  }

  private static boolean isSame(Delivery first, Delivery again) {
    return first.id().equals(again.id())
        && first.type().equals(again.type())
        && first.participant().equals(again.participant())
        && first.reason().equals(again.reason());
  }

  private static boolean isUntold(History history, String conference, String type) {
    return history.of(conference, Delivery.class).stream()
        .noneMatch(delivery -> delivery.type().equals(type));
  }
}
