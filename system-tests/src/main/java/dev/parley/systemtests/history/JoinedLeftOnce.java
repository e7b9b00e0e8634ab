package dev.parley.systemtests.history;

import dev.parley.systemtests.history.Entry.Delivery;
import dev.parley.systemtests.history.Entry.Quiet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Webhooks tell of each stay once that it began and, if they did, once that it is over, afterwards;
 * and of a conference that is over, of each.
 */
final class JoinedLeftOnce implements Invariant {
  static final String JOINED = "participant.joined";
  static final String LEFT = "participant.left";
  private static final String NAME = "each joined has one left";

  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    for (String conference : history.conferences()) {
      boolean isOver =
          history.of(conference, Quiet.class).stream().anyMatch(quiet -> !quiet.isOpen());
      judge(history.of(conference, Delivery.class), isOver, found);
    }
    return found;
  }

  private static void judge(List<Delivery> deliveries, boolean isOver, List<Violation> found) {
    Map<String, Delivery> joined = new HashMap<>();
    Map<String, Delivery> left = new HashMap<>();
    for (Delivery delivery : deliveries) {
      String who = delivery.participant();
      if (delivery.type().equals(JOINED)) {
        Delivery before = joined.putIfAbsent(who, delivery);
        if (before != null && !before.id().equals(delivery.id())) {
          found.add(new Violation(NAME, "joined twice", List.of(before, delivery)));
        }
      } else if (delivery.type().equals(LEFT)) {
        Delivery before = left.putIfAbsent(who, delivery);
        if (before != null && !before.id().equals(delivery.id())) {
          found.add(new Violation(NAME, "left twice", List.of(before, delivery)));
        }
        if (!joined.containsKey(who)) {
          found.add(new Violation(NAME, "left without having joined", List.of(delivery)));
        }
      }
    }
    if (isOver) {
      joined.forEach((who, delivery) -> {
        if (!left.containsKey(who)) {
          found.add(new Violation(NAME, "joined, and never left", List.of(delivery)));
        }
      });
    }
  }
}
