package dev.parley.media.ice;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The addresses an answer offers as host candidates, best first: those advertised (the outside of a
 * 1:1 NAT), then the machine's own, then 127.0.0.1 for a client on this machine. Stateless.
 */
public final class HostAddresses {
  /** More candidates only cost a client checks. */
  static final int ADDRESSES_MAX = 8;

  private HostAddresses() {}

  /** Reads the machine's interfaces: those that are up, without loopback and link-local ones. */
  public static List<InetAddress> ofThisMachine() throws SocketException {
    List<InetAddress> addresses = new ArrayList<>();
    Enumeration<NetworkInterface> interfaces = NetworkInterface.getNetworkInterfaces();
    while (interfaces.hasMoreElements()) {
      NetworkInterface networkInterface = interfaces.nextElement();
      if (networkInterface.isUp() && !networkInterface.isLoopback()) {
        networkInterface.inetAddresses().forEach(addresses::add);
      }
    }
    return addresses;
  }

  /** Chooses and orders what to offer. IPv4 comes before IPv6, since nearly every client has it. */
  public static List<InetAddress> offered(
      Collection<InetAddress> advertised, Collection<InetAddress> own) {
    Set<InetAddress> offered = new LinkedHashSet<>(advertised);
    addUsable(offered, own, Inet4Address.class);
    addUsable(offered, own, Inet6Address.class);
    List<InetAddress> list = new ArrayList<>(offered);
    if (list.size() >= ADDRESSES_MAX) {
      list = new ArrayList<>(list.subList(0, ADDRESSES_MAX - 1));
    }
    InetAddress loopback = loopback();
    if (!list.contains(loopback)) {
      list.add(loopback);
    }
    return List.copyOf(list);
  }

  private static void addUsable(
      Set<InetAddress> offered, Collection<InetAddress> own, Class<? extends InetAddress> family) {
    for (InetAddress address : own) {
      boolean usable =
          !address.isAnyLocalAddress()
              && !address.isLoopbackAddress()
              && !address.isLinkLocalAddress()
              && !address.isMulticastAddress();
      if (usable && family.isInstance(address)) {
        offered.add(address);
      }
    }
  }

  private static InetAddress loopback() {
    return InetAddress.ofLiteral("127.0.0.1");
  }
}
