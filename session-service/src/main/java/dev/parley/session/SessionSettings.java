package dev.parley.session;

import dev.parley.common.config.Setting;
import dev.parley.common.config.SettingType;
import dev.parley.common.config.Settings;
import dev.parley.common.id.MetadataRegion;
import dev.parley.session.conference.JoinQueues;
import dev.parley.session.library.Library;
import dev.parley.session.rest.AddressBlock;
import dev.parley.session.rest.IceServer;
import dev.parley.session.store.dynamo.DynamoSettings;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Every setting of the session service. Stateless. */
final class SessionSettings {
  private static final int NODES_MAX = 16;
  private static final int ICE_SERVERS_MAX = 8;
  private static final int REGIONS_MAX = 64;
  private static final int PROXIES_MAX = 32;
  private static final int LIBRARIES_MAX = 32;

  /** Where facts are kept. */
  enum StoreChoice {
    /** In a file under the data folder. */
    EMBEDDED,
    /** In DynamoDB, for any number of nodes. */
    DYNAMODB,
    /** Nowhere: all is gone when the process ends. */
    MEMORY
  }

  /** How offers come to media servers. */
  enum SignallingChoice {
    /** Over the control link. */
    RELAY,
    /** By the client itself, with a ticket. */
    REDIRECT
  }

  static final Setting<InetAddress> HTTP_ADDRESS =
      Setting.of(
          "http-address",
          "Where the page and the API are served. There is no TLS here: put a proxy before it.",
          SettingType.address(),
          "127.0.0.1");

  static final Setting<Integer> HTTP_PORT =
      Setting.of("http-port", "The port of the same.", SettingType.port(), "7880");

  static final Setting<Boolean> OPEN_ROOMS =
      Setting.of(
          "open-rooms",
          "Let anyone who reaches the page enter rooms without a key. Only on loopback; see also"
              + " open-rooms-anywhere.",
          SettingType.flag(),
          "false");

  static final Setting<Boolean> OPEN_ROOMS_ANYWHERE =
      Setting.of(
          "open-rooms-anywhere",
          "Keep open-rooms even if http-address is not loopback: whoever reaches it may use it.",
          SettingType.flag(),
          "false");

  static final Setting<String> NODE =
      Setting.of(
          "node",
          "This node's name, as media servers hear it.",
          SettingType.text("1 to 64 letters, digits, dots or dashes", "[A-Za-z0-9.-]{1,64}"),
          "session-1");

  static final Setting<InetAddress> LINK_ADDRESS =
      Setting.of(
          "link-address",
          "Where media servers dial in. Anything but loopback needs the three control- files.",
          SettingType.address(),
          "127.0.0.1");

  static final Setting<Integer> LINK_PORT =
      Setting.of("link-port", "The port of the same.", SettingType.port(), "7881");

  static final Setting<List<URI>> LINK_NODES =
      Setting.of(
          "link-nodes",
          "Control addresses of session nodes that media servers are told to dial, besides those"
              + " that the nodes tell each other of by a shared store.",
          SettingType.listOf(SettingType.uri("ws", "wss"), NODES_MAX),
          "");

  static final Setting<Optional<URI>> LINK_URL =
      Setting.of(
          "link-url",
          "This node's own control address, which other nodes pass on to media servers. Empty: made"
              + " of link-address and link-port, if that is an address one can dial.",
          SettingType.optional(SettingType.uri("ws", "wss")),
          "");

  static final Setting<Optional<Path>> CONTROL_CERTIFICATE =
      Setting.of(
          "control-certificate",
          "PEM file of this node's certificate chain for the control link (mutual TLS).",
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
          "PEM file of the authorities that sign the media servers' certificates.",
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
      Setting.of("admin-port", "The port of the same.", SettingType.port(), "7890");

  static final Setting<StoreChoice> STORE =
      Setting.of(
          "store",
          "Where facts are kept: a file under data-dir (one node only), DynamoDB, or memory.",
          SettingType.choice(StoreChoice.class),
          "embedded");

  static final Setting<String> DYNAMODB_TABLE_PREFIX =
      Setting.of(
          "dynamodb-table-prefix",
          "What the names of the tables in DynamoDB begin with; ./parley tables makes them.",
          SettingType.text("0 to 64 letters, digits, _ . or -", "[A-Za-z0-9_.-]{0,64}"),
          "parley-");

  static final Setting<Optional<String>> DYNAMODB_REGION =
      Setting.of(
          "dynamodb-region",
          "The AWS region of the tables; empty asks the environment (AWS_REGION), the profile, the"
              + " machine. Credentials are found in the same places.",
          SettingType.optional(SettingType.text("such as eu-central-1", "[a-z0-9-]{1,64}")),
          "");

  static final Setting<Optional<URI>> DYNAMODB_ENDPOINT =
      Setting.of(
          "dynamodb-endpoint",
          "Where DynamoDB is, if not at AWS's own address of the region.",
          SettingType.optional(SettingType.uri("http", "https")),
          "");

  static final Setting<Duration> DYNAMODB_TIMEOUT =
      Setting.of(
          "dynamodb-timeout",
          "How long an operation on DynamoDB may take, with all of its attempts.",
          SettingType.duration(Duration.ofMillis(300), Duration.ofSeconds(30)),
          "3s");

  static final Setting<Optional<String>> LIBRARY_REGION =
      Setting.of(
          "library-region",
          "The region in which the store is, as residency policies name it (metadataRegion). Empty:"
              + " they cannot.",
          SettingType.optional(SettingType.text("such as us", MetadataRegion.PATTERN)),
          "");

  static final Setting<List<String>> LIBRARIES =
      Setting.of(
          "libraries",
          "Regions with a library of their own, for names and texts that residency policies keep"
              + " there (metadataRegion). In DynamoDB eu=eu-central-1, maybe with @ and an endpoint:"
              + " a table in that AWS region. In the embedded store eu: a file under data-dir. The"
              + " same on all nodes, and never one less.",
          SettingType.listOf(
              SettingType.text(
                  "region, region=aws-region or region=aws-region@URL", LibraryPlace.PATTERN),
              LIBRARIES_MAX),
          "");

  static final Setting<Path> DATA_DIR =
      Setting.of(
          "data-dir",
          "The folder of the embedded store and of the first server key.",
          SettingType.path(),
          ".parley/session");

  static final Setting<Optional<Path>> OBJECT_STORES =
      Setting.of(
          "object-stores",
          "A YAML or JSON file of object stores, for files and recordings; see docs/operations.md.",
          SettingType.optional(SettingType.path()),
          "");

  static final Setting<Optional<URI>> DIRECTORY_STORE =
      Setting.of(
          "directory-store",
          "Where clients reach a directory store of this project, which is then the first store.",
          SettingType.optional(SettingType.uri("http", "https")),
          "");

  static final Setting<Path> DIRECTORY_STORE_KEY =
      Setting.of(
          "directory-store-key",
          "The file of the directory store's access key; made if it is not there.",
          SettingType.path(),
          ".parley/object-key");

  static final Setting<String> DIRECTORY_STORE_REGION =
      Setting.of(
          "directory-store-region",
          "The region in which the directory store lies.",
          SettingType.text("1 to 64 letters, digits, dots or dashes", "[A-Za-z0-9.-]{1,64}"),
          "local");

  static final Setting<Long> FILE_BYTES_MAX =
      Setting.of(
          "file-bytes-max",
          "The largest file that people may share in a call, of 1 KiB to 5 GiB; server keys may"
              + " always register objects of up to 5 GiB.",
          SettingType.bytes(1 << 10, Library.LENGTH_MAX),
          "100MiB");

  static final Setting<String> REDIS =
      Setting.secret(
          "redis",
          "Where session nodes share events, quotas and queues: redis://host:port,"
              + " redis-sentinel://host:port,host:port#master or"
              + " redis-cluster://host:port,host:port (rediss… for TLS). Empty: this is the only"
              + " node.",
          "");

  static final Setting<Duration> REDIS_TIMEOUT =
      Setting.of(
          "redis-timeout",
          "How long Redis may take for an answer; then the node goes on without it.",
          SettingType.duration(Duration.ofMillis(10), Duration.ofSeconds(5)),
          "250ms");

  static final Setting<Integer> JOIN_QUEUE_MAX =
      Setting.of(
          "join-queue-max",
          "How many may wait for a media server in a region that is full; 0 if nobody is to wait.",
          SettingType.integer(0, JoinQueues.LENGTH_MAX, ""),
          "10000");

  static final Setting<SignallingChoice> SIGNALLING =
      Setting.of(
          "signalling",
          "How offers come to media servers: relay takes them over the control link; redirect sends"
              + " clients to the media server's own door with a ticket, where it has one.",
          SettingType.choice(SignallingChoice.class),
          "relay");

  static final Setting<List<String>> ICE_SERVERS =
      Setting.of(
          "ice-servers",
          "STUN and TURN servers for clients whose network needs them, such as"
              + " turns:turn.example.com:443?transport=tcp; with eu= before it, for clients of the"
              + " region eu only. Media servers have addresses of their own.",
          SettingType.listOf(
              SettingType.text(
                  "stun:, stuns:, turn: or turns: and a host, maybe a port and ?transport=, maybe"
                      + " region= before it all",
                  IceServer.PATTERN),
              ICE_SERVERS_MAX),
          "");

  static final Setting<String> TURN_SECRET =
      Setting.secret(
          "turn-secret",
          "What the TURN servers know as static-auth-secret (coturn): clients get names and"
              + " passwords made with it. @FILE reads it from a file.",
          "");

  static final Setting<Duration> TURN_LIFETIME =
      Setting.of(
          "turn-lifetime",
          "How long those are good for: longer than a call, for a TURN server asks again while it"
              + " lasts.",
          SettingType.duration(Duration.ofMinutes(1), Duration.ofDays(7)),
          "12h");

  static final Setting<List<String>> REGION_PLACES =
      Setting.of(
          "region-places",
          "Where regions are that have no well-known name: region=latitude/longitude/city, such as"
              + " lab=47.4/8.5/Zurich.",
          SettingType.listOf(
              SettingType.text("region=latitude/longitude/city", RegionPlace.PATTERN), REGIONS_MAX),
          "");

  static final Setting<Optional<String>> DEFAULT_REGION =
      Setting.of(
          "default-region",
          "The region near which clients are taken to be of whom nothing is known. Empty: the first"
              + " in the order of names.",
          SettingType.optional(
              SettingType.text("the name of a region", "[A-Za-z0-9][A-Za-z0-9._-]{0,63}")),
          "");

  static final Setting<Optional<Path>> GEOIP_DATABASE =
      Setting.of(
          "geoip-database",
          "A database of countries by address (MaxMind DB), such as ./parley geoip fetches: regions"
              + " are guessed by it for clients that have not measured. Read at the start.",
          SettingType.optional(SettingType.path()),
          "");

  static final Setting<List<AddressBlock>> TRUSTED_PROXIES =
      Setting.of(
          "trusted-proxies",
          "Networks of the proxies in front of this node, such as 10.0.0.0/8: what they say in"
              + " X-Forwarded-For of a client's address is believed.",
          SettingType.listOf(
              SettingType.of("an address, maybe with /bits", AddressBlock::parse), PROXIES_MAX),
          "");

  static final Setting<Boolean> WEBHOOKS_ANYWHERE =
      Setting.of(
          "webhooks-anywhere",
          "Let webhook endpoints and token issuers' keys be on loopback and private addresses, and"
              + " without TLS. For development alone: whoever has a server key can then send"
              + " requests into your network.",
          SettingType.flag(),
          "false");

  static final Setting<Integer> AUDIT_KEEP_DAYS =
      Setting.of(
          "audit-keep-days",
          "How long the audit log keeps who changed what; the same on all nodes.",
          SettingType.integer(1, 3_650, "days"),
          "400");

  static final Setting<Integer> CONFERENCE_KEEP_DAYS =
      Setting.of(
          "conference-keep-days",
          "How long conferences are kept after their end, with who was there and what was written;"
              + " 0 for ever. The same on all nodes.",
          SettingType.integer(0, 36_500, "days"),
          "0");

  static final List<Setting<?>> ALL =
      List.of(
          HTTP_ADDRESS,
          HTTP_PORT,
          OPEN_ROOMS,
          OPEN_ROOMS_ANYWHERE,
          NODE,
          LINK_ADDRESS,
          LINK_PORT,
          LINK_NODES,
          LINK_URL,
          CONTROL_CERTIFICATE,
          CONTROL_KEY,
          CONTROL_AUTHORITIES,
          ADMIN_ADDRESS,
          ADMIN_PORT,
          STORE,
          DYNAMODB_TABLE_PREFIX,
          DYNAMODB_REGION,
          DYNAMODB_ENDPOINT,
          DYNAMODB_TIMEOUT,
          LIBRARY_REGION,
          LIBRARIES,
          DATA_DIR,
          OBJECT_STORES,
          DIRECTORY_STORE,
          DIRECTORY_STORE_KEY,
          DIRECTORY_STORE_REGION,
          FILE_BYTES_MAX,
          REDIS,
          REDIS_TIMEOUT,
          JOIN_QUEUE_MAX,
          SIGNALLING,
          ICE_SERVERS,
          TURN_SECRET,
          TURN_LIFETIME,
          REGION_PLACES,
          DEFAULT_REGION,
          GEOIP_DATABASE,
          TRUSTED_PROXIES,
          WEBHOOKS_ANYWHERE,
          AUDIT_KEEP_DAYS,
          CONFERENCE_KEEP_DAYS);

  /** What {@code ./parley tables} needs of them. */
  static final List<Setting<?>> DYNAMODB =
      List.of(
          DYNAMODB_TABLE_PREFIX, DYNAMODB_REGION, DYNAMODB_ENDPOINT, DYNAMODB_TIMEOUT, LIBRARIES);

  private SessionSettings() {}

  /** Which DynamoDB has the library of another region. */
  static DynamoSettings dynamo(Settings settings, LibraryPlace place) {
    return new DynamoSettings(
        place.endpoint(),
        place.awsRegion(),
        settings.value(DYNAMODB_TABLE_PREFIX),
        settings.value(DYNAMODB_TIMEOUT));
  }

  /** Which DynamoDB. */
  static DynamoSettings dynamo(Settings settings) {
    return new DynamoSettings(
        settings.value(DYNAMODB_ENDPOINT),
        settings.value(DYNAMODB_REGION),
        settings.value(DYNAMODB_TABLE_PREFIX),
        settings.value(DYNAMODB_TIMEOUT));
  }
}
