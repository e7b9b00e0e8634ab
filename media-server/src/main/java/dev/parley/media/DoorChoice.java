package dev.parley.media;

import dev.parley.common.config.Settings;
import dev.parley.common.control.ControlLimits;
import dev.parley.common.tls.ServerTls;
import dev.parley.media.door.DoorSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Checks the door's settings against each other: tickets never travel in the clear. Stateless. */
final class DoorChoice {
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private DoorChoice() {}

  /** Returns the settings of the door, or null and adds what is wrong with them. */
  static @Nullable DoorSettings of(Settings settings, List<String> errors) {
    InetSocketAddress address =
        new InetSocketAddress(
            settings.value(MediaSettings.DOOR_ADDRESS), settings.value(MediaSettings.DOOR_PORT));
    Optional<URI> url = settings.value(MediaSettings.DOOR_URL);
    boolean isBehindProxy = settings.value(MediaSettings.DOOR_BEHIND_PROXY);
    SSLContext tls = tls(settings, errors);
    boolean isOpen = !address.getAddress().isLoopbackAddress();
    if (isOpen && url.isEmpty()) {
      errors.add("door-address is not loopback: set door-url, which clients are sent to");
    }
    if (isOpen && tls == null && !isBehindProxy) {
      errors.add(
          "door-address is not loopback: set door-certificate and door-key, or door-behind-proxy"
              + " if a proxy before it speaks TLS");
    }
    url.map(DoorChoice::objection).ifPresent(errors::add);
    return new DoorSettings(address, url.orElse(null), tls, isBehindProxy);
  }

  /** Null if clients may be sent there. */
  private static @Nullable String objection(URI url) {
    if (url.getScheme().equals("http") && !LOOPBACK_NAMES.contains(url.getHost())) {
      return "door-url=" + url + ": beyond loopback it must be https";
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null || url.getRawUserInfo() != null) {
      return "door-url=" + url + ": it may have a path, but nothing after it";
    }
    return url.toString().length() > ControlLimits.DOOR_LENGTH_MAX
        ? "door-url: it may have " + ControlLimits.DOOR_LENGTH_MAX + " characters"
        : null;
  }

  private static @Nullable SSLContext tls(Settings settings, List<String> errors) {
    Optional<Path> certificate = settings.value(MediaSettings.DOOR_CERTIFICATE);
    Optional<Path> key = settings.value(MediaSettings.DOOR_KEY);
    if (certificate.isEmpty() && key.isEmpty()) {
      return null;
    }
    if (certificate.isEmpty() || key.isEmpty()) {
      errors.add("door-certificate and door-key are set together or not at all");
      return null;
    }
    try {
      return ServerTls.fromPem(certificate.get(), key.get());
    } catch (IOException e) {
      errors.add("door-certificate, door-key: " + e.getMessage());
      return null;
    }
  }
}
