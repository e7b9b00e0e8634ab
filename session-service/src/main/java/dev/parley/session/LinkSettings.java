package dev.parley.session;

import dev.parley.common.config.Settings;
import dev.parley.common.config.SettingsException;
import dev.parley.common.metrics.Metrics;
import dev.parley.common.tls.MutualTls;
import dev.parley.session.media.ControlServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where media servers dial in, and with what certificates. Stateless. */
final class LinkSettings {
  private LinkSettings() {}

  /**
   * Reads them.
   *
   * @param metrics gets the figures of the certificates
   * @throws SettingsException if they do not go together
   * @throws IOException if a certificate or key cannot be read
   */
  static ControlServerSettings read(Settings settings, Metrics metrics) throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(
            settings.value(SessionSettings.LINK_ADDRESS),
            settings.value(SessionSettings.LINK_PORT));
    ControlServerSettings usual =
        ControlServerSettings.onLoopback(
            settings.value(SessionSettings.NODE),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()));
    MutualTls tls = tls(settings, metrics);
    if (tls == null && !address.getAddress().isLoopbackAddress()) {
      throw new SettingsException(
          List.of(
              "link-address: anything but loopback needs control-certificate, control-key and"
                  + " control-authorities"));
    }
    return new ControlServerSettings(
        usual.node(),
        address,
        tls,
        settings.value(SessionSettings.LINK_NODES),
        usual.heartbeat(),
        usual.lease(),
        usual.deadAfter(),
        usual.orderTimeout());
  }

  private static @Nullable MutualTls tls(Settings settings, Metrics metrics) throws IOException {
    Optional<Path> certificate = settings.value(SessionSettings.CONTROL_CERTIFICATE);
    Optional<Path> key = settings.value(SessionSettings.CONTROL_KEY);
    Optional<Path> authorities = settings.value(SessionSettings.CONTROL_AUTHORITIES);
    if (certificate.isEmpty() && key.isEmpty() && authorities.isEmpty()) {
      return null;
    }
    if (certificate.isEmpty() || key.isEmpty() || authorities.isEmpty()) {
      throw new SettingsException(
          List.of("control-certificate, control-key, control-authorities: set all or none"));
    }
    MutualTls tls = MutualTls.fromPem(certificate.get(), key.get(), authorities.get());
    tls.register(metrics);
    return tls;
  }
}
