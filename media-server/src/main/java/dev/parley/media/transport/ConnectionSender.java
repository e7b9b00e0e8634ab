package dev.parley.media.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.agrona.DirectBuffer;

/**
 * Sends packets by one TCP connection, each with its length before it (RFC 4571 section 2). What
 * the network does not take soon is dropped and counted, as by UDP: voice that waits is worth
 * nothing. Owned by one event loop.
 */
final class ConnectionSender implements DatagramSender {
  private final Channel channel;
  private final LoopParts parts;
  private boolean isDirty;

  ConnectionSender(Channel channel, LoopParts parts) {
    this.channel = channel;
    this.parts = parts;
  }

  /** Its far end is where the connection leads, whatever the address. */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // A void promise: failures come to exceptionCaught.
  public boolean send(DirectBuffer buffer, int length, RemoteAddress to) {
    if (!channel.isActive()) {
      parts.counters.increment(TransportCounter.SEND_FAILURES);
      return false;
    }
    if (!channel.isWritable()) {
      parts.counters.increment(TransportCounter.TCP_SEND_QUEUE_FULL);
      return false;
    }
    ByteBuf frame = channel.alloc().directBuffer(FrameReader.HEADER_LENGTH + length);
    frame.writeShort(length);
    buffer.getBytes(0, frame.internalNioBuffer(FrameReader.HEADER_LENGTH, length), length);
    frame.writerIndex(FrameReader.HEADER_LENGTH + length);
    channel.write(frame, channel.voidPromise());
    if (!isDirty) {
      isDirty = true;
      parts.willFlush(this);
    }
    return true;
  }

  @Override
  public void flush() {
    if (isDirty) {
      isDirty = false;
      channel.flush();
    }
  }
}
