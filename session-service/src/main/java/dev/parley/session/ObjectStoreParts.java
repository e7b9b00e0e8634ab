package dev.parley.session;

import dev.parley.common.config.Settings;
import dev.parley.common.config.SettingsException;
import dev.parley.common.s3.AccessKey;
import dev.parley.common.s3.AccessKeyFile;
import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.QuerySigner;
import dev.parley.session.object.ObjectStore;
import dev.parley.session.object.ObjectStores;
import dev.parley.session.object.StoreKind;
import dev.parley.session.object.StoreName;
import dev.parley.session.object.directory.DirectoryStore;
import dev.parley.session.object.s3.S3Store;
import dev.parley.session.object.s3.StoresFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the object stores that the settings name. One thread, once. */
final class ObjectStoreParts {
  /** A commit or an erasure waits for it. */
  private static final Duration CONNECT_TIME_MAX = Duration.ofSeconds(3);

  private final Settings settings;
  private final Clock clock;
  private final HttpClient http;

  ObjectStoreParts(Settings settings, Clock clock, HttpClient http) {
    this.settings = settings;
    this.clock = clock;
    this.http = http;
  }

  /** Returns what asks stores for sizes and has them remove; to be closed. */
  static HttpClient httpClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT_TIME_MAX)
        .build();
  }

  /**
   * Reads files and keys; asks no store.
   *
   * @throws SettingsException if a store is described wrongly or has no key
   * @throws IOException if a file cannot be read
   */
  ObjectStores stores() throws IOException {
    List<ObjectStore> stores = new ArrayList<>();
    Optional<URI> directory = settings.value(SessionSettings.DIRECTORY_STORE);
    if (directory.isPresent()) {
      stores.add(directoryStore(directory.get()));
    }
    Optional<Path> file = settings.value(SessionSettings.OBJECT_STORES);
    try {
      if (file.isPresent()) {
        for (StoresFile.Entry entry : StoresFile.read(file.get())) {
          stores.add(store(entry));
        }
      }
      return new ObjectStores(stores);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(List.of("object-stores: " + e.getMessage()));
    }
  }

  private S3Store directoryStore(URI address) throws IOException {
    AccessKey key = AccessKeyFile.readOrMake(settings.value(SessionSettings.DIRECTORY_STORE_KEY));
    String region = settings.value(SessionSettings.DIRECTORY_STORE_REGION);
    StoreName name = new StoreName("directory", StoreKind.DIRECTORY, region);
    QuerySigner signer =
        new QuerySigner(
            BucketAddress.of(address, DirectoryStore.BUCKET, true), key, DirectoryStore.REGION);
    return new S3Store(name, signer, signer, http, clock);
  }

  private S3Store store(StoresFile.Entry entry) {
    AccessKey key;
    try {
      key = entry.key(System.getenv());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the key of " + entry.name().id() + ": " + e.getMessage(), e);
    }
    StoresFile.Bucket bucket = entry.bucket();
    return new S3Store(
        entry.name(),
        signer(entry.endpoints().forClients(), bucket, key, entry.signingRegion()),
        signer(entry.endpoints().own(), bucket, key, entry.signingRegion()),
        http,
        clock);
  }

  private static QuerySigner signer(
      URI endpoint, StoresFile.Bucket bucket, AccessKey key, String region) {
    return new QuerySigner(
        BucketAddress.of(endpoint, bucket.name(), bucket.isPathStyle()), key, region);
  }
}
