package dev.parley.systemtests.history;

import dev.parley.systemtests.history.Entry.Admission;
import dev.parley.systemtests.history.Entry.Holding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * No two media servers let people in under one epoch of a conference, and when all is quiet one
 * server at most has any.
 */
final class OneAllocation implements Invariant {
  private static final String NAME = "one media server for each epoch";

  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    for (String conference : history.conferences()) {
      Map<Long, Admission> byEpoch = new HashMap<>();
      for (Admission admission : history.of(conference, Admission.class)) {
        Admission first = byEpoch.putIfAbsent(admission.epoch(), admission);
        if (first != null && !first.server().equals(admission.server())) {
          found.add(
              new Violation(
                  NAME,
                  "two servers took people under epoch " + admission.epoch(),
                  List.of(first, admission)));
        }
      }
      List<Holding> holdings =
          history.of(conference, Holding.class).stream()
              .filter(holding -> !holding.participants().isEmpty())
              .toList();
      if (holdings.size() > 1) {
        found.add(
            new Violation(NAME, "it is split over " + holdings.size() + " servers", holdings));
      }
    }
    return found;
  }
}
