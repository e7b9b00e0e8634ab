package dev.parley.media.transport;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Opens the sockets of one event loop, all on one port. Used once, at start. */
final class LoopSockets {
  /** A free port for one address may be taken for another; so many are tried. */
  private static final int PORTS_TRIED_MAX = 16;

  private final String protocol;
  private final Opener opener;
  private final List<InetAddress> addresses;

  /**
   * Will open sockets.
   *
   * @param protocol for people
   */
  LoopSockets(String protocol, Opener opener, List<InetAddress> addresses) {
    this.protocol = protocol;
    this.opener = opener;
    this.addresses = addresses;
  }

  /** A way to open a socket. */
  interface Opener {
    /** Binds a socket and has the loop read it, from another thread than the loop's. */
    Opened open(InetSocketAddress address) throws IOException;
  }

  /** A socket that the loop reads. */
  interface Opened {
    int port();

    /** Closes it again, since another one cannot be had; returns when it is closed. */
    void abandon();
  }

  /** Binds every address to the port, or, if it is 0, to one that is free for all; returns it. */
  int open(int port) throws IOException {
    int tries = port == 0 ? PORTS_TRIED_MAX : 1;
    IOException last = new BindException("no port");
    for (int i = 0; i < tries; i++) {
      List<Opened> opened = new ArrayList<>();
      try {
        return openAll(port, opened);
      } catch (IOException e) {
        opened.forEach(Opened::abandon);
        last = e;
      }
    }
    throw last;
  }

  private int openAll(int port, List<Opened> opened) throws IOException {
    int common = port;
    for (InetAddress host : addresses) {
      InetSocketAddress address = new InetSocketAddress(host, common);
      try {
        Opened socket = opener.open(address);
        opened.add(socket);
        common = socket.port();
      } catch (IOException e) {
        throw new IOException("cannot bind " + protocol + " " + address, e);
      }
    }
    return common;
  }
}
