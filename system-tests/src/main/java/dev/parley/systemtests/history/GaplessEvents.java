package dev.parley.systemtests.history;

import dev.parley.systemtests.history.Entry.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers of one watcher's events have no gap: each is one more than the last, or a welcome
 * says from where they go on. One that resumes goes on where the watcher was.
 */
final class GaplessEvents implements Invariant {
  private static final String NAME = "events have no gap";

  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    Map<String, Frame> lasts = new HashMap<>();
    history
        .all(Frame.class)
        .forEach(frame -> {
          Frame last = lasts.put(frame.socket(), frame);
          boolean isWelcome = frame.type().equals("welcome");
          if (last == null && !isWelcome) {
            found.add(new Violation(NAME, "an event before any welcome", List.of(frame)));
          } else if (last != null && !isWelcome && frame.seq() != last.seq() + 1) {
            found.add(new Violation(NAME, "an event is missing", List.of(last, frame)));
          } else if (last != null && isWelcome && frame.resumed() && frame.seq() != last.seq()) {
            found.add(new Violation(NAME, "resumed elsewhere", List.of(last, frame)));
          }
        });
    return found;
  }
}
