package dev.parley.systemtests.history;

import dev.parley.systemtests.history.Entry.Fault;
import dev.parley.systemtests.history.Entry.Holding;
import dev.parley.systemtests.history.Entry.Operation;
import dev.parley.systemtests.history.Entry.Quiet;
import dev.parley.systemtests.history.Request.Join;
import dev.parley.systemtests.history.Request.Leave;
import dev.parley.systemtests.history.Request.Offer;
import dev.parley.systemtests.history.Request.Remove;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Once all is quiet the count is that of the roster, the roster has nobody who did not come or has
 * gone, once each identity, and those are the people that the media server has.
 */
final class RosterAgrees implements Invariant {
  private static final String NAME = "count, roster and media agree";

  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    history.all(Quiet.class).forEach(quiet -> judge(history, quiet, found));
    return found;
  }

  private static void judge(History history, Quiet quiet, List<Violation> found) {
    Set<String> people = quiet.people().keySet();
    if (quiet.participantCount() != people.size()) {
      found.add(new Violation(NAME, "the count is not that of the roster", List.of(quiet)));
    }
    if (!quiet.isOpen() && !people.isEmpty()) {
      found.add(new Violation(NAME, "people in a conference that is over", List.of(quiet)));
    }
    if (new HashSet<>(quiet.people().values()).size() < people.size()) {
      found.add(new Violation(NAME, "an identity is there twice", List.of(quiet)));
    }
    List<Operation> operations = history.of(quiet.conference(), Operation.class);
    quiet
        .people()
        .forEach((stay, identity) -> {
          if (operations.stream().noneMatch(operation -> mayHaveMade(operation, stay, identity))) {
            found.add(new Violation(NAME, stay + " is there, and did not come", List.of(quiet)));
          }
        });
    for (Operation operation : operations) {
      if (operation.isOk() && takesOut(operation.request(), people)) {
        found.add(new Violation(NAME, "somebody is there who has gone", List.of(operation, quiet)));
      }
    }
    Set<String> onMedia = new HashSet<>();
    List<Holding> holdings = heldThen(history, quiet);
    holdings.forEach(holding -> onMedia.addAll(holding.participants()));
    boolean isMediaWhole = history.all(Fault.class).noneMatch(Fault::takesMedia);
    if (!people.containsAll(onMedia) || (isMediaWhole && !onMedia.containsAll(people))) {
      List<Entry> evidence = new ArrayList<>(holdings);
      evidence.add(quiet);
      found.add(new Violation(NAME, "the roster is not who has media", evidence));
    }
  }

  /** What media servers held at that time: told after it, and before the next. */
  private static List<Holding> heldThen(History history, Quiet quiet) {
    long untilNs =
        history.of(quiet.conference(), Quiet.class).stream()
            .mapToLong(Quiet::atNs)
            .filter(atNs -> atNs > quiet.atNs())
            .min()
            .orElse(Long.MAX_VALUE);
    return history.of(quiet.conference(), Holding.class).stream()
        .filter(holding -> holding.atNs() >= quiet.atNs() && holding.atNs() < untilNs)
        .toList();
  }

  private static boolean mayHaveMade(Operation operation, String stay, String identity) {
    return switch (operation.request()) {
      case Join join ->
          join.identity().equals(identity)
              && (operation.outcome() == Outcome.INFO || operation.result().equals(stay));
      case Offer offer -> offer.identity().equals(identity) && operation.mayBeDone();
      default -> false;
    };
  }

  private static boolean takesOut(Request request, Set<String> people) {
    return switch (request) {
      case Leave leave -> people.contains(leave.participant());
      case Remove remove -> people.contains(remove.participant());
      default -> false;
    };
  }
}
