package dev.parley.systemtests.show.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.benchmarks.client.ClientLoop;
import dev.parley.benchmarks.client.SessionApi;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import dev.parley.systemtests.nodes.NodeApi;
import dev.parley.systemtests.show.session.LoadProcess;
import dev.parley.testsupport.RedisServer;
import dev.parley.testsupport.ServiceProcess;
import dev.parley.testsupport.s3.S3ProxyStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A session node with its facts in a folder, S3Proxy as its object store, and one media server that
 * may be killed and started again; all are processes of their own. The clients are in this one. One
 * thread.
 */
final class Studio implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern NODE_READY =
      Pattern.compile("ready: http port (\\d+), control link port (\\d+), admin port (\\d+)");
  private static final Pattern MEDIA_READY = Pattern.compile("admin on .*:(\\d+)");
  private static final String LOGGING = "-Dlogback.configurationFile=logback.xml";

  /** Of {@code ./parley up}. */
  private static final List<String> MEDIA_JVM =
      List.of(
          "-XX:+UseZGC",
          "-XX:-ZProactive",
          "-XX:+UseCompactObjectHeaders",
          "-Xms384m",
          "-XX:SoftMaxHeapSize=384m",
          "-Xmx1g",
          "-Dio.netty.leakDetection.level=disabled",
          LOGGING);

  private static final Duration ASKING = Duration.ofSeconds(4);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MEDIA_THREADS = 2;
  private static final int TOO_MANY = 429;
  private static final long PAUSE_MS = 200;
  private static final String STORE = "s3proxy";

  private final Deque<AutoCloseable> ends = new ArrayDeque<>();
  private final Map<String, String> keys = new HashMap<>();
  private final Path folder;
  private final int linkPort;
  private final int adminPort;
  private final NodeApi api;
  private final SessionApi people;
  private final ClientLoop loop;
  private final DtlsClient dtls;
  private @Nullable ServiceProcess media;
  private boolean isKeyed;

  /** Starts all of it, and waits until the media server is linked. */
  Studio(Path folder) throws IOException {
    this.folder = folder;
    try {
      S3ProxyStore store =
          closing(S3ProxyStore.start(Files.createDirectories(folder.resolve("objects"))));
      ServiceProcess node =
          closing(
              start(
                  "dev.parley.session.SessionService",
                  List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m", LOGGING),
                  NODE_READY,
                  List.of(
                      "--http-port=0",
                      "--link-port=0",
                      "--admin-port=0",
                      "--data-dir=" + folder.resolve("data"),
                      "--object-stores=" + stores(store))));
      URI address = URI.create("http://127.0.0.1:" + node.said().group(1));
      linkPort = Integer.parseInt(node.said().group(2));
      adminPort = Integer.parseInt(node.said().group(3));
      api = closing(new NodeApi(address));
      people = closing(new SessionApi(address));
      loop = closing(new ClientLoop("recorded"));
      SecureRandom random = new SecureRandom();
      dtls =
          new DtlsClient(
              DtlsIdentity.selfSigned(Instant.now(), random),
              DtlsLimits.ofProcessors(1),
              random,
              System::nanoTime);
      startMedia();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Starts the media server's process, with the spool that the one before left. */
  void startMedia() throws IOException {
    String keys = isKeyed ? storeKeys().toString() : "";
    ServiceProcess started =
        start(
            "dev.parley.media.MediaServer",
            MEDIA_JVM,
            MEDIA_READY,
            List.of(
                "--server-id=ms-1",
                "--control-urls=ws://127.0.0.1:" + linkPort + "/control",
                "--bind-addresses=127.0.0.1",
                "--udp-port=0",
                "--admin-port=0",
                "--probe-port=0",
                "--media-threads=" + MEDIA_THREADS,
                "--recordings-directory=" + folder.resolve("spool"),
                "--recordings-store-keys=" + keys));
    media = started;
    RedisServer.await(
        "the media server is linked", () -> metric(adminPort, "parley_media_servers") == 1);
  }

  /** From its next start on the media server has the store's key, or has it no more. */
  void giveStoreKey(boolean isGiven) {
    isKeyed = isGiven;
  }

  /** How many requests to the store the node has signed for media servers. */
  double signedForMedia() {
    return metric(adminPort, "parley_library_uploads_signed_total");
  }

  private Path storeKeys() throws IOException {
    return Files.writeString(
        folder.resolve("store-keys"),
        STORE + " " + S3ProxyStore.KEY_ID + ":" + S3ProxyStore.SECRET + "\n");
  }

  /** The file of the node's object stores. */
  private Path stores(S3ProxyStore store) throws IOException {
    Path key = folder.resolve("s3-key");
    Files.writeString(key, S3ProxyStore.KEY_ID + ":" + S3ProxyStore.SECRET);
    Path file = folder.resolve("stores.yaml");
    Files.writeString(
        file,
        """
        stores:
          - {id: %s, region: local, signingRegion: %s, endpoint: '%s', bucket: %s, key: 'file:%s'}
        """
            .formatted(STORE, S3ProxyStore.REGION, store.endpoint(), S3ProxyStore.BUCKET, key));
    return file;
  }

  ServiceProcess media() {
    return Objects.requireNonNull(media);
  }

  NodeApi api() {
    return api;
  }

  SessionApi people() {
    return people;
  }

  ClientLoop loop() {
    return loop;
  }

  DtlsClient dtls() {
    return dtls;
  }

  /** A key of a tenant; quotas are each tenant's own. */
  String key(String tenant) throws IOException, InterruptedException {
    String known = keys.get(tenant);
    if (known != null) {
      return known;
    }
    String wish =
        "{\"tenant\":\"%s\",\"scopes\":[\"conferences\",\"moderation\",\"library\"]}"
            .formatted(tenant);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/admin/keys"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(wish))
            .timeout(ASKING)
            .build();
    HttpResponse<String> made = api.http().send(request, HttpResponse.BodyHandlers.ofString());
    if (made.statusCode() / 100 != 2) {
      throw new IOException("no key: " + made.statusCode() + " " + made.body());
    }
    String key = JSON.readTree(made.body()).path("key").asText();
    keys.put(tenant, key);
    return key;
  }

  /** Asks until it is done, for as long as a quota is in the way. */
  JsonNode post(String path, String key, String body) throws IOException, InterruptedException {
    NodeApi.Reply reply = send("POST", path, key, body);
    while (reply.status() == TOO_MANY) {
      Thread.sleep(PAUSE_MS);
      reply = send("POST", path, key, body);
    }
    return body(path, reply);
  }

  JsonNode patch(String path, String key, String body) throws IOException, InterruptedException {
    return body(path, send("PATCH", path, key, body));
  }

  JsonNode get(String path, String key) throws IOException, InterruptedException {
    return body(path, api.send(api.request(path, key).timeout(PATIENCE).GET()));
  }

  /** An answer may take its time where much else runs; how long it takes is not measured here. */
  private NodeApi.Reply send(String method, String path, String key, String body)
      throws InterruptedException {
    return api.send(
        api.request(path, key)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  /** A metric of the media server; not-a-number if it does not answer. */
  double mediaMetric(String name) {
    return metric(Integer.parseInt(media().said().group(1)), name);
  }

  /** What the media server has used of the processors, as the kernel accounts it. */
  Duration mediaProcessorTime() throws IOException {
    return media()
        .handle()
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new IOException("the system does not tell processor times"));
  }

  @Override
  public void close() {
    ServiceProcess last = media;
    if (last != null) {
      last.close();
    }
    while (!ends.isEmpty()) {
      try {
        ends.pop().close();
      } catch (Exception e) {
        // What is left is closed all the same; processes end with this one at the latest.
        System.err.println("did not close: " + e);
      }
    }
  }

  private double metric(int port, String name) {
    URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
    try {
      String text =
          api.http()
              .send(
                  HttpRequest.newBuilder(uri).timeout(ASKING).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      return text.lines()
          .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .reduce(Double::sum)
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Double.NaN;
    }
  }

  private static JsonNode body(String path, NodeApi.Reply reply) throws IOException {
    if (!reply.isOk()) {
      throw new IOException(path + ": " + reply.status() + " " + reply.body());
    }
    return reply.body();
  }

  private static ServiceProcess start(
      String mainClass, List<String> flags, Pattern ready, List<String> arguments)
      throws IOException {
    return ServiceProcess.start(
        new ServiceProcess.Program(mainClass, LoadProcess.classPath(), flags, ready), arguments);
  }

  private <T extends AutoCloseable> T closing(T part) {
    ends.push(part);
    return part;
  }
}
