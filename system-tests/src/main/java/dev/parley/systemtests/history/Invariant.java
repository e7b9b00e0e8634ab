package dev.parley.systemtests.history;

import java.util.List;

/** Something that is true of every history, whatever was asked for and whatever broke. */
interface Invariant {
  /** Returns where it does not hold. */
  List<Violation> violations(History history);
}
