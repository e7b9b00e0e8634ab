package dev.parley.session.audit;

import java.time.LocalDate;

/**
 * One chain of the log.
 *
 * @param day whose entries it has, in UTC
 * @param shard 0 to {@link #SHARD_COUNT} - 1; a node keeps to one, so that nodes seldom meet
 */
public record AuditChain(LocalDate day, int shard) {
  /** How many chains a day has. */
  public static final int SHARD_COUNT = 4;

  /** Returns the shard that a node writes to. */
  static int shardOf(String node) {
    return Math.floorMod(node.hashCode(), SHARD_COUNT);
  }

  @Override
  public String toString() {
    return day + "/" + shard;
  }
}
