package dev.parley.media.forward;

import dev.parley.media.speaker.SpeakerRanking;
import java.util.Arrays;

/**
 * One participant who hears the speakers' own packets: whom each of its lines carries. What a
 * packet on the line becomes is in {@link ForwardLines}. Owned by one mix agent.
 */
final class ForwardReceiver {
  private static final int NONE = -1;

  private final int ownTalker;
  private final int[] slotOfLine;
  private final int[] talkerOfLine;
  private boolean isHeld;

  /**
   * Starts with nobody on any line.
   *
   * @param ownTalker the talker this receiver must never hear, or -1
   */
  ForwardReceiver(int lineCount, int ownTalker) {
    this.ownTalker = ownTalker;
    slotOfLine = new int[lineCount];
    Arrays.fill(slotOfLine, NONE);
    talkerOfLine = new int[lineCount];
    Arrays.fill(talkerOfLine, SpeakerSlots.NOBODY);
  }

  int ownTalker() {
    return ownTalker;
  }

  int lineCount() {
    return slotOfLine.length;
  }

  /** While it is on hold, nobody is on its lines from the next {@link #assign} on. */
  void hold(boolean held) {
    isHeld = held;
  }

  int talkerOn(int line) {
    return talkerOfLine[line];
  }

  /**
   * Gives the lines to the foremost speakers other than oneself. A speaker who stays keeps his
   * line. Returns the slots that have come onto a line, a bit each.
   *
   * @param place the receiver's among the lines
   */
  int assign(SpeakerSlots slots, SpeakerRanking ranking, ForwardLines lines, int place) {
    int wanted = wantedSlots(slots, ranking);
    lines.clearSlots(place);
    for (int line = 0; line < lineCount(); line++) {
      int slot = slotOfLine[line];
      boolean isKept = slot != NONE && (wanted & 1 << slot) != 0;
      if (isKept) {
        wanted &= ~(1 << slot);
      } else {
        slotOfLine[line] = NONE;
      }
    }
    int promoted = 0;
    for (int line = 0; line < lineCount(); line++) {
      if (slotOfLine[line] == NONE && wanted != 0) {
        slotOfLine[line] = Integer.numberOfTrailingZeros(wanted);
        wanted &= wanted - 1;
      }
      if (connect(line, slots, lines, place)) {
        promoted |= 1 << slotOfLine[line];
      }
    }
    return promoted;
  }

  private int wantedSlots(SpeakerSlots slots, SpeakerRanking ranking) {
    int wanted = 0;
    int free = isHeld ? 0 : lineCount();
    int heard = Math.min(slots.count(), ranking.count());
    for (int place = 0; place < heard && free > 0; place++) {
      int talker = ranking.talkerAt(place);
      if (talker != ownTalker) {
        wanted |= 1 << slots.slotOf(talker);
        free--;
      }
    }
    return wanted;
  }

  /** True if a talker has come onto the line. */
  private boolean connect(int line, SpeakerSlots slots, ForwardLines lines, int place) {
    int slot = slotOfLine[line];
    int talker = slot == NONE ? SpeakerSlots.NOBODY : slots.talkerIn(slot);
    if (slot != NONE) {
      lines.carry(place, slot, line);
    }
    if (talkerOfLine[line] == talker) {
      return false;
    }
    talkerOfLine[line] = talker;
    lines.endStay(place, line);
    return talker != SpeakerSlots.NOBODY;
  }
}
