package dev.parley.systemtests.show.library;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.common.s3.AccessKeyFile;
import dev.parley.session.object.directory.DirectoryStore;
import dev.parley.systemtests.show.session.HttpWire;
import dev.parley.systemtests.show.session.LoadProcess;
import dev.parley.testsupport.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * One session node with its facts in the embedded store on this machine's disk, and a directory
 * store; both are processes of their own. One thread.
 */
final class LibraryNode implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern STORE_READY = Pattern.compile("ready: http port (\\d+), admin");
  private static final Pattern NODE_READY =
      Pattern.compile("ready: http port (\\d+), control link port (\\d+), admin port (\\d+)");
  private static final String LOGGING = "-Dlogback.configurationFile=logback.xml";
  private static final byte[] CONTENT = "what is read by links".getBytes(StandardCharsets.UTF_8);

  /** The regions besides the primary that have a library, if the node has several stores. */
  static final List<String> LIBRARIES = List.of("asia", "eu");

  private static final int TOO_MANY = 429;
  private static final long PAUSE_MS = 200;

  private final Deque<AutoCloseable> ends = new ArrayDeque<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private final URI storeAddress;
  private final URI api;
  private final int adminPort;

  /** Starts both. */
  LibraryNode(Path folder) throws IOException {
    this(folder, List.of());
  }

  /**
   * Starts both.
   *
   * @param regions in which the node believes to have a store each, though all are one; empty for a
   *     single one
   */
  LibraryNode(Path folder, List<String> regions) throws IOException {
    this.folder = folder;
    try {
      Path key = folder.resolve("object-key");
      ServiceProcess store =
          start(
              "dev.parley.session.object.directory.DirectoryStore",
              List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", LOGGING),
              STORE_READY,
              List.of(
                  "--http-port=0",
                  "--admin-port=0",
                  "--data-dir=" + folder.resolve("objects"),
                  "--key-file=" + key));
      storeAddress = URI.create("http://127.0.0.1:" + store.said().group(1));
      List<String> settings =
          new ArrayList<>(
              List.of(
                  "--http-port=0",
                  "--link-port=0",
                  "--admin-port=0",
                  "--data-dir=" + folder.resolve("data")));
      settings.addAll(
          regions.isEmpty()
              ? List.of("--directory-store=" + storeAddress, "--directory-store-key=" + key)
              : List.of(
                  "--object-stores=" + stores(regions, key),
                  "--libraries=" + String.join(",", LIBRARIES)));
      ServiceProcess node =
          start(
              "dev.parley.session.SessionService",
              List.of("-XX:+UseZGC", "-Xmx768m", LOGGING),
              NODE_READY,
              settings);
      adminPort = Integer.parseInt(node.said().group(3));
      api = URI.create("http://127.0.0.1:" + node.said().group(1));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private Path stores(List<String> regions, Path key) throws IOException {
    StringBuilder text = new StringBuilder("stores:\n");
    for (String region : regions) {
      text.append(
          "  - {id: s-%s, kind: directory, region: %s, endpoint: '%s', key: 'file:%s'}\n"
              .formatted(region, region, storeAddress, key));
    }
    Path file = folder.resolve("stores.yaml");
    Files.writeString(file, text);
    return file;
  }

  URI api() {
    return api;
  }

  /** The first server key. */
  String key() throws IOException {
    return Files.readString(folder.resolve("data").resolve("server-key")).strip();
  }

  /** Server keys of new tenants, one for each. */
  List<String> keysOfTenants(int count) throws IOException, InterruptedException {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String wish =
          "{\"tenant\":\"tenant-%d\",\"scopes\":[\"conferences\",\"library\",\"admin\"]}"
              .formatted(i);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/admin/keys"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(wish))
              .build();
      HttpResponse<String> made = http.send(request, HttpResponse.BodyHandlers.ofString());
      keys.add(JSON.readTree(made.body()).path("key").asText());
    }
    return keys;
  }

  /** Where its store is, and what opens it. */
  SignedUrls.Place place() throws IOException {
    return new SignedUrls.Place(
        storeAddress,
        DirectoryStore.BUCKET,
        AccessKeyFile.read(folder.resolve("object-key")),
        DirectoryStore.REGION);
  }

  /** Uploads objects and returns their ids. */
  List<String> objects(int count) throws IOException, InterruptedException {
    List<String> ids = new ArrayList<>();
    String key = key();
    try (HttpWire wire = new HttpWire(api)) {
      for (int i = 0; i < count; i++) {
        String wish =
            "{\"name\":\"plan-%d.txt\",\"size\":%d,\"contentType\":\"text/plain\",\"sha256\":\"%s\","
                    .formatted(i, CONTENT.length, hash())
                + "\"tags\":{\"project\":\"p%d\"}}".formatted(i % 10);
        JsonNode registered = done(wire, HttpWire.Request.post("/v1/objects", key, wish));
        upload(registered.path("upload"));
        String id = registered.path("id").asText();
        JsonNode _ = done(wire, HttpWire.Request.post("/v1/objects/" + id + "/commit", key, "{}"));
        ids.add(id);
      }
    }
    return ids;
  }

  @Override
  public void close() {
    while (!ends.isEmpty()) {
      try {
        ends.pop().close();
      } catch (Exception e) {
        // What is left is closed all the same; processes end with this one at the latest.
        System.err.println("did not close: " + e);
      }
    }
    http.close();
  }

  private void upload(JsonNode upload) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(upload.path("url").asText()))
            .PUT(HttpRequest.BodyPublishers.ofByteArray(CONTENT));
    upload
        .path("headers")
        .properties()
        .forEach(header -> request.header(header.getKey(), header.getValue().asText()));
    int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IOException("the store answers an upload with " + status);
    }
  }

  private static JsonNode done(HttpWire wire, HttpWire.Request request)
      throws IOException, InterruptedException {
    HttpWire.Reply reply = wire.send(request);
    while (reply.status() == TOO_MANY) {
      // A tenant may register twenty a second.
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      reply = wire.send(request);
    }
    if (!reply.isSuccess()) {
      throw new IOException(request.path() + ": " + reply.status() + " " + reply.body());
    }
    return JSON.readTree(reply.body());
  }

  private static String hash() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(CONTENT));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  private ServiceProcess start(
      String mainClass, List<String> flags, Pattern ready, List<String> arguments)
      throws IOException {
    ServiceProcess process =
        ServiceProcess.start(
            new ServiceProcess.Program(mainClass, LoadProcess.classPath(), flags, ready),
            arguments);
    ends.push(process);
    return process;
  }
}
