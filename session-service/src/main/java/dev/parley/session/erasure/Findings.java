package dev.parley.session.erasure;

import java.util.Objects;

/**
 * What an erasure has found. Immutable.
 *
 * @param searched conferences that were looked at
 * @param found conferences in which the person had been
 * @param stays that name nobody any more
 * @param messages that are empty and name nobody any more
 * @param files that they shared and are erased, or on hold and name nobody any more
 * @param recorded what was recorded of them
 * @param filed where calls are filed by them
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
    Recorded recorded,
    Filed filed,
    long notices,
    long deliveries,
    long delivered,
    long bans,
    long bansKept,
    long hashesKept) {
  /** Nothing yet. */
  public static final Findings NONE =
      new Findings(0, 0, 0, 0, 0, Recorded.NOTHING, Filed.NOTHING, 0, 0, 0, 0, 0, 0);

  /** One conference, in which the person had not been. */
  static final Findings STRANGER =
      new Findings(1, 0, 0, 0, 0, Recorded.NOTHING, Filed.NOTHING, 0, 0, 0, 0, 0, 0);

  public Findings {
    // Receipts of the first days have none.
    recorded = Objects.requireNonNullElse(recorded, Recorded.NOTHING);
    filed = Objects.requireNonNullElse(filed, Filed.NOTHING);
  }

  /**
   * What was recorded of a person.
   *
   * @param tracks of theirs that are erased
   * @param tracksKept of theirs that must be kept
   * @param mixes that they may be heard in, and are erased
   * @param mixesKept that they may be heard in, and are not
   */
  public record Recorded(long tracks, long tracksKept, long mixes, long mixesKept) {
    static final Recorded NOTHING = new Recorded(0, 0, 0, 0);

    Recorded plus(Recorded other) {
      return new Recorded(
          tracks + other.tracks,
          tracksKept + other.tracksKept,
          mixes + other.mixes,
          mixesKept + other.mixesKept);
    }
  }

  /**
   * Where calls are filed by a person.
   *
   * @param memberships of channels that they belong to no more
   * @param conversations that are in no list of theirs any more
   */
  public record Filed(long memberships, long conversations) {
    static final Filed NOTHING = new Filed(0, 0);

    Filed plus(Filed other) {
      return new Filed(memberships + other.memberships, conversations + other.conversations);
    }
  }

  /** Returns it with more places where calls were filed by the person. */
  Findings plus(Filed more) {
    return plus(new Findings(0, 0, 0, 0, 0, Recorded.NOTHING, more, 0, 0, 0, 0, 0, 0));
  }

  Findings plus(Findings other) {
    return new Findings(
        searched + other.searched,
        found + other.found,
        stays + other.stays,
        messages + other.messages,
        files + other.files,
        recorded.plus(other.recorded),
        filed.plus(other.filed),
        notices + other.notices,
        deliveries + other.deliveries,
        delivered + other.delivered,
        bans + other.bans,
        bansKept + other.bansKept,
        hashesKept + other.hashesKept);
  }

  /**
   * Returns what a second walk adds to the first: conferences were counted, what is kept was not.
   * Tracks that must be kept were: whose they are is known only once.
   */
  Findings ofSecondWalk() {
    Recorded more = new Recorded(recorded.tracks(), 0, recorded.mixes(), recorded.mixesKept());
    return new Findings(
        0,
        0,
        stays,
        messages,
        files,
        more,
        filed,
        notices,
        deliveries,
        delivered,
        bans,
        bansKept,
        hashesKept);
  }

  /** Returns what the first walk counts: what is kept is known after the second. */
  Findings ofFirstWalk() {
    return new Findings(
        searched,
        found,
        stays,
        messages,
        files,
        recorded,
        filed,
        notices,
        deliveries,
        delivered,
        bans,
        0,
        0);
  }
}
