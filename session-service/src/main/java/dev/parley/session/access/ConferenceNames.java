package dev.parley.session.access;

import dev.parley.common.id.ConferenceId;
import org.jspecify.annotations.Nullable;

/** Knows which conference an alias stands for. Thread-safe; blocks on the store. */
@FunctionalInterface
public interface ConferenceNames {

  /** Returns the open conference that holds the alias now, or null if none does. */
  @Nullable ConferenceId byAlias(String tenant, String alias);
}
