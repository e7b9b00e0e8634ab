package dev.parley.media.transport;

import dev.parley.media.packet.Limits;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;

/**
 * One UDP socket of an event loop on epoll, read and written by many datagrams a system call.
 * Opened by any thread, then owned by the loop.
 */
final class EpollSocket implements EpollIoHandle {
  private static final long CLOSE_TIMEOUT_MS = 2_000;

  private final LinuxSocket descriptor;
  private final MediaSocket socket;
  private final BatchReceiver receiver;
  private final LoopParts parts;

  private EpollSocket(LinuxSocket descriptor, BatchReceiver receiver, LoopParts parts) {
    this.descriptor = descriptor;
    this.receiver = receiver;
    this.parts = parts;
    socket = new MediaSocket(new BatchSender(descriptor, parts.counters), parts.counters);
  }

  /**
   * Binds a socket and has the loop read it.
   *
   * @throws IOException if the address or port cannot be had; nothing is left open then
   */
  static LoopSockets.Opened open(
      InetSocketAddress address, IoEventLoop loop, BatchReceiver receiver, LoopParts parts)
      throws IOException {
    SocketProtocolFamily family =
        address.getAddress() instanceof Inet4Address
            ? SocketProtocolFamily.INET
            : SocketProtocolFamily.INET6;
    LinuxSocket descriptor = LinuxSocket.newSocketDgram(family);
    try {
      descriptor.setReceiveBufferSize(Limits.SOCKET_BUFFER_LENGTH);
      descriptor.setSendBufferSize(Limits.SOCKET_BUFFER_LENGTH);
      descriptor.setIntOpt(BatchReceiver.SOL_SOCKET, BatchReceiver.SO_TIMESTAMPNS, 1);
      descriptor.bind(address);
      EpollSocket socket = new EpollSocket(descriptor, receiver, parts);
      Future<IoRegistration> registration = loop.register(socket).awaitUninterruptibly();
      if (!registration.isSuccess()) {
        throw new IOException("epoll refuses the socket", registration.cause());
      }
      registration.getNow().submit(EpollIoOps.EPOLLIN);
      return new Opened(socket, loop, registration.getNow());
    } catch (IOException e) {
      descriptor.close();
      throw e;
    }
  }

  private record Opened(EpollSocket socket, IoEventLoop loop, IoRegistration registration)
      implements LoopSockets.Opened {
    @Override
    public int port() {
      return socket.descriptor.localAddress().getPort();
    }

    @Override
    public void abandon() {
      Callable<Boolean> closing =
          () -> {
            boolean wasRead = registration.cancel();
            socket.close();
            return wasRead;
          };
      if (!loop.submit(closing).awaitUninterruptibly(CLOSE_TIMEOUT_MS)) {
        throw new IllegalStateException("socket does not close: " + socket.descriptor);
      }
    }
  }

  @Override
  public FileDescriptor fd() {
    return descriptor;
  }

  // On the loop's thread from here on.

  @Override
  public void registered() {
    parts.sockets.add(socket);
  }

  @Override
  public void unregistered() {
    parts.sockets.remove(socket);
  }

  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    receiver.read(descriptor.intValue(), socket);
  }

  @Override
  public void close() throws IOException {
    descriptor.close();
  }
}
