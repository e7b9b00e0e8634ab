package dev.parley.session.erasure;

/**
 * What an erasure has found. Immutable.
 *
 * @param searched conferences that were looked at
 * @param found conferences in which the person had been
 * @param stays that name nobody any more
 * @param messages that are empty and name nobody any more
 * @param files that they shared and are erased, or on hold and name nobody any more
 * @param notices that were still to be handed on to webhooks, and name nobody any more
 * @param deliveries to webhook endpoints that name nobody any more
 * @param delivered how many of these an endpoint had taken before
 * @param bans that are gone
 * @param bansKept that go on, by a hash of the identity
 * @param hashesKept open conferences that know the identity by a hash until they end
 */
public record Findings(
    long searched,
    long found,
    long stays,
    long messages,
    long files,
    long notices,
    long deliveries,
    long delivered,
    long bans,
    long bansKept,
    long hashesKept) {
  /** Nothing yet. */
  public static final Findings NONE = new Findings(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** One conference, in which the person had not been. */
  static final Findings STRANGER = new Findings(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  Findings plus(Findings other) {
    return new Findings(
        searched + other.searched,
        found + other.found,
        stays + other.stays,
        messages + other.messages,
        files + other.files,
        notices + other.notices,
        deliveries + other.deliveries,
        delivered + other.delivered,
        bans + other.bans,
        bansKept + other.bansKept,
        hashesKept + other.hashesKept);
  }

  /**
   * Returns what a second walk adds to the first: conferences were counted, what is kept was not.
   */
  Findings ofSecondWalk() {
    return new Findings(
        0, 0, stays, messages, files, notices, deliveries, delivered, bans, bansKept, hashesKept);
  }

  /** Returns what the first walk counts: what is kept is known after the second. */
  Findings ofFirstWalk() {
    return new Findings(
        searched, found, stays, messages, files, notices, deliveries, delivered, bans, 0, 0);
  }
}
