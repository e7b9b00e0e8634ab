package dev.parley.session.rest;

import io.javalin.http.Context;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From which address a client comes. A proxy that the operator trusts is believed what it says of
 * those before it (X-Forwarded-For); nobody else is. Immutable.
 */
public final class ClientAddresses {
  /** No chain of proxies is longer. */
  private static final int HOPS_MAX = 16;

  private final List<AddressBlock> trusted;

  /** Takes the networks of the proxies that are believed. */
  public ClientAddresses(List<AddressBlock> trusted) {
    this.trusted = List.copyOf(trusted);
  }

  /** Returns the client's address, or null if a trusted proxy did not say it well. */
  @Nullable InetAddress of(Context context) {
    return of(context.req().getRemoteAddr(), context.header("X-Forwarded-For"));
  }

  @Nullable InetAddress of(String peer, @Nullable String forwardedFor) {
    InetAddress address = AddressBlock.literal(peer);
    if (address == null || !isTrusted(address) || forwardedFor == null) {
      return address;
    }
    String[] hops = forwardedFor.split(",", -1);
    // The nearest proxy wrote the last one; whatever is before a stranger's may be invented.
    for (int i = hops.length - 1; i >= Math.max(0, hops.length - HOPS_MAX); i--) {
      address = AddressBlock.literal(hops[i].strip());
      if (address == null || !isTrusted(address)) {
        return address;
      }
    }
    return address;
  }

  private boolean isTrusted(InetAddress address) {
    return trusted.stream().anyMatch(block -> block.contains(address));
  }
}
