package dev.parley.systemtests.history;

import dev.parley.systemtests.history.Entry.Operation;
import dev.parley.systemtests.history.Request.End;
import dev.parley.systemtests.history.Request.Join;
import dev.parley.systemtests.history.Request.Lock;
import dev.parley.systemtests.history.Request.Remove;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who asks to come in after a lock, an end or a ban was acknowledged is not let in. A lock does not
 * keep out who takes the place of an own stay; it lasts until somebody may have opened it.
 */
final class ClosedDoors implements Invariant {
  private static final String NAME = "nobody comes in by a closed door";

  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    for (String conference : history.conferences()) {
      for (Operation join : history.operations(conference, Join.class)) {
        Operation closing = join.isOk() ? closing(history, conference, join) : null;
        if (closing != null) {
          found.add(new Violation(NAME, "let in after it was closed", List.of(closing, join)));
        }
      }
    }
    return found;
  }

  private static @Nullable Operation closing(History history, String conference, Operation join) {
    Join wish = (Join) join.request();
    for (Operation operation : history.of(conference, Operation.class)) {
      if (!operation.isOk() || operation.endedNs() >= join.atNs()) {
        continue;
      }
      boolean isClosed =
          switch (operation.request()) {
            case End _ -> true;
            case Remove remove -> remove.bans() && remove.identity().equals(wish.identity());
            case Lock lock ->
                lock.locked()
                    && !wish.replaces()
                    && !mayBeOpenAgain(history, conference, operation, join);
            default -> false;
          };
      if (isClosed) {
        return operation;
      }
    }
    return null;
  }

  private static boolean mayBeOpenAgain(
      History history, String conference, Operation lock, Operation join) {
    return history.operations(conference, Lock.class).stream()
        .anyMatch(other ->
            other.request() instanceof Lock(boolean locked)
                && !locked
                && other.mayBeDone()
                && other.atNs() < join.endedNs()
                // One whose outcome nobody knows may still come after the lock.
                && (other.outcome() == Outcome.INFO || other.endedNs() > lock.atNs()));
  }
}
