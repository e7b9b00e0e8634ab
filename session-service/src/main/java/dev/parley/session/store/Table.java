package dev.parley.session.store;

import java.util.List;
import java.util.Set;

/** A table of the session tier, and the indexes that it declares. */
public record Table(String name, Set<String> indexes) {
  /** Conferences, who is in them, and what needs looking after. */
  public static final Table CORE = new Table("core", ConferenceItems.INDEXES);

  /** Server keys and the service's own secret. */
  public static final Table OPS = new Table("ops", AccessItems.INDEXES);

  /** All that a session node opens. */
  public static final List<Table> ALL = List.of(CORE, OPS);

  public Table {
    indexes = Set.copyOf(indexes);
  }
}
