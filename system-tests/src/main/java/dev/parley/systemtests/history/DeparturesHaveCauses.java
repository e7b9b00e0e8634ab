package dev.parley.systemtests.history;

import dev.parley.systemtests.history.Entry.Delivery;
import dev.parley.systemtests.history.Entry.Fault;
import dev.parley.systemtests.history.Entry.Operation;
import dev.parley.systemtests.history.Entry.Quiet;
import dev.parley.systemtests.history.Request.End;
import dev.parley.systemtests.history.Request.Join;
import dev.parley.systemtests.history.Request.Leave;
import dev.parley.systemtests.history.Request.Remove;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Nobody who came in is lost: who is not there has left for a reason that somebody gave. */
final class DeparturesHaveCauses implements Invariant {
  private static final String NAME = "nobody is lost";

  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    history
        .all(Quiet.class)
        .forEach(quiet -> {
          Map<String, Delivery> left = left(history, quiet.conference());
          for (Operation join : history.operations(quiet.conference(), Join.class)) {
            if (join.isOk()
                && join.atNs() < quiet.atNs()
                && !quiet.people().containsKey(join.result())
                && !isCaused(history, join, left.get(join.result()))) {
              List<Entry> evidence = new ArrayList<>(List.of(join, quiet));
              if (left.containsKey(join.result())) {
                evidence.add(left.get(join.result()));
              }
              found.add(new Violation(NAME, "gone, and nobody asked for it", evidence));
            }
          }
        });
    return found;
  }

  private static Map<String, Delivery> left(History history, String conference) {
    return history.of(conference, Delivery.class).stream()
        .filter(delivery -> delivery.type().equals(JoinedLeftOnce.LEFT))
        .collect(Collectors.toMap(Delivery::participant, Function.identity(), (first, _) -> first));
  }

  private static boolean isCaused(History history, Operation join, @Nullable Delivery left) {
    boolean isMediaLost =
        left != null
            && List.of("server-lost", "ice-timeout").contains(left.reason())
            && history.all(Fault.class).anyMatch(Fault::takesMedia);
    return isMediaLost
        || history.of(join.conference(), Operation.class).stream()
            .anyMatch(operation -> operation.mayBeDone() && takesOut(operation, join));
  }

  private static boolean takesOut(Operation operation, Operation join) {
    Join came = (Join) join.request();
    return switch (operation.request()) {
      case End _ -> true;
      case Leave leave -> leave.participant().equals(join.result());
      case Remove remove ->
          remove.participant().equals(join.result())
              || (remove.bans() && remove.identity().equals(came.identity()));
      case Join other ->
          !operation.equals(join) && other.replaces() && other.identity().equals(came.identity());
      default -> false;
    };
  }
}
