package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;

/**
 * Takes TCP connections on one address of an event loop, so many at most from one poll of the loop
 * to the next; the others wait in the kernel. The first handler of its channel. Opened by any
 * thread, then owned by the loop.
 */
final class TcpListener extends ChannelInboundHandlerAdapter {
  /** Connections that the kernel has and the loop does not have yet. */
  private static final int BACKLOG = 512;

  /** Bytes taken from one connection with one call, and calls before others have their turn. */
  private static final int READ_LENGTH = 4096;

  private static final int CALLS_PER_READ_MAX = 4;

  /** Bytes that wait for a connection: beyond the upper packets are dropped, until the lower. */
  private static final WriteBufferWaterMark SEND_QUEUE =
      new WriteBufferWaterMark(
          Limits.CONNECTION_QUEUE_LENGTH_MAX / 2, Limits.CONNECTION_QUEUE_LENGTH_MAX);

  private static final long CLOSE_TIMEOUT_MS = 2_000;

  private final TcpConnections connections;
  private final TransportCounters counters;
  private @Nullable Channel channel;
  private int acceptedCount;

  private TcpListener(TcpConnections connections, TransportCounters counters) {
    this.connections = connections;
    this.counters = counters;
  }

  /** Binds the address and has the loop take connections. */
  static LoopSockets.Opened open(
      InetSocketAddress address,
      IoEventLoop loop,
      boolean usesEpoll,
      TcpConnections connections,
      TransportCounters counters)
      throws IOException {
    FixedRecvByteBufAllocator slots = new FixedRecvByteBufAllocator(READ_LENGTH);
    slots.maxMessagesPerRead(CALLS_PER_READ_MAX);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channelFactory(() -> usesEpoll ? epollChannel(address) : nioChannel(address))
            .handler(new TcpListener(connections, counters))
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel accepted) {
                    accept(accepted, connections);
                  }
                })
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, slots)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_SNDBUF, Limits.CONNECTION_SEND_BUFFER_LENGTH)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, SEND_QUEUE);
    if (usesEpoll) {
      // Of what waits in the kernel nothing can be dropped, so it gets little before it can send.
      bootstrap
          .childOption(
              EpollChannelOption.TCP_NOTSENT_LOWAT, (long) Limits.CONNECTION_QUEUE_LENGTH_MAX / 2)
          .childOption(
              EpollChannelOption.TCP_USER_TIMEOUT,
              (int) (Limits.CONSENT_EXPIRES_AFTER_NS / 1_000_000));
    }
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    return new Opened((ServerChannel) bound.channel());
  }

  private static ServerChannel epollChannel(InetSocketAddress address) {
    return new EpollServerSocketChannel(family(address));
  }

  private static ServerChannel nioChannel(InetSocketAddress address) {
    return new NioServerSocketChannel(SelectorProvider.provider(), family(address));
  }

  private static SocketProtocolFamily family(InetSocketAddress address) {
    return address.getAddress() instanceof Inet4Address
        ? SocketProtocolFamily.INET
        : SocketProtocolFamily.INET6;
  }

  private record Opened(ServerChannel channel) implements LoopSockets.Opened {
    @Override
    public int port() {
      return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void abandon() {
      if (!channel.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS)) {
        throw new IllegalStateException("socket does not close: " + channel);
      }
    }
  }

  // On the loop's thread from here on.

  @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits until a refused one is closed.
  private static void accept(SocketChannel accepted, TcpConnections connections) {
    TcpConnection connection = connections.accept(accepted, accepted.remoteAddress());
    if (connection == null) {
      accepted.close();
    } else {
      accepted.pipeline().addLast(connection);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    connections.add(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    connections.remove(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    acceptedCount++;
    if (acceptedCount == Limits.CONNECTIONS_PER_POLL_MAX) {
      ctx.channel().config().setAutoRead(false);
    }
    ctx.fireChannelRead(message);
  }

  /** The system has no more of what a connection takes; perhaps it will have at the next poll. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    counters.increment(TransportCounter.TCP_ACCEPT_FAILURES);
    ctx.channel().config().setAutoRead(false);
  }

  /** Takes so many more. */
  void acceptMore() {
    acceptedCount = 0;
    Channel listening = channel;
    if (listening != null && !listening.config().isAutoRead()) {
      listening.config().setAutoRead(true);
    }
  }
}
