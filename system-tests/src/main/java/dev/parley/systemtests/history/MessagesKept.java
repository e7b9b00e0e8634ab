package dev.parley.systemtests.history;

import dev.parley.systemtests.history.Entry.Log;
import dev.parley.systemtests.history.Entry.Operation;
import dev.parley.systemtests.history.Entry.Said;
import dev.parley.systemtests.history.Request.Send;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages are numbered from one without a gap; each that was acknowledged is there under its
 * number, once, and none that nobody sent.
 */
final class MessagesKept implements Invariant {
  private static final String NAME = "acknowledged messages are kept";

  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    history
        .all(Log.class)
        .forEach(log -> {
          Map<Long, String> kept = new HashMap<>();
          Map<String, Long> numbers = new HashMap<>();
          long expected = 1;
          for (Said said : log.texts()) {
            if (said.sequence() != expected) {
              found.add(new Violation(NAME, "number " + expected + " is missing", List.of(log)));
            }
            expected = said.sequence() + 1;
            kept.put(said.sequence(), said.text());
            if (numbers.put(said.text(), said.sequence()) != null) {
              found.add(new Violation(NAME, "a message is there twice: " + said, List.of(log)));
            }
          }
          List<Operation> sent = history.operations(log.conference(), Send.class);
          for (Operation operation : sent) {
            if (operation.isOk() && !isKept(operation, kept)) {
              found.add(
                  new Violation(NAME, "an acknowledged message is lost", List.of(operation, log)));
            }
          }
          for (Said said : log.texts()) {
            if (sent.stream().noneMatch(operation -> maySay(operation, said))) {
              found.add(new Violation(NAME, "nobody sent " + said, List.of(log)));
            }
          }
        });
    return found;
  }

  private static boolean isKept(Operation operation, Map<Long, String> kept) {
    return text(operation).equals(kept.get(Long.parseLong(operation.result())));
  }

  private static boolean maySay(Operation operation, Said said) {
    return operation.mayBeDone() && text(operation).equals(said.text());
  }

  private static String text(Operation operation) {
    return operation.request() instanceof Send send ? send.text() : "";
  }
}
