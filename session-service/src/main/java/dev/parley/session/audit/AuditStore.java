package dev.parley.session.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the links of the log are kept. Thread-safe; blocks. */
public interface AuditStore {

  /**
   * Keeps a link if its place in the chain is free. That only one link can have a place is what
   * keeps nodes from forking the chain.
   */
  Appended append(AuditLink link);

  /**
   * What came of it.
   *
   * @param isKept false if the place was taken
   * @param taken who has the place then, or null if that is not known
   */
  record Appended(boolean isKept, @Nullable AuditLink taken) {}

  /** Returns the last link of a chain, or null if it has none. */
  @Nullable AuditLink last(AuditChain chain);

  /** Returns the links of a chain that come after that number, in order. */
  List<AuditLink> links(AuditChain chain, long after, int limit);

  /** Forgets some of a chain; returns how many links that were. */
  int remove(AuditChain chain, int limit);
}
