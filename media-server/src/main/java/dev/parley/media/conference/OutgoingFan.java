package dev.parley.media.conference;

import dev.parley.media.packet.Limits;
import dev.parley.media.packet.OutgoingPacketWriter;
import dev.parley.media.packet.ReceivedPacket;
import dev.parley.media.rtp.RedPacket;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Fans one payload out to receivers on all event loops: begin, targets in any order, end. Each loop
 * gets one message for up to {@link Limits#TARGETS_PER_MESSAGE_MAX} targets; a full ring drops, is
 * counted, and is not asked again for this payload. Owned by one mix agent.
 */
final class OutgoingFan {
  /** What happened at one loop's ring since {@link #begin}. */
  private enum Lane {
    IDLE,
    OPEN,
    FULL
  }

  /** Of a copied content: payload's length, level, flags, count of CSRCs. */
  private static final int CONTENT_HEADER_LENGTH = 5;

  private static final int VOICE_ACTIVITY_FLAG = 1;
  private static final int RED_FLAG = 2;
  private static final int RED_HEADERS_LENGTH =
      RedPacket.REDUNDANT_HEADER_LENGTH + RedPacket.PRIMARY_HEADER_LENGTH;

  /** Room for targets at a time once there are more than were expected. */
  private static final int UNEXPECTED_TARGETS = 16;

  /** A CSRC and its level. */
  private static final int CONTENT_CSRC_LENGTH = 5;

  private final RingBuffer[] rings;
  private final OutgoingPacketWriter[] writers;
  private final Lane[] lanes;
  private final int[] targetCounts;
  private final boolean[] mustWake;
  private final LoopWake wake;
  private final ConferenceCounters counters;
  private final int[] csrcs = new int[Limits.CSRC_COUNT_MAX];
  private final int[] csrcLevelsDbov = new int[Limits.CSRC_COUNT_MAX];

  private DirectBuffer payload = new UnsafeBuffer(0, 0);
  private int payloadOffset;
  private int payloadLength;
  private final UnsafeBuffer redHeaders = new UnsafeBuffer(new byte[RED_HEADERS_LENGTH]);
  private DirectBuffer redundant = new UnsafeBuffer(0, 0);
  private int redundantOffset;
  private int redundantLength;
  private boolean hasRedundant;
  private boolean isRed;
  private boolean isRetransmission;
  private int levelDbov;
  private boolean voiceActivity;
  private int csrcCount;
  private int handedOver;

  OutgoingFan(List<RingBuffer> outbound, LoopWake wake, ConferenceCounters counters) {
    this(outbound.toArray(new RingBuffer[0]), new boolean[outbound.size()], wake, counters);
  }

  private OutgoingFan(
      RingBuffer[] rings, boolean[] mustWake, LoopWake wake, ConferenceCounters counters) {
    this.wake = wake;
    this.counters = counters;
    this.rings = rings;
    this.mustWake = mustWake;
    writers = new OutgoingPacketWriter[rings.length];
    lanes = new Lane[rings.length];
    targetCounts = new int[rings.length];
    for (int loop = 0; loop < rings.length; loop++) {
      writers[loop] = new OutgoingPacketWriter();
      lanes[loop] = Lane.IDLE;
    }
  }

  /**
   * Another fan on the same rings, for another form of the same packet: both may be between begin
   * and end at once. This one wakes the loops for both.
   */
  OutgoingFan companion() {
    return new OutgoingFan(rings, mustWake, wake, counters);
  }

  int loopCount() {
    return rings.length;
  }

  /** The rings to the loops, by loop. */
  RingBuffer[] rings() {
    return rings;
  }

  /** Starts with a payload that must stay as it is until {@link #end}; no CSRC, level unknown. */
  void begin(DirectBuffer buffer, int offset, int length) {
    payload = buffer;
    payloadOffset = offset;
    payloadLength = length;
    levelDbov = ReceivedPacket.LEVEL_UNKNOWN;
    voiceActivity = false;
    csrcCount = 0;
    isRed = false;
    hasRedundant = false;
    isRetransmission = false;
    handedOver = 0;
  }

  /** Says that the payload is RED and well-formed (RFC 2198). Before the first target. */
  void red() {
    isRed = true;
  }

  /**
   * Makes RED of the payload with an older one beside it, which must stay as it is until {@link
   * #end}. Before the first target.
   */
  void redundancy(DirectBuffer buffer, int offset, int length, int timestampOffsetTicks) {
    redundant = buffer;
    redundantOffset = offset;
    redundantLength = length;
    hasRedundant = true;
    isRed = true;
    // Each receiver's event loop puts in the receiver's payload type.
    RedPacket.writeHeaders(redHeaders, 0, 0, timestampOffsetTicks, length);
  }

  private int wholeLength() {
    return hasRedundant ? RED_HEADERS_LENGTH + redundantLength + payloadLength : payloadLength;
  }

  /** Bytes of {@link #copyContent}. */
  int contentLength() {
    return CONTENT_HEADER_LENGTH + CONTENT_CSRC_LENGTH * csrcCount + wholeLength();
  }

  /** Copies the payload and all that goes with it to every receiver. */
  void copyContent(MutableDirectBuffer destination, int offset) {
    int flags = (voiceActivity ? VOICE_ACTIVITY_FLAG : 0) | (isRed ? RED_FLAG : 0);
    destination.putShort(offset, (short) wholeLength());
    destination.putByte(offset + 2, (byte) levelDbov);
    destination.putByte(offset + 3, (byte) flags);
    destination.putByte(offset + 4, (byte) csrcCount);
    int at = offset + CONTENT_HEADER_LENGTH;
    for (int i = 0; i < csrcCount; i++) {
      destination.putInt(at, csrcs[i]);
      destination.putByte(at + 4, (byte) csrcLevelsDbov[i]);
      at += CONTENT_CSRC_LENGTH;
    }
    if (hasRedundant) {
      destination.putBytes(at, redHeaders, 0, RED_HEADERS_LENGTH);
      at += RED_HEADERS_LENGTH;
      destination.putBytes(at, redundant, redundantOffset, redundantLength);
      at += redundantLength;
    }
    destination.putBytes(at, payload, payloadOffset, payloadLength);
  }

  /** Bytes of a copied content's payload. */
  static int payloadLength(DirectBuffer content, int offset) {
    return content.getShort(offset) & 0xFFFF;
  }

  /** Where the payload of a copied content starts. */
  static int payloadOffset(DirectBuffer content, int offset) {
    return offset + CONTENT_HEADER_LENGTH + CONTENT_CSRC_LENGTH * content.getByte(offset + 4);
  }

  /**
   * Starts with a copied content, which must stay as it is until {@link #end}, for one who lost it.
   */
  void beginAgain(DirectBuffer content, int offset) {
    int payloadAt = payloadOffset(content, offset);
    int flags = content.getByte(offset + 3);
    begin(content, payloadAt, payloadLength(content, offset));
    isRetransmission = true;
    isRed = (flags & RED_FLAG) != 0;
    level(content.getByte(offset + 2), (flags & VOICE_ACTIVITY_FLAG) != 0);
    for (int at = offset + CONTENT_HEADER_LENGTH; at < payloadAt; at += CONTENT_CSRC_LENGTH) {
      addCsrc(content.getInt(at), content.getByte(at + 4));
    }
  }

  /** Level of the talker or the mix, before the first target. */
  void level(int dbov, boolean hasVoice) {
    levelDbov = dbov;
    voiceActivity = hasVoice;
  }

  /** One who is heard in it, before the first target; beyond 15 the header has no room. */
  void addCsrc(int csrc, int dbov) {
    if (csrcCount < Limits.CSRC_COUNT_MAX) {
      csrcs[csrcCount] = csrc;
      csrcLevelsDbov[csrcCount] = dbov;
      csrcCount++;
    }
  }

  /**
   * Adds a receiver.
   *
   * @param seat where it is, see {@link Seat}
   * @param expected how many targets this payload has on the peer's loop; room for them is claimed
   *     at once
   */
  void addTarget(
      long seat, int expected, int line, int sequenceNumber, int timestampTicks, boolean marker) {
    int loop = Seat.loopOf(seat);
    OutgoingPacketWriter writer = writers[loop];
    if (lanes[loop] == Lane.OPEN && !writer.hasRoom()) {
      commit(loop);
    }
    if (lanes[loop] == Lane.IDLE) {
      open(loop, expected);
    }
    if (lanes[loop] == Lane.FULL) {
      counters.increment(ConferenceCounter.DROPPED_TARGETS);
      return;
    }
    writer.addTarget(Seat.peerIdOf(seat), line, sequenceNumber, timestampTicks, marker);
    targetCounts[loop]++;
    handedOver++;
  }

  private void open(int loop, int expected) {
    int left = expected - targetCounts[loop];
    int room = left > 0 ? Math.min(left, Limits.TARGETS_PER_MESSAGE_MAX) : UNEXPECTED_TARGETS;
    OutgoingPacketWriter writer = writers[loop];
    if (!writer.tryClaim(rings[loop], wholeLength(), csrcCount, room)) {
      lanes[loop] = Lane.FULL;
      return;
    }
    lanes[loop] = Lane.OPEN;
    writer.level(levelDbov, voiceActivity);
    if (isRetransmission) {
      writer.retransmission();
    }
    if (isRed) {
      writer.red();
    }
    for (int i = 0; i < csrcCount; i++) {
      writer.addCsrc(csrcs[i], csrcLevelsDbov[i]);
    }
    int position = 0;
    if (hasRedundant) {
      writer.payloadPart(0, redHeaders, 0, RED_HEADERS_LENGTH);
      writer.payloadPart(RED_HEADERS_LENGTH, redundant, redundantOffset, redundantLength);
      position = RED_HEADERS_LENGTH + redundantLength;
    }
    writer.payloadPart(position, payload, payloadOffset, payloadLength);
  }

  private void commit(int loop) {
    writers[loop].commit();
    lanes[loop] = Lane.IDLE;
    mustWake[loop] = true;
    counters.increment(ConferenceCounter.OUTGOING_MESSAGES);
  }

  /** Makes all of it visible to the loops and says how many targets were handed over. */
  int end() {
    for (int loop = 0; loop < lanes.length; loop++) {
      if (lanes[loop] == Lane.OPEN) {
        commit(loop);
      }
      lanes[loop] = Lane.IDLE;
      targetCounts[loop] = 0;
    }
    return handedOver;
  }

  /**
   * Gives back what a conference that threw had claimed: a claim left open would block its ring.
   */
  void abort() {
    for (int loop = 0; loop < lanes.length; loop++) {
      if (lanes[loop] == Lane.OPEN) {
        writers[loop].abort();
      }
      lanes[loop] = Lane.IDLE;
      targetCounts[loop] = 0;
    }
  }

  /** Wakes each loop that was written to since the last call. */
  void wakeLoops() {
    for (int loop = 0; loop < mustWake.length; loop++) {
      if (mustWake[loop]) {
        mustWake[loop] = false;
        wake.wake(loop);
      }
    }
  }
}
