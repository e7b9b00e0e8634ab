package dev.parley.media.forward;

import dev.parley.media.speaker.SpeakerRanking;
import java.util.Arrays;

/**
 * One participant who hears the speakers' own packets: its lines, and which slot each carries.
 * Owned by one mix agent.
 */
final class ForwardReceiver {
  private static final int NONE = -1;

  private final int number;
  private final ForwardLine[] lines;
  private final int[] slotOfLine;
  private final int[] lineOfSlot;
  private int ownTalker = NONE;

  /** Starts with no slot on any line; the seed sets where its numbers begin. */
  ForwardReceiver(int number, int lineCount, int slotCount, long seed) {
    this.number = number;
    lines = new ForwardLine[lineCount];
    long random = seed;
    for (int line = 0; line < lineCount; line++) {
      random = random * 6364136223846793005L + 1442695040888963407L;
      // The top bit is left clear: a receiver that misses the first packets must not mistake the
      // wrap-around that follows (RFC 3711 section 3.3.1).
      lines[line] = new ForwardLine((int) (random >>> 49), (int) (random >>> 16));
    }
    slotOfLine = new int[lineCount];
    Arrays.fill(slotOfLine, NONE);
    lineOfSlot = new int[slotCount];
    Arrays.fill(lineOfSlot, NONE);
  }

  int number() {
    return number;
  }

  int ownTalker() {
    return ownTalker;
  }

  /** Names the talker this receiver must never hear, or -1. */
  void ownTalker(int talker) {
    ownTalker = talker;
  }

  int lineCount() {
    return lines.length;
  }

  ForwardLine line(int line) {
    return lines[line];
  }

  /** The line that carries a slot, or -1. */
  int lineOf(int slot) {
    return lineOfSlot[slot];
  }

  /**
   * Gives the lines to the foremost speakers other than oneself. A speaker who stays keeps his
   * line. Returns the slots that have come onto a line, a bit each.
   */
  int assign(SpeakerSlots slots, SpeakerRanking ranking) {
    int wanted = wantedSlots(slots, ranking);
    Arrays.fill(lineOfSlot, NONE);
    for (int line = 0; line < lines.length; line++) {
      int slot = slotOfLine[line];
      boolean isKept = slot != NONE && (wanted & 1 << slot) != 0;
      if (isKept) {
        wanted &= ~(1 << slot);
      } else {
        slotOfLine[line] = NONE;
      }
    }
    int promoted = 0;
    for (int line = 0; line < lines.length; line++) {
      if (slotOfLine[line] == NONE && wanted != 0) {
        slotOfLine[line] = Integer.numberOfTrailingZeros(wanted);
        wanted &= wanted - 1;
      }
      if (connect(line, slots)) {
        promoted |= 1 << slotOfLine[line];
      }
    }
    return promoted;
  }

  private int wantedSlots(SpeakerSlots slots, SpeakerRanking ranking) {
    int wanted = 0;
    int free = lines.length;
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
  private boolean connect(int line, SpeakerSlots slots) {
    int slot = slotOfLine[line];
    int talker = slot == NONE ? SpeakerSlots.NOBODY : slots.talkerIn(slot);
    if (slot != NONE) {
      lineOfSlot[slot] = line;
    }
    if (lines[line].talker() == talker) {
      return false;
    }
    lines[line].assign(talker);
    return talker != SpeakerSlots.NOBODY;
  }

  /** True if this packet of a talker's stream, or a later one, was sent on any line of late. */
  boolean isPast(TalkerStream stream) {
    for (ForwardLine line : lines) {
      if (line.isPast(stream)) {
        return true;
      }
    }
    return false;
  }
}
