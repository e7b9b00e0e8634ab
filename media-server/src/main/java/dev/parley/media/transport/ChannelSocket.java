package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;

/** One UDP socket of an event loop that has no epoll: a channel of Netty's. */
record ChannelSocket(DatagramChannel channel) implements LoopSockets.Opened {
  /** A longer datagram fills its slot beyond what a packet may have, and so is noticed. */
  private static final int SLOT_LENGTH = Limits.DATAGRAM_LENGTH_MAX + 4;

  /** Waiting datagrams beyond which more are dropped: 5 000 packets of voice. */
  private static final WriteBufferWaterMark SEND_BUFFER =
      new WriteBufferWaterMark(512 << 10, 1 << 20);

  private static final long CLOSE_TIMEOUT_MS = 2_000;

  static ChannelSocket open(
      InetSocketAddress address, IoEventLoop loop, ReceivePath receivePath, LoopParts parts)
      throws IOException {
    SocketProtocolFamily family =
        address.getAddress() instanceof Inet4Address
            ? SocketProtocolFamily.INET
            : SocketProtocolFamily.INET6;
    FixedRecvByteBufAllocator slots = new FixedRecvByteBufAllocator(SLOT_LENGTH);
    slots.maxMessagesPerRead(Limits.DATAGRAMS_PER_READ_MAX);
    ChannelFuture bound =
        new Bootstrap()
            .group(loop)
            .channelFactory(() -> new NioDatagramChannel(family))
            .handler(
                new ChannelInitializer<DatagramChannel>() {
                  @Override
                  protected void initChannel(DatagramChannel channel) {
                    channel.pipeline().addLast(new ChannelReader(channel, receivePath, parts));
                  }
                })
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.RECVBUF_ALLOCATOR, slots)
            .option(ChannelOption.SO_RCVBUF, Limits.SOCKET_BUFFER_LENGTH)
            .option(ChannelOption.SO_SNDBUF, Limits.SOCKET_BUFFER_LENGTH)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, SEND_BUFFER)
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    return new ChannelSocket((DatagramChannel) bound.channel());
  }

  @Override
  public int port() {
    return channel.localAddress().getPort();
  }

  @Override
  public void abandon() {
    if (!channel.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS)) {
      throw new IllegalStateException("socket does not close: " + channel);
    }
  }
}
