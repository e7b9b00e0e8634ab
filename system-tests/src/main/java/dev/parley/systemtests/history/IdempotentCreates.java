package dev.parley.systemtests.history;

import dev.parley.systemtests.history.Entry.Operation;
import dev.parley.systemtests.history.Request.Create;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** However often a conference is asked for with one key, it is one; with another it is another. */
final class IdempotentCreates implements Invariant {
  private static final String NAME = "one key, one conference";

  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    Map<String, Operation> byKey = new HashMap<>();
    Map<String, Operation> byId = new HashMap<>();
    history
        .all(Operation.class)
        .filter(operation -> operation.isOk() && operation.request() instanceof Create)
        .forEach(operation -> {
          String key = ((Create) operation.request()).idempotencyKey();
          Operation sameKey = byKey.putIfAbsent(key, operation);
          if (sameKey != null && !sameKey.result().equals(operation.result())) {
            found.add(
                new Violation(NAME, "one key made two conferences", List.of(sameKey, operation)));
          }
          Operation sameId = byId.putIfAbsent(operation.result(), operation);
          if (sameId != null && !sameId.request().equals(operation.request())) {
            found.add(
                new Violation(NAME, "two keys made one conference", List.of(sameId, operation)));
          }
        });
    return found;
  }
}
