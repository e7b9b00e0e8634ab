package dev.parley.media.packet;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Flyweight over one message from a conference to its recorder. Wrap it, read it, forget it.
 * Written by {@link RecordedMessageWriter}. One thread.
 */
public final class RecordedMessage {
  /** The recording begins: its position 0. Message types on the ring. */
  public static final int BEGAN = 1;

  /** A packet of the mix, which lasts one tick; there is one for each tick. */
  public static final int MIXED = 2;

  /** A talker's packet, as it came. */
  public static final int VOICE = 3;

  /** Somebody whose packets will come; the payload is the participant's identifier, in ASCII. */
  public static final int TALKER_CAME = 4;

  /** No more packets will come of a talker. */
  public static final int TALKER_LEFT = 5;

  /** From here on nothing is recorded. */
  public static final int PAUSED = 6;

  /** From here on it is again. */
  public static final int RESUMED = 7;

  /** The last message. */
  public static final int ENDED = 8;

  /** A talker, whose identifier has come before, begins to be heard in the mix. */
  public static final int HEARD = 9;

  /** A talker is no longer heard in the mix. */
  public static final int SILENT = 10;

  static final int TIME_OFFSET = 0;
  static final int TALKER_OFFSET = 8;
  static final int SSRC_OFFSET = 12;
  static final int TIMESTAMP_OFFSET = 16;
  static final int SEQUENCE_NUMBER_OFFSET = 20;
  static final int LEVEL_OFFSET = 22;
  static final int FLAGS_OFFSET = 23;
  static final int PAYLOAD_LENGTH_OFFSET = 24;
  static final int PAYLOAD_OFFSET = 26;
  static final int OVERFLOWED_FLAG = 1;
  static final int OPENED_FLAG = 2;
  static final int WITHHELD_FLAG = 4;

  private DirectBuffer buffer = new UnsafeBuffer(0, 0);
  private int offset;

  /** Wraps the message that starts at the offset. */
  public RecordedMessage wrap(DirectBuffer source, int start) {
    buffer = source;
    offset = start;
    return this;
  }

  /** When it happened or came, on the process's monotonic clock. */
  public long timeNs() {
    return buffer.getLong(offset + TIME_OFFSET);
  }

  /** The talker's number in the conference; others have it after he has left. */
  public int talker() {
    return buffer.getInt(offset + TALKER_OFFSET);
  }

  public int ssrc() {
    return buffer.getInt(offset + SSRC_OFFSET);
  }

  /** Of the mixer's clock, save for a talker's packet: then of its sender's. At 48 kHz; wraps. */
  public int timestampTicks() {
    return buffer.getInt(offset + TIMESTAMP_OFFSET);
  }

  /** Sequence number of a talker's packet, 0..65535; wraps. */
  public int sequenceNumber() {
    return buffer.getShort(offset + SEQUENCE_NUMBER_OFFSET) & 0xFFFF;
  }

  /** Level of the packet's sound, -127..0 dBov, or {@link ReceivedPacket#LEVEL_UNKNOWN}. */
  public int levelDbov() {
    return buffer.getByte(offset + LEVEL_OFFSET);
  }

  /** True if messages before this one found the ring full. */
  public boolean hasOverflowed() {
    return (buffer.getByte(offset + FLAGS_OFFSET) & OVERFLOWED_FLAG) != 0;
  }

  /** True if packets before this one were withheld: somebody was in them who has not consented. */
  public boolean isAfterWithheld() {
    return (buffer.getByte(offset + FLAGS_OFFSET) & WITHHELD_FLAG) != 0;
  }

  /** True on a talker's first packet, also after he was muted or on hold. */
  public boolean isOpening() {
    return (buffer.getByte(offset + FLAGS_OFFSET) & OPENED_FLAG) != 0;
  }

  /** Copies the payload. */
  public byte[] payload() {
    byte[] payload = new byte[buffer.getShort(offset + PAYLOAD_LENGTH_OFFSET) & 0xFFFF];
    buffer.getBytes(offset + PAYLOAD_OFFSET, payload);
    return payload;
  }
}
