package dev.parley.session.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What endpoints may be: checked when one is registered, and again at each attempt, which connects
 * to the very address that was checked. A name that leads elsewhere meanwhile (DNS rebinding) gains
 * nothing. Thread-safe; blocks on the name service.
 */
public final class Reach {
  private final Names names;
  private final boolean isAnywhere;

  /**
   * Takes what it needs.
   *
   * @param isAnywhere true to allow every address, and HTTP without TLS: for development alone
   */
  public Reach(Names names, boolean isAnywhere) {
    this.names = names;
    this.isAnywhere = isAnywhere;
  }

  /** Where a host may be reached. */
  public sealed interface Found {
    /** At these addresses, all of them checked. */
    record At(List<InetAddress> addresses) implements Found {
      public At {
        addresses = List.copyOf(addresses);
      }
    }

    /** It has no address. */
    record Unknown() implements Found {}

    /** One of its addresses is not public; then the others are not to be trusted either. */
    record Refused() implements Found {}
  }

  /** Looks a host up. */
  public Found find(String host) {
    // A URI keeps an IPv6 address in its brackets.
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    List<InetAddress> addresses = names.resolve(bare);
    if (addresses.isEmpty()) {
      return new Found.Unknown();
    }
    return isAnywhere || addresses.stream().allMatch(AddressRules::isPublic)
        ? new Found.At(addresses)
        : new Found.Refused();
  }

  /** Returns what is wrong with a URL, as a phrase that follows its name, or null if nothing is. */
  public @Nullable String fault(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !(isAnywhere && scheme.equals("http"))) {
      return "must begin with https://";
    }
    if (!url.toString().equals(url.toASCIIString())) {
      return "must be written in ASCII, as RFC 3986 has it";
    }
    if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
      return "must name a host, and neither user nor fragment";
    }
    return switch (find(url.getHost())) {
      case Found.At _ -> null;
      case Found.Unknown _ -> "must name a host that has an address";
      case Found.Refused _ -> "must lead to public addresses only";
    };
  }
}
