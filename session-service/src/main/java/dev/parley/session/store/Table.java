package dev.parley.session.store;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table of the session tier, and the indexes that it declares. */
public record Table(String name, Set<String> indexes) {
  /** Conferences, who is in them, and what needs looking after. */
  public static final Table CORE = new Table("core", ConferenceItems.INDEXES);

  /** Server keys, token issuers, the service's own secret, webhooks. */
  public static final Table OPS =
      new Table("ops", union(AccessItems.INDEXES, WebhookItems.INDEXES));

  /** What is left of conferences: their messages, and the objects of the Library. */
  public static final Table LIBRARY = new Table("library", LibraryItems.INDEXES);

  /** All that a session node opens. */
  public static final List<Table> ALL = List.of(CORE, LIBRARY, OPS);

  public Table {
    indexes = Set.copyOf(indexes);
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    return Stream.of(one, other).flatMap(Set::stream).collect(Collectors.toSet());
  }
}
