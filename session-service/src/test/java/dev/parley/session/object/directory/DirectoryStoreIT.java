package dev.parley.session.object.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.config.Settings;
import dev.parley.common.config.SettingsReader;
import dev.parley.common.s3.AccessKey;
import dev.parley.common.s3.AccessKeyFile;
import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.QuerySigner;
import dev.parley.common.s3.UrlRequest;
import dev.parley.session.harness.MovableClock;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory store by its own door: signed URLs, and nothing else. */
final class DirectoryStoreIT {
  private static final String TYPE = "text/plain";
  private static final int MAX_BYTES = 1 << 20;

  @TempDir Path folder;

  private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T05:00:00Z"));
  private final HttpClient http = HttpClient.newHttpClient();
  private DirectoryStore store;
  private QuerySigner signer;

  @BeforeEach
  void start() throws IOException {
    restart();
  }

  @AfterEach
  void stop() {
    store.close();
    http.close();
  }

  @Test
  void whatWasWrittenIsReadInWholeAndInParts() throws Exception {
    byte[] content = "Hello, Library!".getBytes(UTF_8);
    assertThat(put("ob_1/a.txt", content).statusCode()).isEqualTo(200);

    HttpResponse<String> whole = get("ob_1/a.txt", Map.of());
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo("Hello, Library!");
    assertThat(whole.headers().firstValue("content-type")).contains(TYPE);
    assertThat(whole.headers().firstValue("content-length")).contains("15");
    assertThat(whole.headers().firstValue(UrlRequest.SHA256)).contains(hash(content));
    assertThat(whole.headers().firstValue("content-security-policy"))
        .hasValueSatisfying(policy -> assertThat(policy).contains("sandbox"));

    HttpResponse<String> part = get("ob_1/a.txt", Map.of("Range", "bytes=7-13"));
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("Library");
    assertThat(part.headers().firstValue("content-range")).contains("bytes 7-13/15");

    HttpResponse<String> beyond = get("ob_1/a.txt", Map.of("Range", "bytes=15-"));
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(beyond.headers().firstValue("content-range")).contains("bytes */15");

    String tag = whole.headers().firstValue("etag").orElseThrow();
    assertThat(get("ob_1/a.txt", Map.of("If-None-Match", tag)).statusCode()).isEqualTo(304);
    assertThat(get("ob_1/a.txt", Map.of("Range", "bytes=0-1", "If-Range", "\"x\"")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aHeadTellsSizeAndHashWithoutContent() throws Exception {
    byte[] content = "four".getBytes(UTF_8);
    put("k", content);

    HttpResponse<String> head =
        send("HEAD", UrlRequest.head("k"), BodyPublishers.noBody(), CHECKSUM_WANTED);

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("content-length")).contains("4");
    assertThat(head.headers().firstValue(UrlRequest.SHA256)).contains(hash(content));
    assertThat(head.body()).isEmpty();
    assertThat(
            send("HEAD", UrlRequest.head("none"), BodyPublishers.noBody(), CHECKSUM_WANTED)
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void aWrongHashIsRefusedAndNothingKept() throws Exception {
    byte[] content = "what was not announced".getBytes(UTF_8);
    UrlRequest put = UrlRequest.put("k", content.length, TYPE, hash("other".getBytes(UTF_8)));

    HttpResponse<String> answer =
        send("PUT", put, BodyPublishers.ofByteArray(content), headers(put));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("<Code>BadDigest</Code>");
    assertThat(get("k", Map.of()).statusCode()).isEqualTo(404);
    assertThat(filesBelow("unfinished")).isEmpty();
  }

  @Test
  void aUrlIsGoodForItsTimeItsMethodAndItsObject() throws Exception {
    put("k", "x".getBytes(UTF_8));
    String url = signer.sign(UrlRequest.get("k", null, null), nowSec(), 60);

    assertThat(status("GET", url)).isEqualTo(200);
    assertThat(status("DELETE", url)).isEqualTo(403);
    assertThat(status("GET", url.replace("/k?", "/l?"))).isEqualTo(403);
    assertThat(status("GET", url.replace("Expires=60", "Expires=600"))).isEqualTo(403);
    assertThat(status("GET", url.substring(0, url.indexOf('?')))).isEqualTo(403);
    QuerySigner foreign = signer(new AccessKey("AKIDFOREIGN", "some-other-secret"));
    assertThat(status("GET", foreign.sign(UrlRequest.get("k", null, null), nowSec(), 60)))
        .isEqualTo(403);
    clock.advance(Duration.ofSeconds(61));
    assertThat(status("GET", url)).isEqualTo(403);
  }

  @Test
  void removedIsGoneAndCanBeRemovedAgain() throws Exception {
    put("k", "x".getBytes(UTF_8));
    String delete = signer.sign(UrlRequest.delete("k"), nowSec(), 60);

    assertThat(status("DELETE", delete)).isEqualTo(204);
    assertThat(status("DELETE", delete)).isEqualTo(204);
    assertThat(get("k", Map.of()).statusCode()).isEqualTo(404);
    assertThat(filesBelow("objects")).isEmpty();
  }

  @Test
  void objectsOutliveARestartAndTheRestOfAnUploadDoesNot() throws Exception {
    put("k", "kept".getBytes(UTF_8));
    Files.writeString(folder.resolve("data/unfinished/left"), "half");
    store.close();

    restart();

    assertThat(get("k", Map.of()).body()).isEqualTo("kept");
    assertThat(filesBelow("unfinished")).isEmpty();
  }

  @Test
  void theFolderIsBounded() throws Exception {
    byte[] large = new byte[400_000];
    new Random(5).nextBytes(large);

    assertThat(put("a", large).statusCode()).isEqualTo(200);
    assertThat(put("b", large).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = put("c", large);
    assertThat(refused.statusCode()).isEqualTo(507);
    assertThat(refused.body()).contains("InsufficientStorage");
    send("DELETE", UrlRequest.delete("a"), BodyPublishers.noBody(), Map.of());
    assertThat(put("c", large).statusCode()).isEqualTo(200);
  }

  @Test
  void namesThatLeadOutOfTheFolderLeadNowhere() throws Exception {
    Path secret = folder.resolve("secret");
    Files.writeString(secret, "secret");

    for (String key :
        List.of("../secret", "../../secret", "a/../../secret", "..", "%2e%2e/secret")) {
      String url = signer.sign(UrlRequest.get(key, null, null), nowSec(), 60);
      assertThat(rawStatus(url)).as(key).isIn(400, 403, 404);
    }
    assertThat(put("../secret", "x".getBytes(UTF_8)).statusCode()).isIn(200, 400);
    assertThat(secret).hasContent("secret");
  }

  @Test
  void anUploadThatBreaksOffLeavesNothing() throws Exception {
    UrlRequest put = UrlRequest.put("k", 1000, TYPE, hash(new byte[1000]));
    URI url = URI.create(signer.sign(put, nowSec(), 60));

    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), store.httpPort())) {
      OutputStream to = socket.getOutputStream();
      StringBuilder head = new StringBuilder("PUT " + url.getRawPath() + "?" + url.getRawQuery());
      head.append(" HTTP/1.1\r\nHost: ").append(url.getAuthority()).append("\r\n");
      headers(put)
          .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      head.append("Content-Length: 1000\r\n\r\nonly this");
      to.write(head.toString().getBytes(UTF_8));
      to.flush();
      socket.shutdownOutput();
      // Answered or cut off: either way the store is done with it.
      socket.getInputStream().readAllBytes();
    }

    assertThat(get("k", Map.of()).statusCode()).isEqualTo(404);
    assertThat(filesBelow("unfinished")).isEmpty();
  }

  @Test
  void pagesOfTheGivenOriginMayUseIt() throws Exception {
    put("k", "x".getBytes(UTF_8));
    String url = signer.sign(UrlRequest.get("k", null, null), nowSec(), 60);

    HttpResponse<String> preflight =
        http.send(
            HttpRequest.newBuilder(URI.create(url))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "https://talk.example.com")
                .header("Access-Control-Request-Method", "PUT")
                .build(),
            BodyHandlers.ofString());
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("access-control-allow-origin"))
        .contains("https://talk.example.com");
    assertThat(preflight.headers().firstValue("access-control-allow-headers"))
        .hasValueSatisfying(names -> assertThat(names).contains(UrlRequest.SHA256));
    assertThat(
            get("k", Map.of("Origin", "https://elsewhere.example"))
                .headers()
                .firstValue("access-control-allow-origin"))
        .isEmpty();
  }

  @Test
  void itTellsHowFullItIs() throws Exception {
    put("k", new byte[1000]);

    HttpResponse<String> metrics =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + store.adminPort() + "/metrics"))
                .build(),
            BodyHandlers.ofString());

    assertThat(metrics.body())
        .contains("parley_objects_received_bytes_total 1000")
        .contains("parley_objects_used_bytes " + (1000 + StoredObject.HEAD_BYTES));
  }

  private static final Map<String, String> CHECKSUM_WANTED =
      Map.of("x-amz-checksum-mode", "ENABLED");

  private void restart() throws IOException {
    Settings settings =
        new SettingsReader(DirectorySettings.ALL)
            .read(
                List.of(
                    "--http-port=0",
                    "--admin-port=0",
                    "--data-dir=" + folder.resolve("data"),
                    "--key-file=" + folder.resolve("key"),
                    "--bytes-max=" + MAX_BYTES,
                    "--origins=https://talk.example.com"),
                Map.of());
    store = DirectoryStore.start(settings, clock);
    signer = signer(AccessKeyFile.read(folder.resolve("key")));
  }

  private QuerySigner signer(AccessKey key) {
    URI endpoint = URI.create("http://127.0.0.1:" + store.httpPort());
    return new QuerySigner(BucketAddress.of(endpoint, "parley", true), key, DirectoryStore.REGION);
  }

  private HttpResponse<String> put(String key, byte[] content) throws Exception {
    UrlRequest put = UrlRequest.put(key, content.length, TYPE, hash(content));
    return send("PUT", put, BodyPublishers.ofByteArray(content), headers(put));
  }

  private HttpResponse<String> get(String key, Map<String, String> headers) throws Exception {
    return send("GET", UrlRequest.get(key, null, null), BodyPublishers.noBody(), headers);
  }

  private HttpResponse<String> send(
      String method, UrlRequest request, BodyPublisher body, Map<String, String> headers)
      throws Exception {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(signer.sign(request, nowSec(), 60))).method(method, body);
    headers.forEach(builder::header);
    return http.send(builder.build(), BodyHandlers.ofString());
  }

  private int status(String method, String url) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.noBody()).build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  /** Sends the path as it is, which the JDK's client would do only for paths it finds proper. */
  private int rawStatus(String url) throws IOException {
    URI uri = URI.create(url);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), store.httpPort())) {
      String head =
          "GET "
              + url.substring(url.indexOf('/', 8))
              + " HTTP/1.1\r\nHost: "
              + uri.getAuthority()
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).doesNotContain("secret\n").doesNotEndWith("secret");
      return Integer.parseInt(answer.substring(9, 12));
    }
  }

  /** All signed headers but the length, which clients write themselves. */
  private static Map<String, String> headers(UrlRequest request) {
    Map<String, String> headers = new HashMap<>();
    for (UrlRequest.Field header : request.headers()) {
      if (!header.name().equals("content-length")) {
        headers.put(header.name(), header.value());
      }
    }
    return headers;
  }

  private List<Path> filesBelow(String name) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder.resolve("data").resolve(name))) {
      files.filter(Files::isRegularFile).forEach(found::add);
    }
    return found;
  }

  private long nowSec() {
    return clock.instant().getEpochSecond();
  }

  private static String hash(byte[] content) throws Exception {
    return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
  }
}
