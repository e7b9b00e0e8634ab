package dev.parley.media;

import dev.parley.common.config.Setting;
import dev.parley.common.config.Settings;
import dev.parley.common.config.SettingsException;
import dev.parley.common.control.Hello;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.common.tls.MutualTls;
import dev.parley.media.control.ControlLinkSettings;
import dev.parley.media.door.DoorSettings;
import dev.parley.media.ice.HostAddresses;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.packet.Limits;
import dev.parley.media.transport.MediaEventLoopSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one media server, checked against each other and against this host, with the
 * clocks and the randomness that all parts are given. The only class that reads a clock. Immutable;
 * any thread.
 */
final class MediaServerContext {
  private final Settings settings;
  private final List<InetAddress> boundAddresses;
  private final List<InetAddress> offeredAddresses;
  private final OpusCodec codec;
  private final ControlLinkSettings controlLink;
  private final @Nullable DoorSettings door;
  private final SecureRandom random = new SecureRandom();
  private final long startNs = System.nanoTime();
  private final long unixAtStartNs = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());

  private MediaServerContext(
      Settings settings,
      List<InetAddress> boundAddresses,
      List<InetAddress> offeredAddresses,
      OpusCodec codec,
      ControlLinkSettings controlLink,
      @Nullable DoorSettings door) {
    this.settings = settings;
    this.boundAddresses = boundAddresses;
    this.offeredAddresses = offeredAddresses;
    this.codec = codec;
    this.controlLink = controlLink;
    this.door = door;
  }

  /**
   * Checks what no setting can check alone.
   *
   * @throws SettingsException with everything that is wrong
   */
  static MediaServerContext of(Settings settings) {
    List<String> errors = new ArrayList<>();
    List<InetAddress> bound = boundAddresses(settings.value(MediaSettings.BIND_ADDRESSES), errors);
    List<InetAddress> advertised = settings.value(MediaSettings.ADVERTISED_ADDRESSES);
    for (InetAddress address : advertised) {
      if (address.isAnyLocalAddress()) {
        errors.add(
            "advertised-addresses: clients cannot reach "
                + address.getHostAddress()
                + "; name the addresses they shall use");
      }
    }
    int threads = threadCount(settings);
    checkPorts(settings, MediaSettings.UDP_PORT, threads, errors);
    checkPorts(settings, MediaSettings.TCP_PORT, threads, errors);
    int participantsMax = settings.value(MediaSettings.PARTICIPANTS_MAX);
    if (participantsMax > threads * Limits.PEERS_PER_LOOP_MAX) {
      errors.add(
          "participants-max="
              + participantsMax
              + ": each media thread serves "
              + Limits.PEERS_PER_LOOP_MAX
              + " at most");
    }
    OpusCodec codec = codec(settings.value(MediaSettings.OPUS_CODEC), errors);
    ControlLinkSettings controlLink = controlLink(settings, errors);
    DoorSettings door = settings.value(MediaSettings.DOOR) ? DoorChoice.of(settings, errors) : null;
    if (!errors.isEmpty() || codec == null || controlLink == null) {
      throw new SettingsException(errors);
    }
    List<InetAddress> offered = new ArrayList<>(HostAddresses.offered(advertised, bound));
    if (!bound.contains(InetAddress.getLoopbackAddress())) {
      // Nobody listens there.
      offered.remove(InetAddress.getLoopbackAddress());
    }
    return new MediaServerContext(settings, bound, List.copyOf(offered), codec, controlLink, door);
  }

  private static void checkPorts(
      Settings settings, Setting<Integer> first, int threads, List<String> errors) {
    int port = settings.value(first);
    if (port != 0 && port + threads - 1 > 65535) {
      errors.add(
          first.name()
              + "="
              + port
              + ": "
              + threads
              + " media threads need ports up to 65535 at"
              + " most");
    }
  }

  private static List<InetAddress> boundAddresses(List<InetAddress> wanted, List<String> errors) {
    if (!wanted.isEmpty()) {
      return wanted;
    }
    try {
      // Without what was advertised, these are what is bound: the usable ones and 127.0.0.1.
      return HostAddresses.offered(List.of(), HostAddresses.ofThisMachine());
    } catch (SocketException e) {
      errors.add("bind-addresses: this host's own cannot be listed (" + e.getMessage() + ")");
      return List.of();
    }
  }

  private static @Nullable OpusCodec codec(MediaSettings.CodecChoice choice, List<String> errors) {
    return switch (choice) {
      case AUTO -> OpusCodec.best();
      case CONCENTUS -> OpusCodec.concentus();
      case LIBOPUS -> {
        OpusCodec libopus = OpusCodec.libopus();
        if (libopus == null) {
          errors.add("opus-codec=libopus: this host has no libopus; install it (Debian: libopus0)");
        }
        yield libopus;
      }
    };
  }

  private static @Nullable ControlLinkSettings controlLink(Settings settings, List<String> errors) {
    Optional<Path> certificate = settings.value(MediaSettings.CONTROL_CERTIFICATE);
    Optional<Path> key = settings.value(MediaSettings.CONTROL_KEY);
    Optional<Path> authorities = settings.value(MediaSettings.CONTROL_AUTHORITIES);
    MutualTls tls = null;
    try {
      if (certificate.isPresent() && key.isPresent() && authorities.isPresent()) {
        tls = MutualTls.fromPem(certificate.get(), key.get(), authorities.get());
      } else if (certificate.isPresent() || key.isPresent() || authorities.isPresent()) {
        errors.add(
            "control-certificate, control-key and control-authorities are set together or not at"
                + " all");
        return null;
      }
      return new ControlLinkSettings(
          new ServerId(serverId(settings)),
          HexFormat.of().formatHex(new SecureRandom().generateSeed(16)),
          new Region(settings.value(MediaSettings.REGION)),
          softwareVersion(),
          settings.value(MediaSettings.PARTICIPANTS_MAX),
          settings.value(MediaSettings.CONTROL_URLS),
          tls);
    } catch (IOException e) {
      errors.add("control-certificate, control-key, control-authorities: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      errors.add("control-urls: " + e.getMessage());
    }
    return null;
  }

  /** The version this build was packaged as, which {@link Hello} tells the session tier. */
  static String softwareVersion() {
    String version = MediaServerContext.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private static String serverId(Settings settings) {
    String name = settings.value(MediaSettings.SERVER_ID);
    if (!name.isEmpty()) {
      return name;
    }
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "host";
    }
    StringBuilder id = new StringBuilder("media-");
    for (int i = 0; i < host.length() && id.length() < 64; i++) {
      char c = host.charAt(i);
      boolean fits = c < 128 && (Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_');
      id.append(fits ? c : '-');
    }
    return id.toString();
  }

  /** Monotonic, in nanoseconds; every {@code nowNs} of the process comes from here. */
  long nanoTime() {
    return System.nanoTime();
  }

  /** The system's time, for certificates and to compare with the kernel's stamps. */
  Instant wallClock() {
    return Instant.now();
  }

  /** Nanoseconds since 1970, for the NTP timestamps of RTCP only; does not allocate. */
  long unixTimeNs() {
    return unixAtStartNs + (System.nanoTime() - startNs);
  }

  /** An address in digits, without the zone that one of this host's own may carry. */
  static String digits(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  static List<String> digits(List<InetAddress> addresses) {
    return addresses.stream().map(MediaServerContext::digits).toList();
  }

  SecureRandom random() {
    return random;
  }

  OpusCodec codec() {
    return codec;
  }

  ControlLinkSettings controlLink() {
    return controlLink;
  }

  /** Where clients may bring offers themselves; null if they may not. */
  @Nullable DoorSettings door() {
    return door;
  }

  List<InetAddress> boundAddresses() {
    return boundAddresses;
  }

  List<InetAddress> offeredAddresses() {
    return offeredAddresses;
  }

  int mediaThreadCount() {
    return threadCount(settings);
  }

  private static int threadCount(Settings settings) {
    int wanted = settings.value(MediaSettings.MEDIA_THREADS);
    return wanted == 0 ? Runtime.getRuntime().availableProcessors() : wanted;
  }

  /** The UDP port of a media thread, or 0 for any. */
  int udpPort(int thread) {
    return portOf(thread, settings.value(MediaSettings.UDP_PORT));
  }

  /** Its TCP port, 0 for any, or {@link MediaEventLoopSettings#NO_TCP}. */
  int tcpPort(int thread) {
    if (!settings.value(MediaSettings.TCP)) {
      return MediaEventLoopSettings.NO_TCP;
    }
    int first = settings.value(MediaSettings.TCP_PORT);
    return first == 0 ? udpPort(thread) : portOf(thread, first);
  }

  private static int portOf(int thread, int first) {
    return first == 0 ? 0 : first + thread;
  }

  boolean answersProbes() {
    return settings.value(MediaSettings.PROBES);
  }

  int probePort() {
    return settings.value(MediaSettings.PROBE_PORT);
  }

  RealTimeThreads.Scheduling scheduling() {
    return settings.value(MediaSettings.SCHEDULING);
  }

  MediaSettings.IoChoice io() {
    return settings.value(MediaSettings.IO);
  }

  int opusComplexity() {
    return settings.value(MediaSettings.OPUS_COMPLEXITY);
  }

  int jitterMinMs() {
    return settings.value(MediaSettings.JITTER_MIN_MS);
  }

  /** Share of a processor from which on a media thread takes no new participants, 0.1 to 1.0. */
  double busyShare() {
    return settings.value(MediaSettings.BUSY_PERCENT) / 100.0;
  }

  /** Whether conferences are moved between media threads to even out their load. */
  boolean balancesThreads() {
    return mediaThreadCount() > 1 && settings.value(MediaSettings.BALANCING);
  }

  /** Where recordings go; null if nothing is recorded. */
  @Nullable RecordingSettings recordings() {
    Path directory = settings.value(MediaSettings.RECORDINGS_DIRECTORY).orElse(null);
    if (directory == null) {
      return null;
    }
    return new RecordingSettings(
        directory,
        settings.value(MediaSettings.RECORDINGS_KEYS) == MediaSettings.KeyChoice.SESSION,
        settings
            .value(MediaSettings.RECORDINGS_KEY_FILE)
            .orElseGet(() -> RecordingSettings.keyFileBeside(directory)),
        settings.value(MediaSettings.RECORDINGS_DISK),
        settings.value(MediaSettings.RECORDINGS_UPLOAD_RATE),
        settings.value(MediaSettings.RECORDINGS_UPLOADS),
        settings.value(MediaSettings.RECORDINGS_STORE_KEYS).orElse(null));
  }

  int participantsMax() {
    return settings.value(MediaSettings.PARTICIPANTS_MAX);
  }

  InetAddress adminAddress() {
    return settings.value(MediaSettings.ADMIN_ADDRESS);
  }

  int adminPort() {
    return settings.value(MediaSettings.ADMIN_PORT);
  }

  Duration shutdownGrace() {
    return settings.value(MediaSettings.SHUTDOWN_GRACE);
  }

  /** What the operator changed, a line each, for the first lines of the log. */
  List<String> describeChanged() {
    return settings.describeChanged();
  }
}
