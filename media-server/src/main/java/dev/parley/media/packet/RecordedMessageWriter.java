package dev.parley.media.packet;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Writes {@link RecordedMessage}s to one recording's ring: for packets only as long as there is
 * room left for what must be told of the recording itself. Never waits. Owned by the mix agent that
 * has the conference.
 */
public final class RecordedMessageWriter {
  /** Bytes that packets leave free: a hundred beginnings, pauses and ends. */
  private static final int RESERVE_LENGTH = 1 << 13;

  private static final DirectBuffer NOTHING = new UnsafeBuffer(0, 0);

  private final RingBuffer ring;
  private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
  private boolean hasOverflowed;
  private boolean hasWithheld;
  private int ssrc;
  private int sequenceNumber;
  private int levelDbov;
  private boolean isOpening;
  private long timeNs;
  private int timestampTicks;
  private int talker;

  public RecordedMessageWriter(RingBuffer ring) {
    this.ring = ring;
  }

  /** Sets what only the next packet has. */
  public RecordedMessageWriter header(int source, int number, int dbov, boolean opening) {
    ssrc = source;
    sequenceNumber = number;
    levelDbov = dbov;
    isOpening = opening;
    return this;
  }

  /** Sets the next message's time, on both clocks, and whose it is, if anybody's. */
  public RecordedMessageWriter at(long ns, int ticks, int talkerNumber) {
    timeNs = ns;
    timestampTicks = ticks;
    talker = talkerNumber;
    return this;
  }

  /** Writes a packet; false if the ring is too full, which the next packet will tell. */
  public boolean packet(int type, DirectBuffer source, int offset, int length) {
    boolean fits = ring.capacity() - ring.size() - length > RESERVE_LENGTH;
    if (!fits || !write(type, source, offset, length)) {
      hasOverflowed = true;
      return false;
    }
    hasOverflowed = false;
    hasWithheld = false;
    return true;
  }

  /** A packet is not to be recorded, which the next one that is will tell. */
  public void withhold() {
    hasWithheld = true;
  }

  /**
   * Writes what is told beside the packets, with a payload or none; false if the ring is too full
   * for it, which nothing tells.
   */
  public boolean aside(int type, DirectBuffer source, int offset, int length) {
    boolean fits = ring.capacity() - ring.size() - length > RESERVE_LENGTH;
    return fits
        && header(0, 0, ReceivedPacket.LEVEL_UNKNOWN, false).write(type, source, offset, length);
  }

  /** Like {@link #aside(int, DirectBuffer, int, int)}, without a payload. */
  public boolean aside(int type) {
    return aside(type, NOTHING, 0, 0);
  }

  /** Writes what is told of the recording; false if even its own room is full. */
  public boolean mark(int type) {
    return header(0, 0, ReceivedPacket.LEVEL_UNKNOWN, false).write(type, NOTHING, 0, 0);
  }

  private boolean write(int type, DirectBuffer source, int offset, int length) {
    int index = ring.tryClaim(type, RecordedMessage.PAYLOAD_OFFSET + length);
    if (index < 0) {
      return false;
    }
    buffer.wrap(ring.buffer(), index, RecordedMessage.PAYLOAD_OFFSET + length);
    buffer.putLong(RecordedMessage.TIME_OFFSET, timeNs);
    buffer.putInt(RecordedMessage.TALKER_OFFSET, talker);
    buffer.putInt(RecordedMessage.SSRC_OFFSET, ssrc);
    buffer.putInt(RecordedMessage.TIMESTAMP_OFFSET, timestampTicks);
    buffer.putShort(RecordedMessage.SEQUENCE_NUMBER_OFFSET, (short) sequenceNumber);
    buffer.putByte(RecordedMessage.LEVEL_OFFSET, (byte) levelDbov);
    int flags = hasOverflowed ? RecordedMessage.OVERFLOWED_FLAG : 0;
    flags |= isOpening ? RecordedMessage.OPENED_FLAG : 0;
    flags |= hasWithheld ? RecordedMessage.WITHHELD_FLAG : 0;
    buffer.putByte(RecordedMessage.FLAGS_OFFSET, (byte) flags);
    buffer.putShort(RecordedMessage.PAYLOAD_LENGTH_OFFSET, (short) length);
    buffer.putBytes(RecordedMessage.PAYLOAD_OFFSET, source, offset, length);
    ring.commit(index);
    return true;
  }
}
