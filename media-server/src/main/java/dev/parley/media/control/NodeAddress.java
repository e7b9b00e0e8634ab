package dev.parley.media.control;

import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which addresses a server may dial: offers of clients must not cross a network in clear text. */
final class NodeAddress {
  private static final Pattern LOOPBACK_IPV4 = Pattern.compile("127(\\.\\d{1,3}){3}");

  private NodeAddress() {}

  /** Returns why the address may not be dialled, or null if it may. Resolves no name. */
  static @Nullable String objection(URI node, boolean hasTls) {
    String host = node.getHost();
    if (host == null || node.getUserInfo() != null || node.getFragment() != null) {
      return "is not of the form wss://host:port/path";
    }
    if ("wss".equals(node.getScheme())) {
      return hasTls ? null : "needs a certificate: set the control link's TLS files";
    }
    if (!"ws".equals(node.getScheme())) {
      return "must begin with wss:// (or ws:// on loopback)";
    }
    return isLoopback(host) ? null : "is not loopback, so it must be wss://";
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || LOOPBACK_IPV4.matcher(host).matches();
  }
}
