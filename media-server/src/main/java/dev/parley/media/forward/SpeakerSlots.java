package dev.parley.media.forward;

import dev.parley.media.speaker.SpeakerRanking;
import java.util.Arrays;

/**
 * The talkers being forwarded in one conference, each in a slot that he keeps while others come and
 * go. Owned by one mix agent.
 */
final class SpeakerSlots {
  static final int NOBODY = -1;

  private final int[] talkers;

  SpeakerSlots(int count) {
    talkers = new int[count];
    Arrays.fill(talkers, NOBODY);
  }

  int count() {
    return talkers.length;
  }

  /** The talker in a slot, or -1. */
  int talkerIn(int slot) {
    return talkers[slot];
  }

  /** The talker's slot, or -1. */
  int slotOf(int talker) {
    for (int slot = 0; slot < talkers.length; slot++) {
      if (talkers[slot] == talker) {
        return slot;
      }
    }
    return NOBODY;
  }

  /** Takes over the first places of a ranking. */
  void assign(SpeakerRanking ranking) {
    int heard = Math.min(talkers.length, ranking.count());
    for (int slot = 0; slot < talkers.length; slot++) {
      int place = talkers[slot] == NOBODY ? NOBODY : ranking.placeOf(talkers[slot]);
      if (place < 0 || place >= heard) {
        talkers[slot] = NOBODY;
      }
    }
    for (int place = 0; place < heard; place++) {
      if (slotOf(ranking.talkerAt(place)) == NOBODY) {
        talkers[slotOf(NOBODY)] = ranking.talkerAt(place);
      }
    }
  }
}
