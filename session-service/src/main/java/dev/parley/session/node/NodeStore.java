package dev.parley.session.node;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where session nodes leave their records for each other. Thread-safe; blocks. */
public interface NodeStore {

  /** Returns all nodes' records, also of those that have ended without a word. */
  List<NodeRecord> nodes();

  @Nullable NodeRecord node(String name);

  /**
   * Stores a record if its version is the stored one (0: if there is none), and returns it with its
   * new version, or null if somebody was faster.
   */
  @Nullable NodeRecord write(NodeRecord node);

  /** Removes a record if it still has its version. */
  void remove(NodeRecord node);
}
