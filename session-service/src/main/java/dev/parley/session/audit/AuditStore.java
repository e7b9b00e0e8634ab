package dev.parley.session.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the links of the log are kept. Thread-safe; blocks. */
public interface AuditStore {

  /**
   * Keeps a link if its place in the chain is free; returns false if it is not. That only one link
   * can have a place is what keeps nodes from forking the chain.
   */
  boolean append(AuditLink link);

  /** Returns the last link of a chain, or null if it has none. */
  @Nullable AuditLink last(AuditChain chain);

  /** Returns the links of a chain that come after that number, in order. */
  List<AuditLink> links(AuditChain chain, long after, int limit);

  /** Forgets some of a chain; returns how many links that were. */
  int remove(AuditChain chain, int limit);
}
