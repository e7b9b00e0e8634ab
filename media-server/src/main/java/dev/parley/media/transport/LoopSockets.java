package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Opens the sockets of one event loop, all on one port. Used once, at start. */
final class LoopSockets {
  /** A longer datagram fills its slot beyond what a packet may have, and so is noticed. */
  private static final int SLOT_LENGTH = Limits.DATAGRAM_LENGTH_MAX + 4;

  /** Datagrams taken with one recvmmsg. */
  private static final int SLOTS_PER_READ = 16;

  /** Waiting datagrams beyond which more are dropped: 5 000 packets of voice. */
  private static final WriteBufferWaterMark SEND_BUFFER =
      new WriteBufferWaterMark(512 << 10, 1 << 20);

  /** A free port for one address may be taken for another; so many are tried. */
  private static final int PORTS_TRIED_MAX = 16;

  private static final long CLOSE_TIMEOUT_MS = 2_000;

  private final IoEventLoop eventLoop;
  private final boolean usesEpoll;
  private final List<InetAddress> addresses;

  LoopSockets(IoEventLoop eventLoop, boolean usesEpoll, List<InetAddress> addresses) {
    this.eventLoop = eventLoop;
    this.usesEpoll = usesEpoll;
    this.addresses = addresses;
  }

  /** Makes the handler of a new channel. On the loop's thread. */
  interface HandlerFactory {
    ChannelHandler create(DatagramChannel channel);
  }

  /** Binds every address to the port, or, if it is 0, to one that is free for all; returns it. */
  int open(int port, HandlerFactory factory) throws IOException {
    int tries = port == 0 ? PORTS_TRIED_MAX : 1;
    IOException last = new BindException("no port");
    for (int i = 0; i < tries; i++) {
      List<DatagramChannel> bound = new ArrayList<>();
      try {
        return bindAll(port, factory, bound);
      } catch (IOException e) {
        close(bound);
        last = e;
      }
    }
    throw last;
  }

  private int bindAll(int port, HandlerFactory factory, List<DatagramChannel> bound)
      throws IOException {
    int common = port;
    for (InetAddress address : addresses) {
      DatagramChannel channel = bind(new InetSocketAddress(address, common), factory);
      bound.add(channel);
      common = channel.localAddress().getPort();
    }
    return common;
  }

  private static void close(List<DatagramChannel> bound) {
    for (DatagramChannel channel : bound) {
      if (!channel.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS)) {
        throw new IllegalStateException("socket does not close: " + channel);
      }
    }
  }

  private DatagramChannel bind(InetSocketAddress address, HandlerFactory factory)
      throws IOException {
    SocketProtocolFamily family =
        address.getAddress() instanceof Inet4Address
            ? SocketProtocolFamily.INET
            : SocketProtocolFamily.INET6;
    ChannelFactory<DatagramChannel> channels =
        usesEpoll ? () -> new EpollDatagramChannel(family) : () -> new NioDatagramChannel(family);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(eventLoop)
            .channelFactory(channels)
            .handler(
                new ChannelInitializer<DatagramChannel>() {
                  @Override
                  protected void initChannel(DatagramChannel channel) {
                    channel.pipeline().addLast(factory.create(channel));
                  }
                })
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.SO_RCVBUF, Limits.SOCKET_BUFFER_LENGTH)
            .option(ChannelOption.SO_SNDBUF, Limits.SOCKET_BUFFER_LENGTH)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, SEND_BUFFER);
    if (usesEpoll) {
      bootstrap
          .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, SLOT_LENGTH)
          .option(ChannelOption.RECVBUF_ALLOCATOR, reads(SLOTS_PER_READ * SLOT_LENGTH));
    } else {
      bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, reads(SLOT_LENGTH));
    }
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot bind UDP " + address, bound.cause());
    }
    return (DatagramChannel) bound.channel();
  }

  private static FixedRecvByteBufAllocator reads(int bufferLength) {
    FixedRecvByteBufAllocator allocator = new FixedRecvByteBufAllocator(bufferLength);
    allocator.maxMessagesPerRead(Limits.DATAGRAMS_PER_READ_MAX);
    return allocator;
  }
}
