package dev.parley.session.object.directory;

import dev.parley.common.admin.AdminServer;
import dev.parley.common.admin.ReadinessCheck;
import dev.parley.common.config.Setting;
import dev.parley.common.config.Settings;
import dev.parley.common.config.SettingsException;
import dev.parley.common.config.SettingsReader;
import dev.parley.common.config.SettingsTable;
import dev.parley.common.metrics.Metrics;
import dev.parley.common.s3.AccessKeyFile;
import dev.parley.common.s3.SignatureCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory store: keeps objects in a folder and hands them out by signed URLs, in a process of
 * its own, so that the session service touches no object's bytes.
 */
public final class DirectoryStore implements AutoCloseable {
  /** What its URLs are signed for; there is one only. */
  public static final String REGION = "local";

  /** The bucket that it serves unless it is told otherwise. */
  public static final String BUCKET = "parley";

  private static final Logger LOG = LoggerFactory.getLogger(DirectoryStore.class);

  private final Metrics metrics;
  private final DirectoryServer http;
  private final AdminServer admin;

  private DirectoryStore(Metrics metrics, DirectoryServer http, AdminServer admin) {
    this.metrics = metrics;
    this.http = http;
    this.admin = admin;
  }

  /** Exit status 2: the settings are wrong; 1: it could not start. */
  public static void main(String[] arguments) {
    SettingsReader reader = new SettingsReader(DirectorySettings.ALL);
    try {
      Settings settings = reader.read(List.of(arguments), System.getenv());
      if (reader.isHelpWanted()) {
        System.out.print(
            SettingsTable.of("directory-store [--name=value …]", DirectorySettings.ALL));
        return;
      }
      settings.describeChanged().forEach(line -> LOG.info("{}", line));
      DirectoryStore store = start(settings, Clock.systemUTC());
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(store::close));
      LOG.info("ready: http port {}, admin port {}", store.httpPort(), store.adminPort());
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (IOException e) {
      System.err.println("directory-store could not start: " + e.getMessage());
      System.exit(1);
    }
  }

  /**
   * Starts it.
   *
   * @throws IOException if the folder cannot be used or an address is taken
   */
  static DirectoryStore start(Settings settings, Clock clock) throws IOException {
    ObjectFolder folder =
        ObjectFolder.open(
            settings.value(DirectorySettings.DATA_DIR),
            settings.value(DirectorySettings.BYTES_MAX));
    UploadFolder uploads =
        UploadFolder.open(settings.value(DirectorySettings.DATA_DIR).resolve("uploads"), folder);
    long objectBytesMax = settings.value(DirectorySettings.OBJECT_BYTES_MAX);
    Path keyFile = settings.value(DirectorySettings.KEY_FILE);
    ObjectHandler objects =
        new ObjectHandler(
            folder,
            new UploadHandler(
                uploads, settings.value(DirectorySettings.BUCKET), objectBytesMax, clock),
            new SignatureCheck(AccessKeyFile.readOrMake(keyFile), REGION),
            settings.value(DirectorySettings.BUCKET),
            objectBytesMax,
            clock);
    Metrics metrics = new Metrics().withJvm();
    register(metrics, folder, objects);
    metrics.gauge("parley.objects.uploads", "Uploads in parts that are under way", uploads::count);
    DirectoryServer http =
        DirectoryServer.start(
            address(settings, DirectorySettings.HTTP_ADDRESS, DirectorySettings.HTTP_PORT),
            objects,
            Set.copyOf(settings.value(DirectorySettings.ORIGINS)));
    try {
      AdminServer admin =
          new AdminServer(
              address(settings, DirectorySettings.ADMIN_ADDRESS, DirectorySettings.ADMIN_PORT),
              metrics,
              List.of(new ReadinessCheck("folder", () -> reasonFull(folder))),
              () -> {});
      return new DirectoryStore(metrics, http, admin);
    } catch (IOException | RuntimeException e) {
      http.close();
      throw e;
    }
  }

  int httpPort() {
    return http.port();
  }

  int adminPort() {
    return admin.address().getPort();
  }

  /** Finishes the requests in hand, five seconds at most. */
  @Override
  public void close() {
    http.close();
    admin.close();
    metrics.close();
  }

  private static void register(Metrics metrics, ObjectFolder folder, ObjectHandler objects) {
    metrics.gauge("parley.objects.used.bytes", "What all objects take", folder::usedBytes);
    metrics.gauge("parley.objects.max.bytes", "What they may take", folder::bytesMax);
    metrics.counter(
        "parley.objects.received.bytes", "Contents received and kept", objects::receivedBytes);
    metrics.counter("parley.objects.sent.bytes", "Contents sent", objects::sentBytes);
    metrics.counter("parley.objects.refused", "Requests refused", objects::refusedCount);
  }

  private static @Nullable String reasonFull(ObjectFolder folder) {
    return folder.usedBytes() >= folder.bytesMax() ? "full" : null;
  }

  private static InetSocketAddress address(
      Settings settings, Setting<InetAddress> host, Setting<Integer> port) {
    return new InetSocketAddress(settings.value(host), settings.value(port));
  }
}
