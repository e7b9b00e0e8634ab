package dev.parley.media.transport;

import dev.parley.media.ice.TransportAddress;
import dev.parley.media.packet.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;

/**
 * Receives through Netty, wherever there is no {@link EpollSocket}: the last handler of a channel.
 * Owned by the loop.
 */
final class ChannelReader extends ChannelInboundHandlerAdapter {
  private final MediaSocket socket;
  private final ReceivePath receivePath;
  private final LoopParts parts;
  private final SourceAddress source = new SourceAddress();

  ChannelReader(DatagramChannel channel, ReceivePath receivePath, LoopParts parts) {
    this.receivePath = receivePath;
    this.parts = parts;
    socket = new MediaSocket(new ChannelSender(channel, parts.counters), parts.counters);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    parts.sockets.add(socket);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    parts.sockets.remove(socket);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    DatagramPacket datagram = (DatagramPacket) message;
    try {
      ByteBuf content = datagram.content();
      int length = content.readableBytes();
      int taken = Math.min(length, Limits.DATAGRAM_LENGTH_MAX);
      content.getBytes(content.readerIndex(), parts.received, 0, taken);
      receivePath.onDatagram(
          socket,
          length,
          source.set(TransportAddress.udp(datagram.sender())),
          receivePath.readNs());
    } finally {
      datagram.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    receivePath.onReadComplete();
  }

  /** What the kernel refuses, say for want of a route, is counted; the socket stays. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    parts.counters.increment(TransportCounter.SEND_FAILURES);
  }
}
