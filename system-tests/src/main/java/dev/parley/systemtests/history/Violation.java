package dev.parley.systemtests.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Something that must never be, and was.
 *
 * @param invariant what it breaks
 * @param what in one sentence
 * @param evidence no more than it takes to see it
 */
public record Violation(String invariant, String what, List<? extends Entry> evidence) {
  public Violation {
    evidence = List.copyOf(evidence);
  }

  /** Tells it with its evidence, one line an entry, and the faults of the time. */
  public String print(History history) {
    List<Entry> lines = new ArrayList<>(evidence);
    if (!evidence.isEmpty()) {
      long fromNs = evidence.stream().mapToLong(Entry::atNs).min().orElse(0);
      long toNs = evidence.stream().mapToLong(Entry::atNs).max().orElse(0);
      history
          .all(Entry.Fault.class)
          .filter(fault -> fault.endedNs() >= fromNs && fault.atNs() <= toNs)
          .forEach(lines::add);
    }
    lines.sort(Comparator.comparingLong(Entry::atNs));
    long beginNs = history.entries().isEmpty() ? 0 : history.entries().getFirst().atNs();
    StringBuilder text = new StringBuilder(invariant + ": " + what);
    for (Entry entry : lines) {
      text.append(
          String.format(Locale.ROOT, "%n    %9.3f s  %s", seconds(entry.atNs(), beginNs), entry));
    }
    return text.toString();
  }

  private static double seconds(long atNs, long beginNs) {
    return (atNs - beginNs) / 1e9;
  }
}
