package dev.parley.media.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * One UDP socket of an event loop, as the last handler of its Netty channel. Datagrams go to the
 * receive path as they come; sent ones are flushed once for each read cycle or drain. Owned by the
 * loop.
 */
final class MediaSocket extends ChannelInboundHandlerAdapter {
  private final DatagramSender sender;
  private final ReceivePath receivePath;
  private final LoopParts parts;
  private final TransportCounters counters;

  MediaSocket(DatagramSender sender, ReceivePath receivePath, LoopParts parts) {
    this.sender = sender;
    this.receivePath = receivePath;
    this.parts = parts;
    counters = parts.counters;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    parts.sockets.add(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    parts.sockets.remove(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    DatagramPacket datagram = (DatagramPacket) message;
    try {
      receivePath.onDatagram(this, datagram.content(), datagram.sender());
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
    counters.increment(TransportCounter.SEND_FAILURES);
  }

  /** Sends a copy of the bytes with the next flush. False, and counted, if it was dropped. */
  boolean send(byte[] buffer, int length, RemoteAddress to) {
    if (!sender.send(buffer, length, to)) {
      return false;
    }
    counters.increment(TransportCounter.DATAGRAMS_SENT);
    counters.add(TransportCounter.BYTES_SENT, length);
    return true;
  }

  /** Gives the kernel what was sent since the last flush. */
  void flush() {
    sender.flush();
  }
}
