package dev.parley.media.speaker;

/**
 * The speakers of one conference in order: place 0 holds the one who leads the talk, and the first
 * n places hold the n who are to be heard when only n can be. Owned by one mix agent.
 *
 * <p>An order would flap if it followed the levels; so every change needs a reason:
 *
 * <ul>
 *   <li>A free place goes to anyone heard at all: in a small conference nobody is ever cut off.
 *   <li>Otherwise somebody outside the first n (for each n) takes a place inside only if he is
 *       active and {@link #MARGIN_DB} louder than the quietest there. One who got his place less
 *       than {@link #HOLD_NS} ago keeps it while he talks. In silence nothing changes.
 *   <li>Place 0 goes to one who beats its holder over a frame, a word and a sentence at once (after
 *       Volfin and Cohen's three time scales), or to the loudest when its holder has been silent
 *       for {@link #LEADS_IN_SILENCE_NS}.
 * </ul>
 *
 * <p>So a talker at -30 dBov takes a silent one's place within 60 ms, and the place of one who
 * talks 10 dB lower within 120 ms, or 520 ms if that one has only just got it. (Place 0 is not
 * counted: its holder is heard as long as he leads.)
 */
public final class SpeakerRanking {
  /** How much louder one must be to displace another, in dB. */
  static final float MARGIN_DB = 4f;

  /** How long a talking newcomer's place is safe. */
  static final long HOLD_NS = 400_000_000L;

  /** How long the leader may be silent before anyone may lead. */
  static final long LEADS_IN_SILENCE_NS = 1_000_000_000L;

  /** How long after his last word the leader is still called so. */
  static final long DOMINANT_AFTER_SPEECH_NS = 1_500_000_000L;

  private static final int NOBODY = -1;

  private final TalkerLevels levels;
  private final int[] talkers;
  private final long[] promotedNs;
  private int count;

  /**
   * Ranks the talkers of these levels.
   *
   * @param places how many are ranked at most, at least 2
   */
  public SpeakerRanking(TalkerLevels levels, int places) {
    if (places < 2) {
      throw new IllegalArgumentException("places must be at least 2: " + places);
    }
    this.levels = levels;
    talkers = new int[places];
    promotedNs = new long[places];
  }

  /** How many are ranked now. */
  public int count() {
    return count;
  }

  /** The talker at a place, 0 to {@link #count} - 1. */
  public int talkerAt(int place) {
    assert place >= 0 && place < count : place;
    return talkers[place];
  }

  /** The talker's place, or -1. */
  public int placeOf(int talker) {
    for (int place = 0; place < count; place++) {
      if (talkers[place] == talker) {
        return place;
      }
    }
    return NOBODY;
  }

  /** Who leads the talk, or -1 in silence. */
  public int dominant(long nowNs) {
    boolean isLed =
        count > 0 && levels.wasActiveSince(talkers[0], nowNs - DOMINANT_AFTER_SPEECH_NS);
    return isLed ? talkers[0] : NOBODY;
  }

  /** Takes a talker out at once; the others move up. Call {@link #update} to fill the place. */
  public void remove(int talker) {
    int place = placeOf(talker);
    if (place == NOBODY) {
      return;
    }
    count--;
    for (int i = place; i < count; i++) {
      talkers[i] = talkers[i + 1];
      promotedNs[i] = promotedNs[i + 1];
    }
  }

  /** Orders anew after {@link TalkerLevels#update}. True if any place changed. */
  public boolean update(long nowNs) {
    boolean isChanged = fill(nowNs);
    // Each exchange brings a louder talker forward, so this ends; the bound is for the worst case.
    for (int n = talkers.length; n > 0 && admitLoudestOutsider(nowNs); n--) {
      isChanged = true;
    }
    for (int n = count - 1; n >= 2; n--) {
      boolean isExchanged = exchangeAcross(n, nowNs);
      isChanged = isChanged || isExchanged;
    }
    boolean isLedAnew = changeLeader(nowNs);
    return isChanged || isLedAnew;
  }

  private boolean fill(long nowNs) {
    boolean isChanged = false;
    while (count < talkers.length) {
      int next = loudestOutsider(false);
      if (next == NOBODY) {
        break;
      }
      talkers[count] = next;
      promotedNs[count] = nowNs - HOLD_NS;
      count++;
      isChanged = true;
    }
    return isChanged;
  }

  private boolean admitLoudestOutsider(long nowNs) {
    int outsider = count == talkers.length ? loudestOutsider(true) : NOBODY;
    if (outsider == NOBODY) {
      return false;
    }
    int place = quietestReplaceable(count, nowNs);
    if (place == NOBODY || !isLouder(outsider, talkers[place])) {
      return false;
    }
    talkers[place] = outsider;
    promotedNs[place] = nowNs;
    return true;
  }

  /** Lets the loudest of the places from n on change with the quietest of the first n. */
  private boolean exchangeAcross(int n, long nowNs) {
    int inside = quietestReplaceable(n, nowNs);
    int outside = NOBODY;
    for (int place = n; place < count; place++) {
      boolean isBetter =
          outside == NOBODY
              || levels.shortScore(talkers[place]) > levels.shortScore(talkers[outside]);
      if (isBetter && levels.isActive(talkers[place])) {
        outside = place;
      }
    }
    if (inside == NOBODY || outside == NOBODY || !isLouder(talkers[outside], talkers[inside])) {
      return false;
    }
    exchange(inside, outside, nowNs);
    return true;
  }

  private boolean changeLeader(long nowNs) {
    if (count < 2) {
      return false;
    }
    int leader = talkers[0];
    boolean isVacant = !levels.wasActiveSince(leader, nowNs - LEADS_IN_SILENCE_NS);
    int challenger = NOBODY;
    for (int place = 1; place < count; place++) {
      int talker = talkers[place];
      boolean mayLead = levels.isActive(talker) && (isVacant || leadsOver(talker, leader));
      boolean isBetter =
          challenger == NOBODY
              || levels.mediumScore(talker) > levels.mediumScore(talkers[challenger]);
      if (mayLead && isBetter) {
        challenger = place;
      }
    }
    if (challenger == NOBODY) {
      return false;
    }
    exchange(0, challenger, nowNs);
    return true;
  }

  private boolean leadsOver(int talker, int leader) {
    return isLouder(talker, leader)
        && levels.mediumScore(talker) > levels.mediumScore(leader) + MARGIN_DB
        && levels.longScore(talker) > levels.longScore(leader);
  }

  /** Brings the talker at the later place forward. The one moved back keeps his age. */
  private void exchange(int place, int later, long nowNs) {
    int moved = talkers[place];
    talkers[place] = talkers[later];
    talkers[later] = moved;
    promotedNs[later] = promotedNs[place];
    promotedNs[place] = nowNs;
  }

  private int loudestOutsider(boolean mustBeActive) {
    int loudest = NOBODY;
    for (int talker = 0; talker < levels.end(); talker++) {
      boolean isCandidate =
          levels.isPresent(talker)
              && levels.wasHeard(talker)
              && (!mustBeActive || levels.isActive(talker))
              && (loudest == NOBODY || levels.shortScore(talker) > levels.shortScore(loudest));
      if (isCandidate && placeOf(talker) == NOBODY) {
        loudest = talker;
      }
    }
    return loudest;
  }

  /** The quietest of places 1 to n - 1 that is not held by one who talks and has just got it. */
  private int quietestReplaceable(int n, long nowNs) {
    int quietest = NOBODY;
    for (int place = 1; place < n; place++) {
      int talker = talkers[place];
      boolean isHeld = nowNs - promotedNs[place] < HOLD_NS && levels.isActive(talker);
      boolean isQuieter =
          quietest == NOBODY || levels.shortScore(talker) < levels.shortScore(talkers[quietest]);
      if (!isHeld && isQuieter) {
        quietest = place;
      }
    }
    return quietest;
  }

  private boolean isLouder(int talker, int than) {
    return levels.shortScore(talker) > levels.shortScore(than) + MARGIN_DB;
  }
}
