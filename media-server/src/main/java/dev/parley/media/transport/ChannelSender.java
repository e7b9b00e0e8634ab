package dev.parley.media.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import org.agrona.DirectBuffer;

/** Sends through Netty, wherever there is no {@link BatchSender}. Owned by one event loop. */
final class ChannelSender implements DatagramSender {
  private final Channel channel;
  private final TransportCounters counters;
  private boolean isDirty;

  ChannelSender(Channel channel, TransportCounters counters) {
    this.channel = channel;
    this.counters = counters;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // A void promise: failures come to exceptionCaught.
  public boolean send(DirectBuffer buffer, int length, RemoteAddress to) {
    if (!channel.isWritable()) {
      counters.increment(TransportCounter.SEND_BUFFER_FULL);
      return false;
    }
    ByteBuf content = channel.alloc().directBuffer(length);
    buffer.getBytes(0, content.internalNioBuffer(0, length), length);
    content.writerIndex(length);
    channel.write(new DatagramPacket(content, to.address()), channel.voidPromise());
    isDirty = true;
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
