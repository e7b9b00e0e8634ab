package dev.parley.media.transport;

import static java.util.Objects.requireNonNull;

import dev.parley.media.dtls.DtlsServer;
import dev.parley.media.ice.IceTimes;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * What an event loop is built from. Immutable.
 *
 * @param index its number among the loops
 * @param bindAddresses one socket each, all on the loop's port; an answer then leaves from the
 *     address that was asked, which ICE demands and a wildcard cannot promise
 * @param port the loop's UDP port, or 0 for any
 * @param tcpPort the port on which it takes TCP connections, 0 for any, or {@link #NO_TCP}
 * @param clockNs monotonic
 * @param unixClockNs wall clock, for the NTP timestamps of RTCP only
 * @param systemClock what the kernel stamps datagrams with, which is set and slewed
 * @param dtls shakes hands, off the loop
 * @param iceTimes how long a peer may be silent
 * @param agent the mix agent on the loop's thread
 * @param agents where it meets each mix agent, the one on its thread included
 * @param seed hard to guess: spreads reports and rate limit buckets
 * @param nativeTransport epoll where there is one; false for NIO
 * @param threads makes the loop's one thread
 */
public record MediaEventLoopSettings(
    int index,
    List<InetAddress> bindAddresses,
    int port,
    int tcpPort,
    LongSupplier clockNs,
    LongSupplier unixClockNs,
    InstantSource systemClock,
    DtlsServer dtls,
    IceTimes iceTimes,
    LoopAgent agent,
    List<AgentRings> agents,
    long seed,
    boolean nativeTransport,
    ThreadFactory threads) {
  /** Takes no TCP connections. */
  public static final int NO_TCP = -1;

  /** Checks what can be checked without a socket. */
  public MediaEventLoopSettings {
    requireNonNull(clockNs, "clockNs");
    requireNonNull(unixClockNs, "unixClockNs");
    requireNonNull(systemClock, "systemClock");
    requireNonNull(dtls, "dtls");
    requireNonNull(iceTimes, "iceTimes");
    requireNonNull(agent, "agent");
    requireNonNull(threads, "threads");
    bindAddresses = List.copyOf(bindAddresses);
    agents = List.copyOf(agents);
    if (bindAddresses.isEmpty()) {
      throw new IllegalArgumentException("an event loop needs an address to bind");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port must be 0 to 65535: " + port);
    }
    if (tcpPort < NO_TCP || tcpPort > 65535) {
      throw new IllegalArgumentException("tcpPort must be -1 to 65535: " + tcpPort);
    }
    if (agents.isEmpty()) {
      throw new IllegalArgumentException("an event loop needs a mix agent");
    }
  }
}
