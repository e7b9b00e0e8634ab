package dev.parley.session.conference;

import java.util.List;

/**
 * Counts what tenants use. What is given here is counted once, however often it is given and
 * whatever dies meanwhile; when this returns it may be marked as counted. Thread-safe; blocks.
 */
@FunctionalInterface
public interface UsageSink {
  /** Counts nothing. */
  UsageSink NONE = (_, _, _) -> {};

  /**
   * Counts stays and conferences that are over.
   *
   * @param shard of {@link DueShards} in which they are; always the same for the same conference
   */
  void add(int shard, List<Participant> stays, List<Conference> conferences);
}
