package dev.parley.media.transport;

import dev.parley.media.ice.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;

/**
 * One TCP connection of a client: a path like any other once a check has come by it (RFC 6544), and
 * the last handler of its channel. Owned by one event loop.
 */
final class TcpConnection extends ChannelInboundHandlerAdapter implements FrameReader.Sink {
  private final Channel channel;
  private final TcpConnections connections;
  private final ReceivePath receivePath;
  private final LoopParts parts;
  private final SourceAddress source;
  private final MediaSocket socket;
  private final FrameReader frames = new FrameReader(this);
  private boolean isProven;
  private long unprovenSinceNs;

  TcpConnection(
      Channel channel,
      TransportAddress remote,
      TcpConnections connections,
      ReceivePath receivePath,
      LoopParts parts) {
    this.channel = channel;
    this.connections = connections;
    this.receivePath = receivePath;
    this.parts = parts;
    source = new SourceAddress(remote);
    socket = new MediaSocket(new ConnectionSender(channel, parts), parts.counters);
    unprovenSinceNs = parts.clockNs.getAsLong();
  }

  InetAddress remoteHost() {
    return source.address().socketAddress().getAddress();
  }

  /** True while it is a peer's, by an authentic check that came by it. */
  boolean isPeers() {
    return parts.peers.byAddress(source) != null;
  }

  /** Since when it has been nobody's. */
  long unprovenSinceNs() {
    return unprovenSinceNs;
  }

  /** Its peer is gone. */
  void onOrphaned(long nowNs) {
    isProven = false;
    unprovenSinceNs = nowNs;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // That it is closed is told to channelInactive.
  void close() {
    channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (channel.isOpen() && !frames.read(bytes)) {
        parts.counters.increment(TransportCounter.TCP_FRAMES_TOO_LONG);
        close();
      }
    } finally {
      bytes.release();
    }
  }

  @Override
  public void onFrame(byte[] frame, int length) {
    long nowNs = receivePath.readNs();
    System.arraycopy(frame, 0, parts.received, 0, length);
    parts.readRest.onUntimed(nowNs);
    parts.counters.increment(TransportCounter.TCP_FRAMES_RECEIVED);
    receivePath.onDatagram(socket, length, source, nowNs);
    if (!isProven && isPeers()) {
      isProven = true;
      connections.onProven(this);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    receivePath.onReadComplete();
  }

  /** What was a path no longer is; its peer may have another. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    parts.counters.increment(TransportCounter.TCP_CONNECTIONS_CLOSED);
    connections.onClosed(this);
    Path path = parts.peers.byAddress(source);
    if (path != null) {
      parts.peers.removeAddress(path.peer, path.remote);
      path.peer.onClosed(path);
    }
  }

  /** A connection that was reset, or cannot be written to, is over. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    close();
  }
}
