package dev.parley.media.forward;

import org.jspecify.annotations.Nullable;

/**
 * One receiving line of one receiver: what makes packets of changing talkers one RTP stream. Within
 * a talker's stay, numbers are his plus a constant, so the receiver sees his losses and reordering
 * as they are; at a change the sequence goes on by one and the timestamp by the time that passed.
 * Owned by one mix agent.
 */
final class ForwardLine {
  private static final int NOBODY = -1;
  private static final long TICKS_PER_MS = 48;
  private static final long NS_PER_MS = 1_000_000;

  private final SourceStays stays = new SourceStays();
  private int talker = NOBODY;
  private boolean hasBegun;
  private boolean wasUsed;
  private long streamEpoch;
  private long firstSequence;
  private long sequenceOffset;
  private long timestampOffset;
  private long nextSequence;
  private long latestTimestamp;
  private int latestDurationTicks;
  private long latestSentNs;
  private boolean marker;
  private long sequence;
  private long timestamp;

  /** Starts an unused line at random numbers of the caller's choice (RFC 3550 section 5.1). */
  ForwardLine(int sequenceNumber, int timestampTicks) {
    nextSequence = (1L << 40) + (sequenceNumber & 0xFFFF);
    latestTimestamp = (1L << 40) + (timestampTicks & 0xFFFF_FFFFL);
  }

  int talker() {
    return talker;
  }

  /** Gives the line to another talker, or to -1 for nobody. */
  void assign(int talker) {
    this.talker = talker;
    hasBegun = false;
  }

  /**
   * Works out what the receiver is to see of the packet its talker's stream has just accepted.
   * False if it belongs before the first one passed on: its number is taken by the talker before.
   */
  boolean rewrite(TalkerStream stream, boolean packetMarker, int durationTicks, long nowNs) {
    marker = packetMarker;
    if (!hasBegun || stream.epoch() != streamEpoch) {
      begin(stream, nowNs);
    }
    if (stream.sequence() < firstSequence) {
      return false;
    }
    sequence = stream.sequence() + sequenceOffset;
    timestamp = stream.timestamp() + timestampOffset;
    nextSequence = Math.max(nextSequence, sequence + 1);
    if (timestamp >= latestTimestamp) {
      latestTimestamp = timestamp;
      latestDurationTicks = durationTicks;
      latestSentNs = nowNs;
    }
    return true;
  }

  private void begin(TalkerStream stream, long nowNs) {
    long step = 0;
    if (wasUsed) {
      long elapsedTicks = (nowNs - latestSentNs) * TICKS_PER_MS / NS_PER_MS;
      // Never into the sound of the packet before: a jittered arrival may look too early.
      step = Math.max(elapsedTicks, latestDurationTicks);
    }
    firstSequence = stream.sequence();
    sequenceOffset = nextSequence - firstSequence;
    timestampOffset = latestTimestamp + step - stream.timestamp();
    streamEpoch = stream.epoch();
    hasBegun = true;
    wasUsed = true;
    marker = true;
    stays.begin(streamEpoch, nextSequence, sequenceOffset, timestampOffset, true);
  }

  /** Finds the packet sent under a number, 0..65535; null if none was of late. */
  @Nullable SourceStays find(int sequenceNumber) {
    return stays.find(sequenceNumber, nextSequence) ? stays : null;
  }

  /** True if this packet of a talker's stream, or a later one, was sent on the line of late. */
  boolean isPast(TalkerStream stream) {
    return stays.latestOf(stream.epoch(), nextSequence) >= stream.sequence();
  }

  /** Sequence number of the packet just rewritten, 0..65535. */
  int sequenceNumber() {
    return (int) sequence & 0xFFFF;
  }

  /** Timestamp of the packet just rewritten, in ticks of 48 kHz. */
  int timestampTicks() {
    return (int) timestamp;
  }

  /** Marker bit of the packet just rewritten. */
  boolean marker() {
    return marker;
  }
}
