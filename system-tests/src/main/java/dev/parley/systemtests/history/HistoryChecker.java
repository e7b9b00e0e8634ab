package dev.parley.systemtests.history;

import java.util.List;

/** Judges a history by everything that must be true. Stateless. */
public final class HistoryChecker {
  private static final List<Invariant> ALL =
      List.of(
          new IdempotentCreates(),
          new OneAllocation(),
          new ClosedDoors(),
          new RosterAgrees(),
          new DeparturesHaveCauses(),
          new GaplessWebhooks(),
          new JoinedLeftOnce(),
          new GaplessEvents(),
          new MessagesKept());

  private HistoryChecker() {}

  /** Returns all that is wrong. */
  public static List<Violation> judge(History history) {
    return ALL.stream().flatMap(one -> one.violations(history).stream()).toList();
  }
}
