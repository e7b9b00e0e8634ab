package dev.parley.media.conference;

import dev.parley.media.packet.Limits;
import dev.parley.media.packet.OutgoingPacketWriter;
import dev.parley.media.packet.ReceivedPacket;
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

  /** Of a copied content: payload's length, level, voice activity, count of CSRCs. */
  private static final int CONTENT_HEADER_LENGTH = 5;

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
  private boolean isRetransmission;
  private int levelDbov;
  private boolean voiceActivity;
  private int csrcCount;
  private int handedOver;

  OutgoingFan(List<RingBuffer> outbound, LoopWake wake, ConferenceCounters counters) {
    this.wake = wake;
    this.counters = counters;
    rings = outbound.toArray(new RingBuffer[0]);
    writers = new OutgoingPacketWriter[rings.length];
    lanes = new Lane[rings.length];
    targetCounts = new int[rings.length];
    mustWake = new boolean[rings.length];
    for (int loop = 0; loop < rings.length; loop++) {
      writers[loop] = new OutgoingPacketWriter();
      lanes[loop] = Lane.IDLE;
    }
  }

  int loopCount() {
    return rings.length;
  }

  /** Starts with a payload that must stay as it is until {@link #end}; no CSRC, level unknown. */
  void begin(DirectBuffer buffer, int offset, int length) {
    payload = buffer;
    payloadOffset = offset;
    payloadLength = length;
    levelDbov = ReceivedPacket.LEVEL_UNKNOWN;
    voiceActivity = false;
    csrcCount = 0;
    isRetransmission = false;
    handedOver = 0;
  }

  /** Bytes of {@link #copyContent}. */
  int contentLength() {
    return CONTENT_HEADER_LENGTH + CONTENT_CSRC_LENGTH * csrcCount + payloadLength;
  }

  /** Copies the payload and all that goes with it to every receiver. */
  void copyContent(MutableDirectBuffer destination, int offset) {
    destination.putShort(offset, (short) payloadLength);
    destination.putByte(offset + 2, (byte) levelDbov);
    destination.putByte(offset + 3, (byte) (voiceActivity ? 1 : 0));
    destination.putByte(offset + 4, (byte) csrcCount);
    int at = offset + CONTENT_HEADER_LENGTH;
    for (int i = 0; i < csrcCount; i++) {
      destination.putInt(at, csrcs[i]);
      destination.putByte(at + 4, (byte) csrcLevelsDbov[i]);
      at += CONTENT_CSRC_LENGTH;
    }
    destination.putBytes(at, payload, payloadOffset, payloadLength);
  }

  /**
   * Starts with a copied content, which must stay as it is until {@link #end}, for one who lost it.
   */
  void beginAgain(DirectBuffer content, int offset) {
    int count = content.getByte(offset + 4);
    int payloadAt = offset + CONTENT_HEADER_LENGTH + CONTENT_CSRC_LENGTH * count;
    begin(content, payloadAt, content.getShort(offset) & 0xFFFF);
    isRetransmission = true;
    level(content.getByte(offset + 2), content.getByte(offset + 3) != 0);
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
   * @param peer where it is
   * @param expected how many targets this payload has on the peer's loop, at least; room for them
   *     is claimed at once
   */
  void addTarget(
      Participant peer,
      int expected,
      int line,
      int sequenceNumber,
      int timestampTicks,
      boolean marker) {
    int loop = peer.loopIndex();
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
    writer.addTarget(peer.peerId(), line, sequenceNumber, timestampTicks, marker);
    targetCounts[loop]++;
    handedOver++;
  }

  private void open(int loop, int expected) {
    int room = Math.clamp(expected - targetCounts[loop], 1, Limits.TARGETS_PER_MESSAGE_MAX);
    OutgoingPacketWriter writer = writers[loop];
    if (!writer.tryClaim(rings[loop], payloadLength, csrcCount, room)) {
      lanes[loop] = Lane.FULL;
      return;
    }
    lanes[loop] = Lane.OPEN;
    writer.level(levelDbov, voiceActivity);
    if (isRetransmission) {
      writer.retransmission();
    }
    for (int i = 0; i < csrcCount; i++) {
      writer.addCsrc(csrcs[i], csrcLevelsDbov[i]);
    }
    writer.payload(payload, payloadOffset);
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
