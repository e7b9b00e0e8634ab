package dev.parley.session.webhook;

import java.net.InetAddress;
import java.util.List;

/** Turns host names into addresses. Thread-safe; blocks for some seconds at most. */
public interface Names {

  /** Returns the addresses of a name or of an address in text; none if it has none. */
  List<InetAddress> resolve(String host);
}
