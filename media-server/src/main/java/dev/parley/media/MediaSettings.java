package dev.parley.media;

import dev.parley.common.config.Setting;
import dev.parley.common.config.SettingType;
import dev.parley.common.control.ControlLimits;
import dev.parley.media.jitter.JitterBuffer;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Every setting of the media server. Stateless. */
final class MediaSettings {
  private static final String IDENTIFIER = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  private static final String IDENTIFIER_RANGE =
      "1 to 64 letters, digits, dots, underscores or dashes";

  private static final int ADDRESSES_MAX = 8;

  static final Setting<String> SERVER_ID =
      Setting.of(
          "server-id",
          "This server's name among all media servers. Empty: made of the host's name.",
          SettingType.text("empty, or " + IDENTIFIER_RANGE, "|" + IDENTIFIER),
          "");

  static final Setting<String> REGION =
      Setting.of(
          "region",
          "The region this server stands in.",
          SettingType.text(IDENTIFIER_RANGE, IDENTIFIER),
          "local");

  static final Setting<List<URI>> CONTROL_URLS =
      Setting.of(
          "control-urls",
          "The session nodes to dial first; they name the others. Plain ws is for loopback only.",
          SettingType.listOf(SettingType.uri("ws", "wss"), ControlLimits.NODES_MAX),
          "ws://127.0.0.1:7881/control");

  static final Setting<Optional<Path>> CONTROL_CERTIFICATE =
      Setting.of(
          "control-certificate",
          "PEM file of this server's certificate chain for the control link (mutual TLS).",
          SettingType.optional(SettingType.path()),
          "");

  static final Setting<Optional<Path>> CONTROL_KEY =
      Setting.of(
          "control-key",
          "PEM file (PKCS #8) of the certificate's private key.",
          SettingType.optional(SettingType.path()),
          "");

  static final Setting<Optional<Path>> CONTROL_AUTHORITIES =
      Setting.of(
          "control-authorities",
          "PEM file of the authorities that sign the session nodes' certificates.",
          SettingType.optional(SettingType.path()),
          "");

  static final Setting<Integer> UDP_PORT =
      Setting.of(
          "udp-port",
          "The first media port; each further media thread takes the next one.",
          SettingType.port(),
          "7900");

  static final Setting<Boolean> TCP =
      Setting.of(
          "tcp",
          "Whether clients whose network lets no UDP through may come by TCP (ICE-TCP).",
          SettingType.flag(),
          "true");

  static final Setting<Integer> TCP_PORT =
      Setting.of(
          "tcp-port",
          "The first TCP port for media; each further media thread takes the next one. 0: the"
              + " numbers of the UDP ports.",
          SettingType.port(),
          "0");

  static final Setting<List<InetAddress>> BIND_ADDRESSES =
      Setting.of(
          "bind-addresses",
          "Addresses media is received on. Empty: all of this host's own and 127.0.0.1.",
          SettingType.listOf(SettingType.address(), ADDRESSES_MAX),
          "");

  static final Setting<List<InetAddress>> ADVERTISED_ADDRESSES =
      Setting.of(
          "advertised-addresses",
          "Addresses clients are told first, where a 1:1 NAT stands before this host; the bound"
              + " ones follow.",
          SettingType.listOf(SettingType.address(), ADDRESSES_MAX),
          "");

  static final Setting<Boolean> PROBES =
      Setting.of(
          "probes",
          "Answer STUN Binding requests of anyone, so that clients can measure how far this server"
              + " is, and other servers whether it lives.",
          SettingType.flag(),
          "true");

  static final Setting<Integer> PROBE_PORT =
      Setting.of(
          "probe-port",
          "The UDP port of the same, 0 for any; if it is taken the server goes on without it.",
          SettingType.port(),
          "3478");

  static final Setting<Boolean> DOOR =
      Setting.of(
          "door",
          "Take offers from clients themselves, which the session service sends here with a ticket"
              + " (its setting signalling=redirect).",
          SettingType.flag(),
          "false");

  static final Setting<InetAddress> DOOR_ADDRESS =
      Setting.of(
          "door-address",
          "Where the door is served. Anything but loopback needs door-url, and a certificate or a"
              + " proxy.",
          SettingType.address(),
          "127.0.0.1");

  static final Setting<Integer> DOOR_PORT =
      Setting.of("door-port", "The port of the same.", SettingType.port(), "7892");

  static final Setting<Optional<URI>> DOOR_URL =
      Setting.of(
          "door-url",
          "What clients are sent to, such as https://media-1.example.com:7892; it must lead to this"
              + " server and no other. Empty: door-address and door-port.",
          SettingType.optional(SettingType.uri("http", "https")),
          "");

  static final Setting<Optional<Path>> DOOR_CERTIFICATE =
      Setting.of(
          "door-certificate",
          "PEM file of the door's certificate chain, which browsers must trust. Empty: plain HTTP.",
          SettingType.optional(SettingType.path()),
          "");

  static final Setting<Optional<Path>> DOOR_KEY =
      Setting.of(
          "door-key",
          "PEM file (PKCS #8) of that certificate's private key.",
          SettingType.optional(SettingType.path()),
          "");

  static final Setting<Boolean> DOOR_BEHIND_PROXY =
      Setting.of(
          "door-behind-proxy",
          "A proxy before the door speaks TLS to clients, and says in X-Forwarded-For who they"
              + " are.",
          SettingType.flag(),
          "false");

  static final Setting<Integer> MEDIA_THREADS =
      Setting.of(
          "media-threads",
          "Threads that receive, run conferences and send, each with a UDP port. 0: one for each"
              + " processor.",
          SettingType.integer(0, 64, "threads"),
          "0");

  static final Setting<IoChoice> IO =
      Setting.of(
          "io",
          "How sockets are served; auto takes epoll where the system has it.",
          SettingType.choice(IoChoice.class),
          "auto");

  static final Setting<RealTimeThreads.Scheduling> SCHEDULING =
      Setting.of(
          "scheduling",
          "How the threads that carry media are scheduled: before all others (real-time), normal,"
              + " or auto: before others if the system grants it (Linux, RLIMIT_RTPRIO or"
              + " CAP_SYS_NICE).",
          SettingType.choice(RealTimeThreads.Scheduling.class),
          "auto");

  static final Setting<CodecChoice> OPUS_CODEC =
      Setting.of(
          "opus-codec",
          "Which Opus mixes are decoded and encoded with; auto takes the system's libopus if there"
              + " is one.",
          SettingType.choice(CodecChoice.class),
          "auto");

  static final Setting<Integer> OPUS_COMPLEXITY =
      Setting.of(
          "opus-complexity",
          "Effort of the mixes' encoders, from 0 to 10; lowered by itself while a server is too"
              + " busy.",
          SettingType.integer(0, 10, "complexity"),
          "5");

  static final Setting<Integer> JITTER_MIN_MS =
      Setting.of(
          "jitter-min-ms",
          "How long a talker's packets are held before they are mixed, at least, in milliseconds;"
              + " up to 20 ms more until the tick come to it. Grows with what the network needs.",
          SettingType.integer(0, JitterBuffer.MAX_DELAY_MS, "ms"),
          Integer.toString(JitterBuffer.MIN_DELAY_DEFAULT_MS));

  static final Setting<Integer> BUSY_PERCENT =
      Setting.of(
          "busy-percent",
          "Share of a processor from which on a media thread takes no new participants, who are"
              + " sent elsewhere.",
          SettingType.integer(10, 100, "percent"),
          "80");

  static final Setting<Boolean> BALANCING =
      Setting.of(
          "balancing",
          "Whether running conferences are moved from a media thread with much to do to one with"
              + " little.",
          SettingType.flag(),
          "true");

  static final Setting<Integer> PARTICIPANTS_MAX =
      Setting.of(
          "participants-max",
          "Participants admitted at most.",
          SettingType.integer(1, ControlLimits.PARTICIPANTS_MAX, "participants"),
          "500");

  /** By whose keys recordings are sealed. */
  enum KeyChoice {
    SESSION,
    FILE
  }

  static final Setting<Optional<Path>> RECORDINGS_DIRECTORY =
      Setting.of(
          "recordings-directory",
          "Where recordings are written, sealed, until they are in an object store; a directory of"
              + " this server's own. Empty: nothing is recorded.",
          SettingType.optional(SettingType.path()),
          "");

  static final Setting<KeyChoice> RECORDINGS_KEYS =
      Setting.of(
          "recordings-keys",
          "By whose keys recordings are sealed in that directory: session asks the session tier for"
              + " one for each recording, which is here in memory only; file takes those of the key"
              + " file, which whoever has the disk may have, too.",
          SettingType.choice(KeyChoice.class),
          "session");

  static final Setting<Optional<Path>> RECORDINGS_KEY_FILE =
      Setting.of(
          "recordings-key-file",
          "The keys of recordings-keys=file, made if missing; whoever has these and the directory"
              + " can listen. With session it only opens what was sealed by it, if it is there."
              + " Empty: beside the directory, its name with -keys.",
          SettingType.optional(SettingType.path()),
          "");

  static final Setting<Long> RECORDINGS_DISK =
      Setting.of(
          "recordings-disk",
          "What recordings may take of the disk. From 90 % of it none is begun, at all of it each"
              + " is ended; calls go on.",
          SettingType.bytes(1L << 20, 1L << 50),
          "10GiB");

  static final Setting<Long> RECORDINGS_UPLOAD_RATE =
      Setting.of(
          "recordings-upload-rate",
          "What all uploads of recordings may send together each second. Less than the way to the"
              + " object store has, so that calls and the control link do not wait.",
          SettingType.bytes(64L << 10, 1L << 40),
          "4MiB");

  static final Setting<Integer> RECORDINGS_UPLOADS =
      Setting.of(
          "recordings-uploads",
          "How many tracks of recordings are sent at once; each takes some 10 MiB of memory.",
          SettingType.integer(1, 64, "tracks"),
          "2");

  static final Setting<Optional<Path>> RECORDINGS_STORE_KEYS =
      Setting.of(
          "recordings-store-keys",
          "Access keys of object stores, a line STORE ID:SECRET for each: requests to these are"
              + " signed here, and the session tier is asked only where a track belongs and told"
              + " when it is there. Empty: the session tier signs each request, and this server"
              + " has no rights to any store.",
          SettingType.optional(SettingType.path()),
          "");

  static final Setting<InetAddress> ADMIN_ADDRESS =
      Setting.of(
          "admin-address",
          "Where /live, /ready, /metrics and /drain are served. They know no users: keep them"
              + " private.",
          SettingType.address(),
          "127.0.0.1");

  static final Setting<Integer> ADMIN_PORT =
      Setting.of("admin-port", "The port of the same.", SettingType.port(), "7891");

  static final Setting<Duration> SHUTDOWN_GRACE =
      Setting.of(
          "shutdown-grace",
          "How long an ending server waits for the session tier to have heard that its calls"
              + " ended.",
          SettingType.duration(Duration.ZERO, Duration.ofMinutes(5)),
          "3s");

  static final List<Setting<?>> ALL =
      List.of(
          SERVER_ID,
          REGION,
          CONTROL_URLS,
          CONTROL_CERTIFICATE,
          CONTROL_KEY,
          CONTROL_AUTHORITIES,
          UDP_PORT,
          TCP,
          TCP_PORT,
          BIND_ADDRESSES,
          ADVERTISED_ADDRESSES,
          PROBES,
          PROBE_PORT,
          DOOR,
          DOOR_ADDRESS,
          DOOR_PORT,
          DOOR_URL,
          DOOR_CERTIFICATE,
          DOOR_KEY,
          DOOR_BEHIND_PROXY,
          MEDIA_THREADS,
          IO,
          SCHEDULING,
          OPUS_CODEC,
          OPUS_COMPLEXITY,
          JITTER_MIN_MS,
          BUSY_PERCENT,
          BALANCING,
          PARTICIPANTS_MAX,
          RECORDINGS_DIRECTORY,
          RECORDINGS_KEYS,
          RECORDINGS_KEY_FILE,
          RECORDINGS_DISK,
          RECORDINGS_UPLOAD_RATE,
          RECORDINGS_UPLOADS,
          RECORDINGS_STORE_KEYS,
          ADMIN_ADDRESS,
          ADMIN_PORT,
          SHUTDOWN_GRACE);

  /** How sockets are served. */
  enum IoChoice {
    AUTO,
    EPOLL,
    NIO
  }

  /** Which implementation of Opus. */
  enum CodecChoice {
    AUTO,
    LIBOPUS,
    CONCENTUS
  }

  private MediaSettings() {}
}
