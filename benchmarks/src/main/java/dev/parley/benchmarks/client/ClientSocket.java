package dev.parley.benchmarks.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/**
 * The UDP port of one client, and where its media goes. Owner: the client loop; the DTLS thread
 * sends on it, too.
 */
final class ClientSocket {
  private final ClientSettings settings;
  private final ClientLoop loop;

  /** Read by the DTLS thread, which sends on it. */
  private volatile @Nullable DatagramChannel channel;

  /** Read by the DTLS thread. */
  private volatile @Nullable InetSocketAddress remote;

  /** Of the channel; null if nobody watches its arrivals. */
  private @Nullable ArrivalStamps stamps;

  ClientSocket(ClientSettings settings, ClientLoop loop) {
    this.settings = settings;
    this.loop = loop;
  }

  /** Opens a port of the system's choice, which the loop reads; closes the one before. */
  void open(PeerConnection reader) throws IOException {
    DatagramChannel before = channel;
    DatagramChannel opened = DatagramChannel.open();
    opened.configureBlocking(false);
    opened.bind(
        settings.loopback() ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 0) : null);
    if (settings.watch().listensAt(settings.number())) {
      stamps = new ArrivalStamps(opened);
    }
    loop.register(opened, reader);
    channel = opened;
    if (before != null) {
      before.close();
    }
  }

  /** From now on media goes there. */
  void remote(InetSocketAddress address) {
    remote = address;
  }

  /** The kernel's stamp of the datagram read last, 0 if nobody watches arrivals. */
  long arrivedNs() {
    ArrivalStamps active = stamps;
    return active == null ? 0 : active.lastNs();
  }

  /** Called by the loop and by the DTLS thread. */
  void sendToRemote(byte[] bytes, int offset, int length) {
    InetSocketAddress target = remote;
    if (target != null) {
      send(bytes, offset, length, target);
    }
  }

  void send(byte[] bytes, int offset, int length, InetSocketAddress target) {
    DatagramChannel open = channel;
    if (open == null) {
      return;
    }
    try {
      open.send(ByteBuffer.wrap(bytes, offset, length), target);
    } catch (IOException e) {
      // A port just changed, or a server just gone: what is lost shows in the figures.
      loop.countSendFailure();
    }
  }

  void close() {
    DatagramChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
