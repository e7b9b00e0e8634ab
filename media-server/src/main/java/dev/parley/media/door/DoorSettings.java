package dev.parley.media.door;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.net.URI;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where and how the door is served.
 *
 * @param address where to listen; port 0 takes any free one
 * @param url what clients are sent to; null if they reach the address itself
 * @param tls what it speaks; null for plain HTTP
 * @param isBehindProxy true if a proxy before it says in {@code X-Forwarded-For} who asks
 */
public record DoorSettings(
    InetSocketAddress address, @Nullable URI url, @Nullable SSLContext tls, boolean isBehindProxy) {
  public DoorSettings {
    requireNonNull(address, "address");
  }
}
