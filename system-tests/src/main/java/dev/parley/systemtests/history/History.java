package dev.parley.systemtests.history;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** All that was seen in one run, in the order of its beginnings. Immutable. */
public record History(List<Entry> entries) {
  public History {
    entries = entries.stream().sorted(Comparator.comparingLong(Entry::atNs)).toList();
  }

  /** The conferences that anything was seen of. */
  Set<String> conferences() {
    Set<String> all = new TreeSet<>();
    entries.forEach(entry -> all.add(entry.conference()));
    all.remove("");
    return all;
  }

  <T extends Entry> Stream<T> all(Class<T> kind) {
    return entries.stream().filter(kind::isInstance).map(kind::cast);
  }

  <T extends Entry> List<T> of(String conference, Class<T> kind) {
    return all(kind).filter(entry -> entry.conference().equals(conference)).toList();
  }

  /** The operations of a conference that asked for this kind of thing. */
  List<Entry.Operation> operations(String conference, Class<? extends Request> kind) {
    return of(conference, Entry.Operation.class).stream()
        .filter(operation -> kind.isInstance(operation.request()))
        .toList();
  }
}
