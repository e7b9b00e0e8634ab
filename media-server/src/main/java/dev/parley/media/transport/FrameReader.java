package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import io.netty.buffer.ByteBuf;

/**
 * Takes packets out of a TCP stream, in which each has its length before it, in two bytes (RFC 4571
 * section 2). Keeps what has come of a packet until the rest comes. Owned by one event loop.
 */
final class FrameReader {
  /** Bytes before each packet. */
  static final int HEADER_LENGTH = Short.BYTES;

  private final Sink sink;
  private final byte[] frame = new byte[Limits.DATAGRAM_LENGTH_MAX];
  private int missingHeader = HEADER_LENGTH;
  private int length;
  private int taken;

  FrameReader(Sink sink) {
    this.sink = sink;
  }

  /** Where packets go. */
  interface Sink {
    /**
     * Takes a packet.
     *
     * @param frame begins with it; good for this call only
     * @param length at least 1
     */
    void onFrame(byte[] frame, int length);
  }

  /**
   * Reads on, all there is.
   *
   * @return false if a packet is longer than a datagram may be: nothing can be read after that
   */
  boolean read(ByteBuf bytes) {
    while (bytes.isReadable()) {
      if (missingHeader > 0) {
        length = length << Byte.SIZE | bytes.readUnsignedByte();
        missingHeader--;
      } else {
        int part = Math.min(length - taken, bytes.readableBytes());
        bytes.readBytes(frame, taken, part);
        taken += part;
      }
      if (missingHeader == 0) {
        if (length > frame.length) {
          return false;
        }
        if (taken == length) {
          complete();
        }
      }
    }
    return true;
  }

  /** An empty packet is allowed, and says nothing. */
  private void complete() {
    if (length > 0) {
      sink.onFrame(frame, length);
    }
    missingHeader = HEADER_LENGTH;
    length = 0;
    taken = 0;
  }
}
