package dev.parley.media.forward;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The receiving lines of all receivers of one conference: what makes packets of changing talkers
 * one RTP stream each. Within a talker's stay, numbers are his plus a constant, so the receiver
 * sees his losses and reordering as they are; at a change the sequence goes on by one and the
 * timestamp by the time that passed.
 *
 * <p>A line is a row of numbers in one array, next to those of the receiver who is sent to next: a
 * packet is passed on to hundreds, and were each of them objects of their own, the memory of most
 * would have to be waited for. Receivers are known by their place in the order of sending. Owned by
 * one mix agent.
 */
final class ForwardLines {
  private static final int NONE = -1;
  private static final int INITIAL_RECEIVERS = 8;
  private static final long TICKS_PER_MS = 48;
  private static final long NS_PER_MS = 1_000_000;

  // Of a row.
  private static final int EPOCH = 0;
  private static final int FIRST_SEQUENCE = 1;
  private static final int SEQUENCE_OFFSET = 2;
  private static final int TIMESTAMP_OFFSET = 3;
  private static final int NEXT_SEQUENCE = 4;
  private static final int LATEST_TIMESTAMP = 5;
  private static final int LATEST_DURATION = 6;
  private static final int LATEST_SENT = 7;
  private static final int ROW_LENGTH = 8;

  /** The epoch of a line on which nobody's stay has begun. */
  private static final long NO_STAY = -1;

  /** The duration of the latest packet on a line that has not had any. */
  private static final long UNUSED = -1;

  private final int linesMax;
  private final int slotCount;
  private long[] rows;
  private SourceStays[] stays;
  private byte[] lineOfSlot;

  // Of the packet just rewritten.
  private long sequence;
  private long timestamp;
  private boolean beginsStay;

  /**
   * For nobody yet.
   *
   * @param linesMax lines of a receiver at most
   */
  ForwardLines(int linesMax, int slotCount) {
    this.linesMax = linesMax;
    this.slotCount = slotCount;
    rows = new long[INITIAL_RECEIVERS * linesMax * ROW_LENGTH];
    stays = new SourceStays[INITIAL_RECEIVERS * linesMax];
    lineOfSlot = new byte[INITIAL_RECEIVERS * slotCount];
  }

  /** Makes room for a receiver behind all others, with no slot on any line. */
  void add(int receiver) {
    if ((receiver + 1) * slotCount > lineOfSlot.length) {
      rows = Arrays.copyOf(rows, 2 * rows.length);
      stays = Arrays.copyOf(stays, 2 * stays.length);
      lineOfSlot = Arrays.copyOf(lineOfSlot, 2 * lineOfSlot.length);
    }
    clearSlots(receiver);
  }

  /** Starts an unused line at random numbers of the caller's choice (RFC 3550 section 5.1). */
  void open(int receiver, int line, int sequenceNumber, int timestampTicks) {
    int row = rowOf(receiver, line);
    stays[row / ROW_LENGTH] = new SourceStays();
    rows[row + EPOCH] = NO_STAY;
    rows[row + NEXT_SEQUENCE] = (1L << 40) + (sequenceNumber & 0xFFFF);
    rows[row + LATEST_TIMESTAMP] = (1L << 40) + (timestampTicks & 0xFFFF_FFFFL);
    rows[row + LATEST_DURATION] = UNUSED;
  }

  /** Removes a receiver; those behind it move up. */
  void remove(int receiver, int receiverCount) {
    remove(rows, receiver, receiverCount, linesMax * ROW_LENGTH);
    remove(stays, receiver, receiverCount, linesMax);
    remove(lineOfSlot, receiver, receiverCount, slotCount);
  }

  @SuppressWarnings("SuspiciousSystemArraycopy")
  private static void remove(Object array, int receiver, int receiverCount, int length) {
    int behind = (receiverCount - receiver - 1) * length;
    System.arraycopy(array, (receiver + 1) * length, array, receiver * length, behind);
  }

  /** The line that carries a slot, or -1. */
  int lineOf(int receiver, int slot) {
    return lineOfSlot[receiver * slotCount + slot];
  }

  void clearSlots(int receiver) {
    int first = receiver * slotCount;
    Arrays.fill(lineOfSlot, first, first + slotCount, (byte) NONE);
  }

  void carry(int receiver, int slot, int line) {
    lineOfSlot[receiver * slotCount + slot] = (byte) line;
  }

  /** Ends the stay on a line, to which another talker comes, or nobody. */
  void endStay(int receiver, int line) {
    rows[rowOf(receiver, line) + EPOCH] = NO_STAY;
  }

  /**
   * Works out what the receiver is to see of the packet that the talker of the line has just had
   * accepted. False if it belongs before the first one passed on: its number is taken by the talker
   * before.
   */
  boolean rewrite(int receiver, int line, TalkerStream stream, int durationTicks, long nowNs) {
    int row = rowOf(receiver, line);
    beginsStay = rows[row + EPOCH] != stream.epoch();
    if (beginsStay) {
      beginStay(row, stream, nowNs);
    }
    if (stream.sequence() < rows[row + FIRST_SEQUENCE]) {
      return false;
    }
    sequence = stream.sequence() + rows[row + SEQUENCE_OFFSET];
    timestamp = stream.timestamp() + rows[row + TIMESTAMP_OFFSET];
    rows[row + NEXT_SEQUENCE] = Math.max(rows[row + NEXT_SEQUENCE], sequence + 1);
    if (timestamp >= rows[row + LATEST_TIMESTAMP]) {
      rows[row + LATEST_TIMESTAMP] = timestamp;
      rows[row + LATEST_DURATION] = durationTicks;
      rows[row + LATEST_SENT] = nowNs;
    }
    return true;
  }

  private void beginStay(int row, TalkerStream stream, long nowNs) {
    long step = 0;
    if (rows[row + LATEST_DURATION] != UNUSED) {
      long elapsedTicks = (nowNs - rows[row + LATEST_SENT]) * TICKS_PER_MS / NS_PER_MS;
      // Never into the sound of the packet before: a jittered arrival may look too early.
      step = Math.max(elapsedTicks, rows[row + LATEST_DURATION]);
    }
    long sequenceOffset = rows[row + NEXT_SEQUENCE] - stream.sequence();
    long timestampOffset = rows[row + LATEST_TIMESTAMP] + step - stream.timestamp();
    rows[row + EPOCH] = stream.epoch();
    rows[row + FIRST_SEQUENCE] = stream.sequence();
    rows[row + SEQUENCE_OFFSET] = sequenceOffset;
    rows[row + TIMESTAMP_OFFSET] = timestampOffset;
    long firstSequence = rows[row + NEXT_SEQUENCE];
    stays[row / ROW_LENGTH].begin(
        stream.epoch(), firstSequence, sequenceOffset, timestampOffset, true);
  }

  /** Sequence number of the packet just rewritten, 0..65535. */
  int sequenceNumber() {
    return (int) sequence & 0xFFFF;
  }

  /** Timestamp of the packet just rewritten, in ticks of 48 kHz. */
  int timestampTicks() {
    return (int) timestamp;
  }

  /** True if the packet just rewritten is the line's first of a talker's stream. */
  boolean beginsStay() {
    return beginsStay;
  }

  /** Finds the packet sent under a number, 0..65535; null if none was of late. */
  @Nullable SourceStays find(int receiver, int line, int sequenceNumber) {
    int row = rowOf(receiver, line);
    SourceStays known = stays[row / ROW_LENGTH];
    return known.find(sequenceNumber, rows[row + NEXT_SEQUENCE]) ? known : null;
  }

  /** True if this packet of a talker's stream, or a later one, was sent on the line of late. */
  boolean isPast(int receiver, int line, TalkerStream stream) {
    int row = rowOf(receiver, line);
    return stays[row / ROW_LENGTH].latestOf(stream.epoch(), rows[row + NEXT_SEQUENCE])
        >= stream.sequence();
  }

  private int rowOf(int receiver, int line) {
    return (receiver * linesMax + line) * ROW_LENGTH;
  }
}
