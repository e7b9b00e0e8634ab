package dev.parley.session.object.directory;

import dev.parley.common.config.Setting;
import dev.parley.common.config.SettingType;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/** Every setting of the directory store. Stateless. */
final class DirectorySettings {
  private static final int ORIGINS_MAX = 16;

  static final Setting<InetAddress> HTTP_ADDRESS =
      Setting.of(
          "http-address",
          "Where objects are served. There is no TLS here: put a proxy before it.",
          SettingType.address(),
          "127.0.0.1");

  static final Setting<Integer> HTTP_PORT =
      Setting.of("http-port", "The port of the same.", SettingType.port(), "7882");

  static final Setting<InetAddress> ADMIN_ADDRESS =
      Setting.of(
          "admin-address",
          "Where /live, /ready and /metrics are served. They know no users: keep them private.",
          SettingType.address(),
          "127.0.0.1");

  static final Setting<Integer> ADMIN_PORT =
      Setting.of("admin-port", "The port of the same.", SettingType.port(), "7893");

  static final Setting<Path> DATA_DIR =
      Setting.of("data-dir", "The folder of the objects.", SettingType.path(), ".parley/objects");

  static final Setting<Path> KEY_FILE =
      Setting.of(
          "key-file",
          "The file of the access key (ID:SECRET) by which URLs are signed; made if it is not"
              + " there. The session service needs the same.",
          SettingType.path(),
          ".parley/object-key");

  static final Setting<String> BUCKET =
      Setting.of(
          "bucket",
          "The name that objects' addresses begin with.",
          SettingType.text(
              "3 to 63 small letters, digits or dashes", "[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"),
          DirectoryStore.BUCKET);

  static final Setting<Long> BYTES_MAX =
      Setting.of(
          "bytes-max",
          "How much all objects may take; more is refused with 507.",
          SettingType.bytes(1 << 20, 1L << 50),
          "10GiB");

  static final Setting<Long> OBJECT_BYTES_MAX =
      Setting.of(
          "object-bytes-max",
          "How large one object may be.",
          SettingType.bytes(1 << 10, 5L << 30),
          "5GiB");

  static final Setting<List<String>> ORIGINS =
      Setting.of(
          "origins",
          "Origins of pages that may read and write here by signed URLs (CORS), such as"
              + " https://talk.example.com; * for any.",
          SettingType.listOf(
              SettingType.text(
                  "* or http(s)://host[:port]", "\\*|https?://[A-Za-z0-9.:\\[\\]-]{1,255}"),
              ORIGINS_MAX),
          "");

  static final List<Setting<?>> ALL =
      List.of(
          HTTP_ADDRESS,
          HTTP_PORT,
          ADMIN_ADDRESS,
          ADMIN_PORT,
          DATA_DIR,
          KEY_FILE,
          BUCKET,
          BYTES_MAX,
          OBJECT_BYTES_MAX,
          ORIGINS);

  private DirectorySettings() {}
}
